"""`flask doctor`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.admin.queries.health import Grade, findings
from portal.db import reading


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look at this set-up and say what is wrong, in words (exit 1 if anything is)."""
    with reading():
        found = list(findings(current_app.config))
    for one in found:
        click.echo(f"{one.grade:<6}{one.what}: {one.words}")
    wrong = sum(one.grade == Grade.WRONG for one in found)
    if wrong:
        raise click.ClickException(f"{wrong} of {len(found)} are wrong.")
