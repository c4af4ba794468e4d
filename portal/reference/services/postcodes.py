"""Make the compact file of postcodes from a file of the Office for National Statistics."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlalchemy import select

from portal.db import db
from portal.errors import Invalid
from portal.reference.models import Ics
from portal.reference.rules.postcodes import (
    NoPostcodes,
    PostcodeFile,
    columns_of,
    plain_postcode,
    write_postcodes,
)

TELL_EVERY = 20_000
MIN_SHARE = 80
"""A new file has at least so many in a hundred of the postcodes of the one before."""
_ENGLAND = re.compile(r"[EQX]")


def names_of(rows: Iterable[list[str]]) -> dict[str, str]:
    """Return the code of the directory by that of ONS, from a file of names and codes (columns
    like `ICB23CD` and `ICB23CDH`); raises Invalid."""
    found = iter(rows)
    heads = [head.strip().casefold() for head in next(found, [])]
    ons = [n for n, head in enumerate(heads) if re.fullmatch(r"icb[0-9]{2}cd", head)]
    own = [n for n, head in enumerate(heads) if re.fullmatch(r"icb[0-9]{2}cdh", head)]
    if not ons or not own:
        raise Invalid("The file of names has no columns like ICB23CD and ICB23CDH")
    width = max(ons[0], own[0])
    return {row[ons[0]].strip(): row[own[0]].strip() for row in found if len(row) > width}


def make_postcode_file(
    path: Path,
    rows: Iterator[list[str]],
    names: dict[str, str],
    *,
    may_shrink: bool = False,
    tell: Callable[[int], None] = lambda done: None,
) -> tuple[int, Counter[str]]:
    """Write the file of postcodes; returns how many it holds, and how many rows name an ICS that
    the portal does not know, by its code.

    Raises Invalid, and leaves the file before in place, for rows without the columns or with
    hardly any ICS that is known, and for far fewer postcodes than before.
    """
    columns = columns_of(next(rows, []))
    if columns is None:
        raise Invalid("The file has no columns with a postcode (pcds) and an ICS (icb)")
    known = _known(names)
    found: dict[str, str] = {}
    unknown: Counter[str] = Counter()
    for number, row in enumerate(rows, start=1):
        if number % TELL_EVERY == 0:
            tell(number)
        postcode, area = _read(row, columns)
        if area in known and postcode:
            found[postcode] = known[area]
        elif area and _ENGLAND.match(area):
            unknown[area] += 1
    _refuse(path, len(found), unknown, may_shrink=may_shrink)
    return write_postcodes(path, found), unknown


def _read(row: list[str], columns: tuple[int, int]) -> tuple[str, str]:
    if len(row) <= max(columns):
        return "", ""
    return plain_postcode(row[columns[0]]), row[columns[1]].strip()


def _known(names: dict[str, str]) -> dict[str, str]:
    """Return the portal's code of every ICS by each code that a file may have for it."""
    own = {
        code: ics.code
        for ics in db.session.scalars(select(Ics))
        for code in (ics.code, ics.ods_code)
        if code
    }
    return own | {ons: own[code] for ons, code in names.items() if code in own}


def _refuse(path: Path, count: int, unknown: Counter[str], *, may_shrink: bool) -> None:
    if count <= unknown.total():
        codes = ", ".join(code for code, _ in unknown.most_common(3)) or "none"
        raise Invalid(
            f"{count:,} postcodes lie in an ICS that is known, {unknown.total():,} in another "
            f"({codes}). Codes of ONS are told by a file of names: --names"
        )
    try:
        before = PostcodeFile(path).count
    except (OSError, NoPostcodes):
        return
    if count * 100 < before * MIN_SHARE and not may_shrink:
        raise Invalid(
            f"{count:,} postcodes, where the file before had {before:,}: say --smaller if that is "
            "right"
        )
