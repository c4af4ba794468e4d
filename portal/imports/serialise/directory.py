"""Files of the national directory as they were sent, and what reading them did in words."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.files import opened
from portal.imports.models import DirectoryFile
from portal.reference.rules.ods import BY_NAME
from portal.reference.serialise import rows_of
from portal.reference.services.ods_file import WORDS, OdsFile


@contextmanager
def laid_out(file: DirectoryFile) -> Iterator[OdsFile]:
    """Lay a file out on the disk, to be read row by row as often as it takes; raises NotFound once
    it is deleted."""
    report = BY_NAME[file.report]
    with TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        with opened(file.stored, room=DirectoryFile.kept_in) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        rows = partial(rows_of, path, report.layout.columns)
        yield OdsFile(report, rows, file.name, file.on, file.is_part, file.may_shrink)


def told_of(file: DirectoryFile) -> list[tuple[str, int, list[str]]]:
    """Return what reading a file did: in words, how many, and the first of them by name."""
    return [
        (words[0].upper() + words[1:], file.counts[what], file.examples.get(what, []))
        for what, words in WORDS.items()
        if file.counts.get(what)
    ]
