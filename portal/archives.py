"""Look into office documents, which are zip archives, without being hurt by them. Pure."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping

MAX_MEMBERS = 5_000
"""A presentation of 300 slides has some 1,500."""
MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes of all members together: ten times the largest file that may be sent."""
CHUNK = 64 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_VBA = "_VBA_PROJECT".encode("utf-16-le")
_MACRO = re.compile(r"macroenabled|vbaproject|vbadata|macrosheet|intlmacrosheet", re.IGNORECASE)
_TYPES = "[Content_Types].xml"
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError)

TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""What may be sent, by ending."""

WORDS: Mapping[str, str] = {
    "pdf": "PDF",
    "docx": "Word document (DOCX)",
    "xlsx": "spreadsheet (XLSX)",
    "pptx": "presentation (PPTX)",
    "png": "PNG picture",
    "jpg": "JPEG picture",
    "txt": "plain text (TXT)",
    "csv": "CSV",
}
"""What each kind is called."""


class TooLarge(Exception):
    """It has more members, or unpacks to more bytes, than any document that people write."""


def is_office(data: bytes, main: str) -> bool:
    """Whether it is an office document whose main part is `main`, whole and without macros.

    Every member is unpacked, up to `MAX_UNPACKED`, whatever sizes the archive claims. Raises
    TooLarge.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _expect_sizes(members)
            names = [member.filename for member in members]
            # Two members of one name are read differently by different programs.
            if main not in names or len(set(names)) != len(names):
                return False
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            return not _has_macros(archive, members)
    except BROKEN:
        return False


def _expect_sizes(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS or sum(one.file_size for one in members) > MAX_UNPACKED:
        raise TooLarge


def _has_macros(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> bool:
    """Whether a member says or is macros, whatever it is called; reads all of them."""
    left = MAX_UNPACKED
    for member in members:
        for part, size in _parts(archive, member):
            left -= size
            if left < 0:
                raise TooLarge
            if part:
                return True
    return False


def _parts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[bool, int]]:
    """Unpack a member in chunks; yields for each whether it shows macros, and its size."""
    is_ole, before = False, b""
    with archive.open(member) as file:
        while chunk := file.read(CHUNK):
            is_ole = is_ole or (not before and chunk.startswith(_OLE))
            seen = before + chunk
            shows = (is_ole and _VBA in seen) or (_is_list(member) and _names_macros(seen))
            yield shows, len(chunk)
            before = seen if _is_list(member) else chunk[-len(_VBA) :]


def _is_list(member: zipfile.ZipInfo) -> bool:
    """Whether the member lists what the others are: their types, or how they hang together."""
    return member.filename == _TYPES or member.filename.endswith(".rels")


def _names_macros(text: bytes) -> bool:
    plain = text.replace(b"\0", b"")  # in UTF-16 as well
    return bool(_MACRO.search(plain.decode("latin-1")))
