"""`flask export …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from portal.db import db
from portal.errors import Conflict, Invalid
from portal.exports.serialise.open_data import contents
from portal.exports.serialise.whole import head_migration, write_whole
from portal.exports.services import loading, publishing

group = AppGroup("export", help="Everything out, and in again.")


@group.command("write")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def write(file: Path) -> None:
    """Write everything into FILE, a zip: tables, files, and what they mean."""
    with click.progressbar(length=1, label="Writing tables") as bar:

        def tell(done: int, total: int | None = None, message: str = "") -> None:
            bar.length = total
            bar.update(done - bar.pos)

        counts = write_whole(file, tell)
    click.echo(f"{counts.rows:,} rows and {counts.files:,} files in {file}.")
    for one in counts.gone:
        click.echo(f"This file is kept no more: {one}", err=True)


@group.command("load")
@click.argument("path", metavar="FILE|DIR", type=click.Path(exists=True, path_type=Path))
def load(path: Path) -> None:
    """Load an export, zipped or unpacked, into an empty portal of the same version."""
    try:
        with click.progressbar(length=1, label="Loading tables") as bar:

            def tell(done: int, total: int, what: str) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            source = loading.source_at(path)
            count = loading.load(source=source, migration=head_migration(), told=tell)
            db.session.commit()
    except (Conflict, Invalid) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{count:,} rows. Run a worker, or “flask search rebuild”, to make the index.")
    click.echo("People have no passwords: they choose one by “Forgotten your password?”.")


@group.command("open-data")
def open_data() -> None:
    """Make the files of the open data now."""
    changed = publishing.publish(contents())
    db.session.commit()
    click.echo(f"{changed} files changed.")
