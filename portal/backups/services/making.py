"""Make a backup: nothing of it is seen at its place before all of it is there."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, text

from portal.backups import rules
from portal.backups.services import dumping, keeping, tools
from portal.clock import now
from portal.db import reading
from portal.errors import Conflict, Invalid


def make(*, folder: Path, engine: Engine, settings: Mapping[str, Any]) -> rules.Manifest:
    """Write database, files and what they are into a new folder, encrypted where `BACKUP_KEY` is
    set. The database comes first: every file that one of its rows names is there when the files
    are read.

    Raises Conflict when something is in the folder, Invalid when the database is damaged or a
    program that is needed is missing.
    """
    _expect_room(folder)
    sealer = tools.sealer_of(str(settings["BACKUP_KEY"]))
    if sealer and not tools.is_here(sealer):
        raise Invalid(f"BACKUP_KEY is set, but {sealer} is not installed: nothing was written")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=settings["INSTANCE"], prefix="backup-") as plain,
        # Its cleaning finds nothing any more once it has got its name.
        TemporaryDirectory(
            dir=folder.parent, prefix=f".{folder.name}-", ignore_cleanup_errors=True
        ) as staging,
    ):
        manifest = _write(Path(plain), engine, settings, sealer)
        for name, part in zip(("database", "files"), manifest.parts, strict=True):
            _move(Path(plain, name), Path(staging, part), key=str(settings["BACKUP_KEY"]))
        Path(staging, rules.MANIFEST).write_text(manifest.written(), encoding="utf-8")
        rules.write_sums(Path(staging))
        _put_in_place(Path(staging), folder)
    return manifest


def _expect_room(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} is not empty. Name a new folder for each backup.")


def _write(plain: Path, engine: Engine, settings: Mapping[str, Any], sealer: str) -> rules.Manifest:
    made_at, migration, salt = now(), migration_of(engine), rules.new_salt()
    rows = dumping.dump(engine, plain / "database")
    return rules.Manifest(
        made_at=made_at.isoformat(),
        migration=migration,
        database=engine.dialect.name,
        sealed_by=sealer,
        salt=salt,
        fingerprints=rules.fingerprints(settings, salt),
        settings=rules.told_settings(settings),
        rows=rows,
        files=keeping.pack(plain / "files"),
    )


def migration_of(engine: Engine) -> str:
    """Return the number of the migration at which a database stands; raises Invalid without one."""
    with reading(), engine.connect() as connection:
        has_any = engine.dialect.has_table(connection, "alembic_version")
        found = has_any and connection.scalar(text("SELECT version_num FROM alembic_version"))
    if not found:
        raise Invalid("The database has no tables of this portal. Run “flask db upgrade” first.")
    return str(found)


def _move(plain: Path, part: Path, *, key: str) -> None:
    if key:
        tools.seal(plain, part, key=key)
    else:
        shutil.move(plain, part)
    part.chmod(0o600)


def _put_in_place(staging: Path, folder: Path) -> None:
    """Let everything reach the disk, then give it its name in one step."""
    for path in (*staging.iterdir(), staging):
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    staging.replace(folder)
