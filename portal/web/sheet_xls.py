"""How far the sheets of an old workbook (XLS) reach and how much text they hold, read from its
records before anything is laid out in memory. Pure.

The file is a small file system (MS-CFB) that holds one stream of records (MS-XLS): the texts once,
and for each sheet its cells. What stands here once may stand there for a million cells, and a sheet
may be named twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from struct import Struct, error, unpack_from

from portal.web.sheet_extent import Extent

END = 0xFFFFFFFA
"""From here on the number of a sector is a mark: the chain has ended."""
ENTRY, SMALL = 128, 64
"""Bytes of an entry of the directory, and of a sector of small streams."""
TEXTS, CONTINUE, SHEET, EOF = 0x00FC, 0x003C, 0x0085, 0x000A
REACH, TEXT_CELL, MANY = 0x0200, 0x00FD, 0x00BD
CELLS = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x0206, 0x027E, 0x0406, TEXT_CELL, MANY})
"""Records that hold what stands in a cell; MANY in several beside each other."""
HEAD = Struct("<HH")
MAX_SHEETS = 1_000
MACRO_SHEETS = frozenset({1, 6})
"""Kinds of sheet that hold macros: those of Excel 4, and modules of Visual Basic."""


class NotXls(ValueError):
    """The bytes are no old workbook that is whole."""


class HasMacros(NotXls):
    """A sheet of the workbook holds macros."""


def of_xls(data: bytes) -> list[Extent]:
    """Return how far each sheet of an XLS reaches, in their order; raises NotXls and HasMacros."""
    try:
        stream = _stream(data)
        starts = _starts(stream)
        lengths = _lengths(stream, _records(stream, 0))
        # What one sheet is made of is part of no other, so that no record is read twice.
        parts = pairwise([*sorted(set(starts)), len(stream)])
        known = {start: _extent(stream, start, until, lengths) for start, until in parts}
    except HasMacros:
        raise
    except (error, IndexError, ValueError) as broken:
        raise NotXls from broken
    return [known[start] for start in starts]


def _starts(stream: bytes) -> list[int]:
    """Return where each sheet begins, in the order of their names."""
    named = (at for kind, at, _ in _records(stream, 0) if kind == SHEET)
    found = [unpack_from("<IBB", stream, at) for at in islice(named, MAX_SHEETS + 1)]
    if len(found) > MAX_SHEETS:
        raise NotXls
    if any(kind in MACRO_SHEETS for _, _, kind in found):
        raise HasMacros
    return [start for start, _, _ in found]


def _stream(data: bytes) -> bytes:
    """Return the records of the workbook: the stream of that name, put together."""
    size = 1 << min(unpack_from("<H", data, 0x1E)[0], 16)
    fat = _fat(data, size)
    folder = _chained(data, size, fat, unpack_from("<I", data, 0x30)[0], offset=size)
    entries = [folder[at : at + ENTRY] for at in range(0, len(folder) - ENTRY + 1, ENTRY)]
    named = {_name(entry): entry for entry in reversed(entries)}
    found = named.get("Workbook") or named.get("Book")
    if found is None:
        raise NotXls
    start, length = unpack_from("<II", found, 116)
    if length >= unpack_from("<I", data, 0x38)[0]:
        return _chained(data, size, fat, start, offset=size)[:length]
    table = _chained(data, size, fat, unpack_from("<I", data, 0x3C)[0], offset=size)
    small_fat = unpack_from(f"<{len(table) // 4}I", table)
    small = _chained(data, size, fat, unpack_from("<I", entries[0], 116)[0], offset=size)
    return _chained(small, SMALL, small_fat, start, offset=0)[:length]


def _name(entry: bytes) -> str:
    length = min(unpack_from("<H", entry, 64)[0], 64)
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")


def _fat(data: bytes, size: int) -> Sequence[int]:
    """Return for each sector of the file which comes next."""
    sectors = list(unpack_from("<109I", data, 0x4C))
    further, most = unpack_from("<I", data, 0x44)[0], len(data) // size + 1
    for _ in range(most):
        if further >= END or len(sectors) > most + 109:
            break
        *more, further = unpack_from(f"<{size // 4}I", data, (further + 1) * size)
        sectors += more
    found: list[int] = []
    for sector in sectors:
        if len(found) > most:
            break
        if sector < END:
            found += unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return found


def _chained(data: bytes, size: int, fat: Sequence[int], start: int, *, offset: int) -> bytes:
    """Return the sectors of a chain put together; one without an end raises NotXls, before it is
    longer than all there is."""
    parts: list[bytes] = []
    while start < END:
        if len(parts) * size > len(data):
            raise NotXls
        parts.append(data[offset + start * size : offset + (start + 1) * size])
        start = fat[start]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield the kind, the start and the length of each record up to the end of its part."""
    while at + HEAD.size <= len(stream):
        kind, length = HEAD.unpack_from(stream, at)
        yield kind, at + HEAD.size, length
        if kind == EOF:
            return
        at += HEAD.size + length


