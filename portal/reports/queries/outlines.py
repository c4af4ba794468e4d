"""Read the outlines of reports: versioned files, of which every version stays."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from portal.errors import NotFound
from portal.reports.rules.outlines import Outline, Part

DATA = Path(__file__).parents[1] / "data"


def _rows(name: str) -> list[Mapping[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def outlines() -> Sequence[Outline]:
    """Return every version of every outline, in the order of the file."""
    parts = _rows("parts.csv")
    return tuple(_outline(row, parts) for row in _rows("outlines.csv"))


def _outline(row: Mapping[str, str], parts: Sequence[Mapping[str, str]]) -> Outline:
    own = [p for p in parts if (p["outline"], p["version"]) == (row["code"], row["version"])]
    return Outline(
        code=row["code"],
        version=int(row["version"]),
        name=row["name"],
        title=row["title"],
        is_year=row["rhythm"] == "year",
        area=row["area"],
        parts=tuple(_part(one) for one in own),
    )


def _part(row: Mapping[str, str]) -> Part:
    return Part(
        number=int(row["number"]),
        code=row["code"],
        parent=row["parent"],
        heading=row["heading"],
        needs=row["needs"],
        figures=tuple(row["figures"].split()),
        programmes=tuple(row["programmes"].split()),
    )


def newest(code: str) -> Outline:
    """Return the newest version of an outline; raises NotFound."""
    found = [one for one in outlines() if one.code == code]
    if not found:
        raise NotFound("There is no such outline of a report.")
    return max(found, key=lambda one: one.version)


def newest_of_all() -> list[Outline]:
    """Return the newest version of each outline."""
    return [newest(code) for code in dict.fromkeys(one.code for one in outlines())]


def outline_of(code: str, version: int) -> Outline:
    """Return one version of an outline; raises NotFound."""
    for one in outlines():
        if (one.code, one.version) == (code, version):
            return one
    raise NotFound("There is no such outline of a report.")
