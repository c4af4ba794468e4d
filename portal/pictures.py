"""How large a picture is, read from its first bytes: nothing is unpacked. Pure.

A few kilobytes can unpack to gigabytes in the browser of whoever opens the page.
Sources: PNG (ISO/IEC 15948, 11.2.2 IHDR), JPEG (ITU-T T.81, B.2.2 frame header).
"""

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


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG or JPEG; None where its head says none."""
    if data.startswith(_IHDR):
        head = data[len(_IHDR) : len(_IHDR) + 8]
        return (_number(head[:4]), _number(head[4:])) if len(head) == 8 else None
    return _jpeg(data) if data.startswith(b"\xff\xd8") else None


def is_too_large(size: tuple[int, int]) -> bool:
    """Whether a picture of this width and height is refused."""
    width, height = size
    return max(size) > MAX_SIDE or width * height > MAX_PIXELS


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from segment to segment up to the frame header; each names its own length."""
    at = 2
    while at + 4 <= len(data) and data[at] == _FILL:
        marker = data[at + 1]
        if marker == _FILL or marker in _ALONE:
            at += 1 if marker == _FILL else 2
            continue
        if marker in _FRAMES:
            head = data[at + 5 : at + 9]
            return (_number(head[2:]), _number(head[:2])) if len(head) == 4 else None
        at += 2 + max(2, _number(data[at + 2 : at + 4]))
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
