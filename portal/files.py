"""Files that people send: looked into, scanned where a scanner is set, kept under random names.

Rows name a kept file; its own name and kind are only ever shown, never used to find it. Files lie
below the instance folder, which the web server does not serve.
"""

import codecs
import io
import os
import re
import secrets
import socket
import unicodedata
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Self

import filetype
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.errors import Invalid, NotFound

MAX_BYTES = 10 * 1024 * 1024
NAME_MAX = 100
SCAN_SECONDS = 30
CHUNK = 64 * 1024

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

_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_PLAIN = frozenset({"txt", "csv"})
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text holds; Excel writes line ends and tabs, terminals an escape."""
_STORED = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept."""

    name: str
    """What its sender called it, made safe to show and to save under."""
    stored: str
    """The random name under which it lies."""
    media_type: str
    size: int
    is_scanned: bool
    """Whether a virus scanner looked at it and found nothing."""


class FileRow:
    """What a room's row of a kept file holds; mix it into the room's own model."""

    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    is_scanned: Mapped[bool]

    @classmethod
    def of(cls, kept: Kept, **columns: Any) -> Self:
        """Return a row that names a kept file, with the columns of its own."""
        return cls(**asdict(kept), **columns)


def keep(stream: IO[bytes], name: str, *, room: str) -> Kept:
    """Look into a file and keep it for a room; raises Invalid, on the field `file`, otherwise.

    It stays when the transaction is rolled back: nothing then names it, until `sweep`.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Invalid("The selected file must be smaller than 10MB", field="file")
    safe = safe_name(name)
    ending = kind_of(data, safe)
    is_scanned = scan(data)
    stored = secrets.token_hex(16)
    _write(_folder(room) / stored, data)
    return Kept(safe, stored, TYPES[ending], len(data), is_scanned)


def path_of(stored: str, *, room: str) -> Path:
    """Return where a kept file lies; raises NotFound when it is gone."""
    path = _folder(room) / stored
    if not _STORED.fullmatch(stored) or not path.is_file():
        raise NotFound("This file is not kept here any more.")
    return path


def sweep(*, room: str, named: Collection[str], before: float) -> int:
    """Delete the kept files of a room that no row names, of those written before a moment (seconds
    since 1970: a file is written before its row); returns how many."""
    folder = _folder(room)
    found = [path for path in folder.glob("*") if path.name not in named] if folder.is_dir() else []
    old = [path for path in found if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def safe_name(name: str) -> str:
    """Return a file's name without folders, invisible characters and what systems refuse."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C"
    )
    stem, dot, ending = _NOT_IN_NAMES.sub("_", seen).strip(" .").rpartition(".")
    return f"{(stem if dot else ending)[:NAME_MAX] or 'file'}{dot}{ending[:10] if dot else ''}"


def kind_of(data: bytes, name: str) -> str:
    """Return the ending whose kind the content really is; raises Invalid for anything else."""
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending not in TYPES:
        listed = ", ".join(kind.upper() for kind in list(TYPES)[:-1])
        raise Invalid(f"The selected file must be a {listed} or CSV", field="file")
    if not data:
        raise Invalid("The selected file is empty", field="file")
    if not _is(ending, data):
        raise Invalid(
            f"The selected file is not a {ending.upper()}, as its name says", field="file"
        )
    return ending


def _is(ending: str, data: bytes) -> bool:
    if ending in _PLAIN:
        return filetype.guess(data) is None and _is_text(data)
    if ending in _OFFICE:
        return _is_office(data, _OFFICE[ending])
    found = filetype.guess(data)
    return found is not None and found.extension == ending


def _is_text(data: bytes) -> bool:
    """Whether it is a text: in UTF-8, in UTF-16 with its mark, or in Windows-1252 as Excel saves
    CSV; what the browser calls it does not count, Windows calls CSV an Excel file."""
    by_mark = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ""
    for encoding in (by_mark,) if by_mark else ("utf-8-sig", "windows-1252"):
        try:
            return not _CONTROL.search(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def _is_office(data: bytes, member: str) -> bool:
    """Whether it is an office document of that kind, without macros."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return member in names and not any(name.endswith("vbaProject.bin") for name in names)


def scan(data: bytes) -> bool:
    """Ask ClamAV, if `CLAMAV_SOCKET` names its socket; returns whether it was asked.

    Raises Invalid when it says infected, and when it cannot be asked: unchecked is not clean.
    """
    address = str(current_app.config.get("CLAMAV_SOCKET") or "")
    if not address:
        return False
    try:
        answer = _ask(address, data)
    except OSError as problem:
        current_app.logger.error("ClamAV at %s does not answer: %s", address, problem)
        answer = ""
    if answer.endswith("FOUND"):
        raise Invalid("The selected file contains a virus", field="file")
    if not answer.endswith("OK"):
        raise Invalid(
            "The selected file could not be checked for viruses. Try again later", field="file"
        )
    return True


def _ask(address: str, data: bytes) -> str:
    """Send the data as clamd's INSTREAM wants them: chunks with their length, then a zero."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
        clamd.settimeout(SCAN_SECONDS)
        clamd.connect(address)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            chunk = data[start : start + CHUNK]
            clamd.sendall(len(chunk).to_bytes(4, "big") + chunk)
        clamd.sendall(bytes(4))
        answer = b""
        while part := clamd.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n ").decode("utf-8", "replace")


def _folder(room: str) -> Path:
    return Path(current_app.config["INSTANCE"]) / "files" / room


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
