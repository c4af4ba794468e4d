"""`flask innovations …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.accounts.models import SYSTEM
from portal.db import db
from portal.innovations.queries.places import organisation_named
from portal.innovations.serialise.importing import Codes, checked, read
from portal.innovations.services.importing import Incoming, bring_in
from portal.notifications.outbox import without_emails
from portal.web.csv_files import FileWrong

group = AppGroup("innovations", help="Innovation records.")

MAX_SHOWN_ERRORS = 50


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--for",
    "importer",
    help="The organisation whose keys the file uses, by name or the code of its HIN or ICS; "
    "without it they are the portal's own.",
)
def import_file(file: Path, importer: str | None) -> None:
    """Bring in the records of FILE (.csv or .jsonl): all of them, or none when one is wrong."""
    importer_id = _importer(importer)
    rows, errors = _checked(file)
    _stop_on(errors)
    for row in rows:
        for words in row.notes:
            click.echo(f"line {row.line}: {words}")
    bar = click.progressbar(length=len(rows), label="Importing innovations")
    with bar, without_emails():
        outcome = bring_in(
            rows=rows, by=SYSTEM, importer_id=importer_id, tell=lambda _done: bar.update(1)
        )
    _stop_on(outcome.errors)
    db.session.commit()
    click.echo(
        f"{outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged."
    )


def _importer(name: str | None) -> int | None:
    if name is None:
        return None
    found = organisation_named(name)
    if found is None:
        raise click.ClickException(f"There is no organisation “{name}”.")
    return found.id


def _checked(file: Path) -> tuple[list[Incoming], list[tuple[int, str]]]:
    book = Codes()
    rows: list[Incoming] = []
    errors: list[tuple[int, str]] = []
    try:
        for line, cells in read(file):
            row, wrong = checked(line, cells, book)
            errors += [(line, message) for message in wrong]
            rows += [row] if row else []
    except FileWrong as error:
        raise click.ClickException(str(error)) from error
    return rows, errors


def _stop_on(errors: list[tuple[int, str]]) -> None:
    if not errors:
        return
    db.session.rollback()
    for line, message in sorted(errors)[:MAX_SHOWN_ERRORS]:
        click.echo(f"line {line}: {message}", err=True)
    if len(errors) > MAX_SHOWN_ERRORS:
        click.echo(f"… and {len(errors) - MAX_SHOWN_ERRORS} more", err=True)
    raise click.ClickException("Nothing was imported: mend the file and try again.")
