"""`flask innovations import` and `flask challenges import`: a file, all of it or nothing."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from portal.accounts.models import SYSTEM
from portal.challenges import queries as challenges
from portal.challenges import services
from portal.challenges.services import Line
from portal.db import db
from portal.errors import Invalid
from portal.imports.serialise.challenges import FileRefused, ImportCodes
from portal.imports.serialise.challenges import read as read_challenges
from portal.imports.serialise.innovations import Codes, checked, read
from portal.imports.services.innovations import Incoming, bring_in
from portal.innovations.queries.places import organisation_named
from portal.notifications.outbox import without_emails
from portal.reference.queries import PlaceNames, former_labels
from portal.web.csv_files import FileWrong

innovations_group = AppGroup("innovations", help="Innovation records.")
challenges_group = AppGroup("challenges", help="Needs of ICSs, HINs and the nation.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
dry_run = click.option(
    "--dry-run", "is_dry", is_flag=True, help="Say what would be done, and do nothing."
)

MAX_SHOWN = 50
NOTHING = "Nothing was imported"


@innovations_group.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--for",
    "importer",
    help="The organisation whose keys the file uses, by name or the code of its HIN or ICS; "
    "without it they are the portal's own.",
)
@dry_run
def import_innovations(file: Path, importer: str | None, is_dry: bool) -> None:
    """Bring in the records of FILE (.csv or .jsonl): all of them, or none when one is wrong."""
    importer_id = _importer(importer)
    rows, errors = _checked(file)
    _stop_on(errors)
    _say_notes([(row.line, note) for row in rows for note in row.notes])
    bar = click.progressbar(length=len(rows), label="Importing innovations")
    with bar, without_emails():
        outcome = bring_in(
            rows=rows, by=SYSTEM, importer_id=importer_id, tell=lambda _done: bar.update(1)
        )
    _stop_on(outcome.errors)
    _end(is_dry)
    click.echo(
        f"{outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged."
    )


@challenges_group.command("import")
@click.argument("file", type=FILE)
@dry_run
def import_challenges(file: Path, is_dry: bool) -> None:
    """Import challenges from a CSV or JSONL FILE (docs/importing.md): all of it or nothing."""
    known = ImportCodes(
        challenges.stating_organisations(),
        PlaceNames(),
        challenges.offered_terms(),
        former_labels(),
    )
    try:
        lines = read_challenges(file, known)
        counts = _bring_in(lines)
    except FileRefused as refused:
        _refuse(refused.problems, f"{NOTHING}.")
    _end(is_dry)
    _say_notes([(line.number, f"organisation: {line.note}") for line in lines if line.note])
    click.echo(
        f"{counts['added']} added, {counts['changed']} changed, {counts['same']} as they were."
    )


def _end(is_dry: bool) -> None:
    """Keep what was done, or take it back and say that it was only tried."""
    if not is_dry:
        db.session.commit()
        return
    db.session.rollback()
    click.echo("Only tried, nothing was kept:")


def _say_notes(notes: Sequence[tuple[int, str]]) -> None:
    for line, words in notes:
        click.echo(f"line {line}: {words}")


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
    if errors:
        problems = [f"line {line}: {message}" for line, message in sorted(errors)]
        _refuse(problems, f"{NOTHING}: mend the file and try again.")


def _bring_in(lines: list[Line]) -> Counter[str]:
    counts: Counter[str] = Counter()
    problems: list[str] = []
    for line in lines:
        try:
            counts[services.bring_in(line=line, by=SYSTEM)] += 1
        except Invalid as wrong:
            column = f"{wrong.field}: " if wrong.field else ""
            problems.append(f"line {line.number}: {column}{wrong}")
    if problems:
        raise FileRefused(problems)
    return counts


def _refuse(problems: Sequence[str], words: str) -> NoReturn:
    db.session.rollback()
    for problem in problems[:MAX_SHOWN]:
        click.echo(problem, err=True)
    if len(problems) > MAX_SHOWN:
        click.echo(f"… and {len(problems) - MAX_SHOWN} more", err=True)
    raise click.ClickException(words)
