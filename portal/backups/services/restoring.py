"""Look a backup over, and put it back into an empty place."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine

from portal.backups import rules
from portal.backups.services import dumping, keeping, tools
from portal.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Plain:
    """The parts of a backup as they can be read."""

    manifest: rules.Manifest
    database: Path
    files: Path


def whole_manifest(folder: Path) -> rules.Manifest:
    """Return what a backup says of itself after holding every part against its checksum; raises
    Invalid with what is damaged."""
    manifest = rules.manifest_in(folder)
    if found := rules.damaged_parts(folder, {rules.MANIFEST, *manifest.parts}):
        raise Invalid(f"{folder} is damaged: {'; '.join(found)}")
    return manifest


@contextmanager
def opened(folder: Path, *, work: Path, identity: str) -> Iterator[Plain]:
    """Check a whole backup, decrypt what is encrypted, and read all of it through; raises Invalid
    with the first thing that is wrong."""
    manifest = whole_manifest(folder)
    with TemporaryDirectory(dir=work, prefix="backup-") as plain:
        parts = [_plain(folder / name, Path(plain), manifest, identity) for name in manifest.parts]
        found = Plain(manifest, *parts)
        rows = dumping.read_through(found.database, manifest.database)
        if rows is not None and rows != dict(manifest.rows):
            raise Invalid("The database of the backup has other rows than it says")
        if keeping.read_through(found.files) != manifest.files:
            raise Invalid("The backup has other files than it says")
        yield found


def _plain(part: Path, work: Path, manifest: rules.Manifest, identity: str) -> Path:
    """Return a copy of a part that may be read, changed and moved away."""
    target = work / part.name.removesuffix(f".{manifest.sealed_by}")
    if manifest.sealed_by:
        tools.unseal(part, target, by=manifest.sealed_by, identity=identity)
    else:
        with part.open("rb") as source, target.open("wb") as copy:
            while chunk := source.read(rules.CHUNK):
                copy.write(chunk)
    target.chmod(0o600)
    return target


def restore(
    *,
    folder: Path,
    engine: Engine,
    settings: Mapping[str, Any],
    known: Sequence[str],
    with_other_secrets: bool,
) -> rules.Manifest:
    """Put a backup into an empty place, and count again; `known` are the migrations that this
    version has.

    Raises Conflict when the place is not empty or the secrets are others, Invalid when the backup
    is damaged, of a newer version or of the other kind of database. Nothing is changed then.
    """
    dumping.expect_empty(engine)
    keeping.expect_none()
    manifest = whole_manifest(folder)
    _expect_fitting(manifest, engine, known)
    if not with_other_secrets:
        _expect_same_secrets(manifest, settings)
    identity, work = str(settings["BACKUP_IDENTITY"]), Path(settings["INSTANCE"])
    with opened(folder, work=work, identity=identity) as plain:
        dumping.undump(engine, plain.database)
        files = keeping.unpack(plain.files)
    if dumping.rows_of(engine) != dict(manifest.rows) or files != manifest.files:
        raise Invalid("What was restored has other rows or files than the backup: do not use it")
    return manifest


def _expect_fitting(manifest: rules.Manifest, engine: Engine, known: Sequence[str]) -> None:
    if manifest.database != engine.dialect.name:
        raise Invalid(
            f"The backup is of {manifest.database}, and DATABASE_URL names {engine.dialect.name}. "
            "Restore it into the same kind of database."
        )
    if manifest.migration not in known:
        raise Invalid(
            f"The backup stands at migration {manifest.migration}, which this version does not "
            f"know (it ends at {max(known)}). Install the version that made it, or a newer one."
        )


def _expect_same_secrets(manifest: rules.Manifest, settings: Mapping[str, Any]) -> None:
    other = rules.other_secrets(manifest, settings)
    if other:
        words = "; ".join(f"{name}: {what}" for name, what in other.items())
        raise Conflict(
            f"These secrets are not those of the backup ({words}). Set them as they were, or "
            "restore with --with-other-secrets."
        )
