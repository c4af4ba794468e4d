"""`flask backup …`, `flask restore DIR` and `flask copy-sqlite FILE`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from portal import sqlite
from portal.backups import rules
from portal.backups.services import making, moving, restoring
from portal.backups.services.tools import is_here
from portal.db import db, migrations, upgrade
from portal.errors import Conflict, Invalid


class _MakesUnlessNamed(AppGroup):
    """`flask backup DIR` makes one: what is no command is the folder of a new backup."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take the first word for a folder unless it is a command."""
        named = args if args[0] in self.commands else ["make", *args]
        return super().resolve_command(ctx, named)


group = _MakesUnlessNamed("backup", help="A backup of everything into a new folder: backup DIR.")
FOLDER = click.Path(file_okay=False, path_type=Path)
THERE = click.Path(file_okay=False, exists=True, path_type=Path)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (Conflict, Invalid) as refused:
        raise click.ClickException(str(refused)) from refused


@group.command("make")
@click.argument("folder", metavar="DIR", type=FOLDER)
def make(folder: Path) -> None:
    """Write database, files and checksums into DIR, a new folder, while the portal is in use."""
    with _refusals():
        made = making.make(folder=folder, engine=db.engine, settings=current_app.config)
    click.echo(_described(made, f"{folder} holds"))
    if not made.sealed_by:
        click.echo("It is not encrypted: whoever reads it reads everything (see BACKUP_KEY).")


@group.command("verify")
@click.argument("folder", metavar="DIR", type=THERE)
def verify(folder: Path) -> None:
    """Hold every part of a backup against its checksum, and read all of it (exit 1 if damaged)."""
    config = current_app.config
    with _refusals():
        manifest = restoring.whole_manifest(folder)
        if missing := _cannot_open(manifest):
            click.echo(f"The checksums agree. Its content was not read: {missing}.")
            return
        work = Path(config["INSTANCE"])
        with restoring.opened(folder, work=work, identity=config["BACKUP_IDENTITY"]):
            click.echo(_described(manifest, f"{folder} is whole:"))
    for name, what in rules.other_secrets(manifest, config).items():
        click.echo(f"{name} is not the one of the backup: restored here, {what}.")


def _cannot_open(manifest: rules.Manifest) -> str:
    """Return why an encrypted backup cannot be read here, "" where it can be tried."""
    if manifest.sealed_by == "age" and not current_app.config["BACKUP_IDENTITY"]:
        return "BACKUP_IDENTITY names no private key here"
    if manifest.sealed_by and not is_here(manifest.sealed_by):
        return f"{manifest.sealed_by} is not installed here"
    return ""


@click.command("restore")
@click.argument("folder", metavar="DIR", type=THERE)
@click.option("--with-other-secrets", is_flag=True, help="Although the secrets are not the same.")
@with_appcontext
def restore(folder: Path, with_other_secrets: bool) -> None:
    """Put a backup into an empty place: an empty database, and no uploaded files."""
    with _refusals():
        manifest = restoring.restore(
            folder=folder,
            engine=db.engine,
            settings=current_app.config,
            known=_known(),
            with_other_secrets=with_other_secrets,
        )
    click.echo(_described(manifest, "Restored and counted again:"))
    click.echo("Next: flask db upgrade, flask search rebuild, flask matching refresh.")


@click.command("copy-sqlite")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@with_appcontext
def copy_sqlite(file: Path) -> None:
    """Copy FILE, a database of SQLite, into the empty PostgreSQL database that DATABASE_URL names,
    and compare the two row by row. Stop web and worker first."""
    with _refusals(), TemporaryDirectory(dir=current_app.config["INSTANCE"]) as folder:
        still = Path(folder, "still.db")
        sqlite.copy(file, still)
        moving.expect_movable(still, db.engine, _known()[-1])
        upgrade()
        rows = moving.move(path=still, engine=db.engine)
    click.echo(f"Copied {sum(rows.values()):,} rows of {len(rows)} tables, each the same in both.")
    click.echo("Next: flask search rebuild. Keep the file until you are sure.")


def _known() -> list[str]:
    """Return the migrations that this version has, in their order."""
    return sorted(one.revision for one in migrations.script_directory.walk_revisions())


def _described(manifest: rules.Manifest, begin: str) -> str:
    rows, tables = sum(manifest.rows.values()), len(manifest.rows)
    return (
        f"{begin} {rows:,} rows of {tables} tables ({manifest.database}, migration "
        f"{manifest.migration}) and {manifest.files:,} files, as of {manifest.made_at}"
        f"{f', encrypted by {manifest.sealed_by}' if manifest.sealed_by else ''}."
    )