def _extent(stream: bytes, start: int, until: int, lengths: Sequence[int]) -> Extent:
    """Return how far a sheet reaches; raises NotXls for one that goes on into the next."""
    rows = columns = text = 0
    for kind, at, length in _records(stream, start):
        if at > until:
            raise NotXls
        if kind == REACH and length >= 14:
            last_row, _, last_column = unpack_from("<IHH", stream, at + 4)
            rows, columns = max(rows, last_row), max(columns, last_column)
        if kind not in CELLS:
            continue
        row, column = HEAD.unpack_from(stream, at)
        if kind == MANY:
            column = unpack_from("<H", stream, at + length - 2)[0]
        elif kind == TEXT_CELL:
            number = unpack_from("<I", stream, at + 6)[0]
            text += lengths[number] if number < len(lengths) else 0
        rows, columns = max(rows, row + 1), max(columns, column + 1)
    return Extent(rows, columns, text)


def _lengths(stream: bytes, heads: Iterable[tuple[int, int, int]]) -> list[int]:
    """Return how many characters each text of the list of texts has."""
    parts: list[bytes] = []
    before = 0
    for kind, at, length in heads:
        goes_on = kind == CONTINUE and bool(parts) and before in (TEXTS, CONTINUE)
        if goes_on or (kind == TEXTS and not parts):
            parts.append(stream[at : at + length])
        before = kind
    return _Texts(parts).lengths() if parts else []


class _Texts:
    """The list of texts, which goes on from one record to the next: where the characters of a text
    do, the next record says anew of how many bytes each is."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.data, self.at = b"".join(parts), 8
        self.ends = list(accumulate(len(part) for part in parts))
        self.part = 0

    def lengths(self) -> list[int]:
        """Return the characters of each."""
        count = unpack_from("<I", self.data, 4)[0]
        found: list[int] = []
        while len(found) < count and self.at < len(self.data):
            length, flags = unpack_from("<HB", self.data, self.at)
            self.at += 3
            behind = self._behind(flags)
            found.append(length)
            self._pass(length, 1 + (flags & 1))
            self.at += behind
        return found

    def _behind(self, flags: int) -> int:
        """Return how many bytes stand behind the characters: their fonts, and how they are said."""
        behind = 0
        if flags & 8:
            behind += 4 * int(unpack_from("<H", self.data, self.at)[0])
            self.at += 2
        if flags & 4:
            behind += int(unpack_from("<I", self.data, self.at)[0])
            self.at += 4
        return behind

    def _pass(self, left: int, width: int) -> None:
        """Pass so many characters of so many bytes each."""
        while left:
            while self.at >= self.ends[self.part]:
                self.part += 1
                if self.at == self.ends[self.part - 1]:
                    width = 1 + (self.data[self.at] & 1)
                    self.at += 1
            here = min(left, (self.ends[self.part] - self.at) // width)
            if not here:
                raise NotXls
            left, self.at = left - here, self.at + here * width
