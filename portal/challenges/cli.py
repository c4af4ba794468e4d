"""`flask challenges …`."""

from collections import Counter
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.accounts.models import SYSTEM
from portal.challenges import queries, services
from portal.challenges.forms.importing import FileRefused, ImportCodes, read
from portal.challenges.services import Line
from portal.db import db
from portal.errors import Invalid
from portal.reference.queries import PlaceNames, former_labels

group = AppGroup("challenges", help="Needs of ICSs, HINs and the nation.")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MAX_SHOWN_PROBLEMS = 50


@group.command("import")
@click.argument("file", type=FILE)
def import_file(file: Path) -> None:
    """Import challenges from a CSV or JSONL FILE (docs/importing.md): all of it or nothing."""
    known = ImportCodes(
        queries.stating_organisations(), PlaceNames(), queries.offered_terms(), former_labels()
    )
    try:
        lines = read(file, known)
        counts = _bring_in(lines)
    except FileRefused as refused:
        db.session.rollback()
        _refuse(refused.problems)
    db.session.commit()
    for line in lines:
        if line.note:
            click.echo(f"line {line.number}: organisation: {line.note}")
    click.echo(
        f"{counts['added']} added, {counts['changed']} changed, {counts['same']} as they were."
    )


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


def _refuse(problems: list[str]) -> None:
    for problem in problems[:MAX_SHOWN_PROBLEMS]:
        click.echo(problem, err=True)
    more = len(problems) - MAX_SHOWN_PROBLEMS
    if more > 0:
        click.echo(f"and {more} more", err=True)
    raise click.ClickException("Nothing was imported.")
