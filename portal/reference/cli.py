"""`flask reference …`."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import today
from portal.db import db
from portal.errors import PortalError
from portal.job_rows import Turns
from portal.reference import outbox, services
from portal.reference.rules.ods import BY_NAME, RANK, report_of
from portal.reference.serialise import rows_of
from portal.reference.services import ods
from portal.reference.services.ods_file import LoadResult, OdsFile
from portal.reference.services.postcodes import make_postcode_file, names_of

group = AppGroup("reference", help="Places, networks and vocabularies.")
BYTES_A_ROW = 250
"""About so long is a row of the Postcode Directory."""
FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


@group.command("load")
def load() -> None:
    """Bring the tables in line with the files, in one transaction."""
    report = services.load()
    told: list[str] = []
    outbox.loaded.send(told=told)
    db.session.commit()
    for line in (*report.lines(), *told):
        click.echo(line)
    click.echo("The reference data are up to date.")


@group.command("import-ods")
@FILES
@click.option("--report", type=click.Choice(sorted(BY_NAME)), help="Which report all files are.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose state they tell; today unless told.",
)
@click.option("--changes", is_flag=True, help="They hold only what changed lately.")
@click.option("--smaller", is_flag=True, help="Fewer rows than last time are right.")
def import_ods(
    files: tuple[Path, ...], report: str | None, on: datetime | None, changes: bool, smaller: bool
) -> None:
    """Read places from FILES of ODS Data Search and Export, each called after its report.

    Who runs or commissions a place is read before it, in whatever order the files are named. A
    file that does not fit is refused as a whole, and the next one is read.
    """
    found = [_ods_file(path, report, on, is_part=changes, may_shrink=smaller) for path in files]
    refused = 0
    for file in sorted(found, key=lambda one: RANK[one.report.name]):
        try:
            _import(file)
        except PortalError as refusal:
            db.session.rollback()
            refused += 1
            click.echo(str(refusal), err=True)
    if refused:
        raise click.ClickException(f"{refused} of {len(found)} files were refused.")


@group.command("import-postcodes")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--names",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of names and codes of ICBs that lies beside the postcodes, for codes of ONS.",
)
@click.option("--smaller", is_flag=True, help="Far fewer postcodes than last time are right.")
def import_postcodes(file: Path, names: Path | None, smaller: bool) -> None:
    """Let the ICS of a postcode be that of FILE, a CSV file of the ONS Postcode Directory."""
    known = names_of(rows_of(names)) if names else {}
    path = Path(current_app.config["POSTCODES"])
    try:
        with click.progressbar(length=file.stat().st_size, label="Reading postcodes") as bar:
            count, unknown = make_postcode_file(
                path,
                rows_of(file),
                known,
                may_shrink=smaller,
                tell=lambda done: bar.update(done * BYTES_A_ROW - bar.pos),
            )
    except PortalError as refusal:
        raise click.ClickException(f"{refusal}. Nothing was changed.") from refusal
    click.echo(f"The ICS of {count:,} postcodes is known.")
    for code, rows in unknown.most_common():
        click.echo(f"  {rows:,} lie in {code}, which the portal does not know: left out")


def _ods_file(
    path: Path, name: str | None, on: datetime | None, *, is_part: bool, may_shrink: bool
) -> OdsFile:
    report = BY_NAME[name] if name else report_of(path.name)
    if report is None:
        raise click.ClickException(
            f"{path.name}: call the file after its report, or say --report. Reports that are "
            f"read: {', '.join(BY_NAME)}."
        )
    day = on.date() if on else today()
    if day > today():
        raise click.ClickException("The day of a file cannot lie ahead.")
    return OdsFile(
        report, partial(rows_of, path, report.layout.columns), path.name, day, is_part, may_shrink
    )


def _import(file: OdsFile) -> None:
    rows = ods.check(file)
    db.session.rollback()  # nothing was written: the lock is free while the file is read again
    told, turns = LoadResult(), Turns()
    with click.progressbar(length=rows, label=f"{file.report.name}: {file.report.about}") as bar:
        for done in ods.read(file, told):
            db.session.commit()
            bar.update(done - bar.pos)
            if turns.is_over:
                turns.rest()
    click.echo(f"{file.name}: {rows:,} rows.")
    for line in told.lines():
        click.echo(line)
