"""How large a picture is, and the picture without what its device wrote beside it. Nothing is
unpacked: a few kilobytes can unpack to gigabytes in the browser of whoever opens the page. Pure.

Telephones write into a picture where it was taken, when, and with whose device; programs write
its author. None of that is shown, and all of it would be published.
Sources: PNG (ISO/IEC 15948, 5.3 chunks, 11.2.2 IHDR), JPEG (ITU-T T.81, B.1.1 and B.2.2), Exif
(CIPA DC-008, 4.6.4 Orientation).
"""

import re
from collections.abc import Iterator
from itertools import islice
from struct import Struct, error, pack, unpack_from

MAX_SIDE = 8_000
"""Pixels of the longer side."""
MAX_PIXELS = 40_000_000
"""Pixels in all: more than cameras of telephones usually write, some 160 MB unpacked."""

_IHDR = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers of a frame header; the three others in their range are tables."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG's markers without a length."""
_FILL = 0xFF
_SHOWS = frozenset(b"IHDR PLTE IDAT tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD".split())
"""PNG's chunks that say how it looks."""
_CHUNK = Struct(">I4s")
_APP0, _APP1, _APP2, _APP14, _SCAN, _END = 0xE0, 0xE1, 0xE2, 0xEE, 0xDA, 0xD9
_BEHIND_LINES = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends the packed lines of a JPEG's scan: within them 0 or a restart follows each 255."""
_MOST_SEGMENTS = 10_000
_EXIF, _JFIF, _ICC, _ADOBE = b"Exif\0\0", b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
_ORIENTATION, _MOST_TAGS = 0x0112, 200
_ON_ITS_SIDE = 5
"""From this orientation on width and height are shown the other way round."""


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG or JPEG, as it is shown; None where its head says
    none."""
    if data.startswith(_IHDR):
        head = data[len(_IHDR) : len(_IHDR) + 8]
        return _sides(_number(head[4:]), _number(head[:4])) if len(head) == 8 else None
    return _jpeg(data) if data.startswith(b"\xff\xd8") else None


def is_too_large(size: tuple[int, int]) -> bool:
    """Whether a picture of this width and height is refused."""
    width, height = size
    return max(size) > MAX_SIDE or width * height > MAX_PIXELS


def bare(data: bytes) -> bytes | None:
    """Return a PNG or JPEG as it looks, without places, days, devices, names, thumbnails and what
    stands behind its end; None for a PNG that is not whole.

    Which way a JPEG is held stays, and colours do.
    """
    return _bare_png(data) if data.startswith(_IHDR) else _bare_jpeg(data)


def _bare_png(data: bytes) -> bytes | None:
    at, kept = 8, [data[:8]]
    while at + 12 <= len(data):
        length, name = _CHUNK.unpack_from(data, at)
        end = at + 12 + length
        if end > len(data):
            return None
        if name in _SHOWS or name == b"IEND":
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end
    return None


def _bare_jpeg(data: bytes) -> bytes:
    kept, is_jfif, orientation = [], False, 1
    for marker, part in islice(_segments(data), _MOST_SEGMENTS):
        if len(part) < _length_of(part):
            break  # the data ends within it
        body = part[4:]
        if marker == _APP1 and body.startswith(_EXIF):
            orientation = _orientation(body[len(_EXIF) :])
        is_first = marker == _APP0 and body.startswith(_JFIF) and not is_jfif
        is_jfif = is_jfif or is_first
        if not is_first and _shows(marker, body):
            kept.append(part)
        elif is_first:
            kept.insert(0, part)
    # One that is not held upright says so, and programs know a JPEG by one of these two.
    if orientation != 1 or not is_jfif:
        kept.insert(int(is_jfif), _exif(orientation))
    return b"".join([b"\xff\xd8", *kept, b"\xff\xd9"])


def _shows(marker: int, body: bytes) -> bool:
    """Whether a segment says how a JPEG looks: its tables and lines, its colours."""
    if marker == _APP2:
        return body.startswith(_ICC)
    if marker == _APP14:
        return body.startswith(_ADOBE)
    return marker < _APP0


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment with its marker, a scan with the lines behind it, up to the end or to what
    is none."""
    at = 2
    while at + 4 <= len(data) and data[at] == _FILL and data[at + 1] != _END:
        marker = data[at + 1]
        if marker == _FILL or marker in _ALONE:
            at += 1 if marker == _FILL else 2
            continue
        end = at + _length_of(data[at : at + 4])
        end = _end_of_lines(data, end) if marker == _SCAN else end
        yield marker, data[at:end]
        at = end


def _length_of(segment: bytes) -> int:
    """Return how many bytes a segment says that it has, its marker with it."""
    return 2 + max(2, _number(segment[2:4]))


def _end_of_lines(data: bytes, at: int) -> int:
    found = _BEHIND_LINES.search(data, at)
    return found.start() if found else len(data)


def _orientation(tiff: bytes) -> int:
    """Return which way a picture is held by its Exif, 1 (upright) to 8; 1 where it does not say."""
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        first = unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(min(unpack_from(f"{order}H", tiff, first)[0], _MOST_TAGS)):
            tag, _, _, value = unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except error:
        return 1
    return 1


def _exif(orientation: int) -> bytes:
    """Return an Exif that says which way the picture is held, and nothing else."""
    tags = pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return pack(">HH", 0xFF00 | _APP1, 2 + len(_EXIF) + len(tags)) + _EXIF + tags


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from segment to segment up to the frame header; each names its own length."""
    orientation = 1
    for marker, part in _segments(data):
        if marker == _APP1 and part[4:].startswith(_EXIF):
            orientation = _orientation(part[4 + len(_EXIF) :])
        if marker in _FRAMES:
            head = part[5:9]
            high, wide = (_number(head[:2]), _number(head[2:])) if len(head) == 4 else (0, 0)
            return _sides(*((wide, high) if orientation >= _ON_ITS_SIDE else (high, wide)))
    return None


def _sides(high: int, wide: int) -> tuple[int, int] | None:
    """Return width and height; None for a picture without one, which nothing can draw."""
    return (wide, high) if high and wide else None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
