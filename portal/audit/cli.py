"""`flask audit …`."""

from typing import TextIO

import click
from flask import current_app
from flask.cli import AppGroup

from portal.audit.queries.seals import verify
from portal.db import db, reading
from portal.jobs import enqueue, run_waiting

group = AppGroup("audit", help="The audit trail and its seals.")


@group.command("seal")
def seal() -> None:
    """Seal what was written since the last seal, now."""
    enqueue("audit.seal", key="audit.seal")
    db.session.commit()
    run_waiting()
    click.echo("Sealed.")


@group.command("verify")
@click.option("--log", type=click.File("r"), help="A log with checkpoints: shows a tail cut off.")
def verify_trail(log: TextIO | None) -> None:
    """Hold the trail against its seals: says "agree", or the first row that does not (exit 1)."""
    lines = list(log) if log else []
    with reading():
        found = verify(key=current_app.config["AUDIT_KEY"], log=lines)
    if found.problem:
        raise click.ClickException(f"The audit trail does not agree: {found.problem}.")
    click.echo(
        f"agree: {found.sealed} events under {found.seals} seals, {found.waiting} wait for the"
        f" next; the words of {found.erased} were rewritten when a person was erased"
    )
