"""Write a zip of tables: CSV, JSON Lines, files, a data dictionary and a description of it all."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.errors import NotFound
from portal.exports.rules.package import Descriptor
from portal.exports.serialise.cells import cell
from portal.files import opened
from portal.web.downloads import row_writer

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a zip: what it is called, its schema, and its rows as JSON has them."""

    name: str
    title: str
    description: str
    schema: Descriptor
    rows: Iterable[Row]
    never_unknown: frozenset[str] = frozenset()
    """The columns in which an empty cell is an empty text."""
    files: str = ""
    """The room of the files that its rows name in `stored`."""


@dataclass(slots=True)
class Counts:
    """What was written."""

    rows: int = 0
    files: int = 0
    gone: list[str] = field(default_factory=list)
    """Files that rows name and that are kept no more."""


Wrote = Callable[[Sheet, int], None]


class Archive:
    """A zip that is being written. No table is ever in memory whole: it goes through two files of a
    temporary folder, since a zip takes one member at a time."""

    def __init__(self, path: Path) -> None:
        """Begin a zip."""
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        self.counts = Counts()
        self.resources: list[Descriptor] = []

    def add(self, sheet: Sheet) -> Descriptor:
        """Write a table as CSV and JSON Lines, with the files that its rows name."""
        with TemporaryDirectory() as folder:
            as_csv, as_json = Path(folder, "csv"), Path(folder, "json")
            rows, stored = write_both(sheet, as_csv, as_json)
            path = f"data/{sheet.name}.csv"
            self.zip.write(as_csv, path)
            self.zip.write(as_json, f"json/{sheet.name}.jsonl")
            size = as_csv.stat().st_size
        self.counts.rows += rows
        for one in stored:
            self.add_file(sheet.files, one, f"files/{sheet.files}/{one}")
        described: Descriptor = {"path": path, "bytes": size, "rows": rows}
        self.resources.append(described)
        return described

    def add_file(self, room: str, stored: str, name: str) -> None:
        """Copy a kept file; one that is kept no more is noted."""
        try:
            source = opened(stored, room=room)
        except NotFound:
            self.counts.gone.append(f"{room}/{stored}")
            return
        with source, self.zip.open(name, "w") as target:
            shutil.copyfileobj(source, target)
        self.counts.files += 1

    def add_text(self, name: str, text: str) -> None:
        """Write a text."""
        self.zip.writestr(name, text)

    def add_json(self, name: str, value: Any) -> None:
        """Write a JSON value so that people can read it, too."""
        self.add_text(name, json.dumps(value, indent=1, ensure_ascii=False) + "\n")

    def end(self) -> Counts:
        """Finish the zip; returns what was written."""
        self.zip.close()
        return self.counts


def write_both(sheet: Sheet, as_csv: Path, as_json: Path) -> tuple[int, Sequence[str]]:
    """Write the rows of a table into two files; returns how many, and the files that they name."""
    names = [one["name"] for one in sheet.schema["fields"]]
    may = {name: name not in sheet.never_unknown for name in names}
    count, stored = 0, []
    with ExitStack() as both:
        text = both.enter_context(as_csv.open("w", encoding="utf-8", newline=""))
        lines = both.enter_context(as_json.open("w", encoding="utf-8"))
        write = row_writer(text)
        write(names)
        for row in sheet.rows:
            write([cell(row[name], may_be_unknown=may[name]) for name in names])
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
            if sheet.files:
                stored.append(row["stored"])
    return count, stored


def table_as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a small table as CSV."""
    text = io.StringIO(newline="")
    write = row_writer(text)
    write(header)
    for row in rows:
        write([cell(value, may_be_unknown=False) for value in row])
    return text.getvalue()
