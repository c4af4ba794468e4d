"""The uploaded files as one archive, and back to where files are kept."""

import re
import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from portal.errors import Conflict, Invalid, NotFound
from portal.files import opened, outside_database, put_back

NAMED = re.compile(r"(?P<room>[a-z][a-z0-9_-]*)/(?P<stored>[0-9a-f]{32})")


def pack(target: Path) -> int:
    """Write every kept file that the database does not hold itself; returns how many. One that is
    deleted meanwhile is left out: no row names it any more."""
    count = 0
    with tarfile.open(target, "w") as archive:
        for room, stored in sorted(set(outside_database())):
            try:
                source = opened(stored, room=room)
            except NotFound:
                continue
            with source, TemporaryFile(dir=target.parent) as spool:
                shutil.copyfileobj(source, spool)
                info = tarfile.TarInfo(f"{room}/{stored}")
                info.size, info.mode = spool.tell(), 0o600
                spool.seek(0)
                archive.addfile(info, spool)
            count += 1
    return count


def read_through(path: Path) -> int:
    """Read an archive to its end; returns how many files are in it. Raises Invalid."""
    try:
        with tarfile.open(path) as archive:
            return sum(1 for one in archive if _parts(one) and _drain(archive, one))
    except (tarfile.TarError, OSError, EOFError) as wrong:
        raise Invalid(f"The files of the backup cannot be read: {wrong}") from wrong


def _drain(archive: tarfile.TarFile, one: tarfile.TarInfo) -> bool:
    content = archive.extractfile(one)
    left = one.size
    while content and (chunk := content.read(1024 * 1024)):
        left -= len(chunk)
    if left:
        raise tarfile.ReadError(f"{one.name} ends early")
    return True


def _parts(one: tarfile.TarInfo) -> tuple[str, str]:
    named = NAMED.fullmatch(one.name)
    if named is None or not one.isreg():
        raise Invalid(f"The backup has a file that no table can name: {one.name}")
    return named["room"], named["stored"]


def expect_none() -> None:
    """Raise Conflict when files are kept already."""
    if next(iter(outside_database()), None) is not None:
        raise Conflict("There are uploaded files here already. Restore into an empty place.")


def unpack(path: Path) -> int:
    """Put every file of an archive where files are kept now; returns how many."""
    count = 0
    with tarfile.open(path) as archive, TemporaryDirectory(dir=path.parent) as folder:
        for one in archive:
            room, stored = _parts(one)
            content, plain = archive.extractfile(one), Path(folder, stored)
            with plain.open("wb") as target:
                shutil.copyfileobj(content, target)  # type: ignore[arg-type]  # a regular file
            put_back(plain, room=room, stored=stored)
            plain.unlink()
            count += 1
    return count
