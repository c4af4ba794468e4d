"""A compact file of postcodes, each with the ICS in which it lies, that is looked up in place.

The file begins with a line of JSON (the codes of the ICSs, the number of postcodes), padded with
blanks to a multiple of eight bytes. After it stand the postcodes as numbers of eight bytes, the
lowest byte first, in order: the letters and figures as digits to the base 37, times 65,536, plus
the place of the ICS among the codes. Pure.
"""

import json
import mmap
import os
import re
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

MARK = "postcodes 1"
DIGITS = {letter: n for n, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=1)}
BASE = len(DIGITS) + 1
BYTES = 8
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")


class NoPostcodes(ValueError):
    """The file is none of postcodes, or is damaged."""


def plain_postcode(text: str) -> str:
    """Return a postcode in capitals without blanks; "" for what is none."""
    plain = "".join(text.split()).upper()
    return plain if _POSTCODE.fullmatch(plain) else ""


def number_of(postcode: str) -> int:
    """Return a postcode without blanks as a number; others have others."""
    found = 0
    for letter in postcode:
        found = found * BASE + DIGITS[letter]
    return found


def write_postcodes(path: Path, icss: Mapping[str, str]) -> int:
    """Write the ICS of every postcode, beside the file and then in its place, so that who reads
    has the old one or the new one; returns how many."""
    codes = sorted(set(icss.values()))
    place = {code: number for number, code in enumerate(codes)}
    rows = array("Q", sorted(number_of(p) << 16 | place[code] for p, code in icss.items()))
    if sys.byteorder == "big":
        rows.byteswap()
    head = json.dumps({"is": MARK, "codes": codes, "count": len(rows)})
    head += " " * (-(len(head) + 1) % BYTES) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(head.encode("ascii"))
        rows.tofile(file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return len(rows)


class PostcodeFile:
    """An open file of postcodes; the operating system reads of it what is looked up."""

    def __init__(self, path: Path) -> None:
        """Open it; raises NoPostcodes, and OSError where there is none."""
        with path.open("rb") as file:
            try:
                head = json.loads(file.readline(1 << 20))
                self.codes: Sequence[str] = head["codes"]
                self.count: int = head["count"]
                is_one = head["is"] == MARK
            except (ValueError, KeyError, TypeError) as problem:
                raise NoPostcodes(f"{path.name} is no file of postcodes") from problem
            self._start = file.tell()
            size = self._start + self.count * BYTES
            if not is_one or os.fstat(file.fileno()).st_size != size:
                raise NoPostcodes(f"{path.name} is damaged: import the postcodes again")
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def ics_code(self, postcode: str) -> str | None:
        """Return the code of the ICS in which a postcode lies, None where the file lacks it."""
        plain = plain_postcode(postcode)
        wanted = number_of(plain)
        low, high = 0, self.count if plain else 0
        while low < high:
            middle = (low + high) // 2
            if self._row(middle) >> 16 < wanted:
                low = middle + 1
            else:
                high = middle
        is_there = bool(plain) and low < self.count and self._row(low) >> 16 == wanted
        return self.codes[self._row(low) & 0xFFFF] if is_there else None

    def _row(self, number: int) -> int:
        start = self._start + number * BYTES
        return int.from_bytes(self._bytes[start : start + BYTES], "little")


def columns_of(header: Iterable[str]) -> tuple[int, int] | None:
    """Return in which columns, from 0, the postcode and the ICS stand; None where one is missing.

    Of several columns with postcodes the one with a blank in them is taken, `pcds`; the ICS is
    `icb`, or as later files call it `icb23cd`; a code of the directory, `…cdh`, before one of ONS.
    """
    heads = [head.strip().casefold() for head in header]
    postcodes = [
        name for name in ("pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode") if name in heads
    ]
    areas = sorted(
        (head for head in heads if re.fullmatch(r"icb(?:[0-9]{2})?(?:cdh?)?", head)),
        key=lambda head: (not head.endswith("cdh"), head),
    )
    if not postcodes or not areas:
        return None
    return heads.index(postcodes[0]), heads.index(areas[0])
