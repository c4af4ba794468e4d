"""Files that people send: looked into, scanned where a scanner is set, kept under random names.

Rows name a kept file; its own name and kind are only ever shown, never used to find it. Where files
lie is a setting (`portal.stores`).
"""

import codecs
import re
import secrets
import socket
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, ClassVar, Self

import filetype
from blinker import Signal
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.archives import TYPES, WORDS, TooLarge, is_office
from portal.errors import Invalid, NotFound
from portal.personal import Place
from portal.pictures import MAX_PIXELS, MAX_SIDE, bare, is_too_large, size_of
from portal.quotas import MEGABYTE, Sender, count, discount, expect_room_for
from portal.stores import Folder, InDatabase, chosen_store

MAX_BYTES = 10 * MEGABYTE
MAX_NAME_LENGTH = 100
SCAN_SECONDS = 30
CHUNK = 64 * 1024

_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_PLAIN = frozenset({"txt", "csv"})
_PICTURES = frozenset({"png", "jpg"})
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text holds; Excel writes line ends and tabs, terminals an escape."""
_STORED = re.compile(r"[0-9a-f]{32}")

refused = Signal()
"""Sent with the name of a file and, as `why`, what was said of it, when it is not taken."""


@dataclass(frozen=True, slots=True)
class KeptFile:
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

    kept_in: ClassVar[str]
    """Under which name the content of this table's files lies, apart from other tables'."""

    name: Mapped[str]
    stored: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    size: Mapped[int]
    is_scanned: Mapped[bool]

    @classmethod
    def of(cls, kept: KeptFile, **columns: Any) -> Self:
        """Return a row that names a kept file, with the columns of its own."""
        return cls(**asdict(kept), **columns)

    @classmethod
    def place(cls, what: str) -> Place:
        """Return what the table holds about people: the names of files, and the files."""
        table: str = cls.__tablename__  # type: ignore[attr-defined]  # a table has it
        return Place(table, what, typed="name", plain="stored media_type", files=cls.kept_in)

    @classmethod
    def received(cls, stream: IO[bytes], name: str, *, by: Sender) -> Self:
        """Keep a file that somebody sent, and return its row; raises as `keep`."""
        return cls.of(keep(stream, name, room=cls.kept_in, by=by))


def keep(stream: IO[bytes], name: str, *, room: str, by: Sender) -> KeptFile:
    """Look into a file and keep it for a room; raises Invalid, on the field `file`, otherwise, also
    when the person or their organisation has sent as much as they may keep.

    It stays when the transaction is rolled back: nothing then names it, until `sweep`.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Invalid("The selected file must be smaller than 10MB", field="file")
    return keep_data(data, name, room=room, by=by)


def keep_data(data: bytes, name: str, *, room: str, by: Sender, media_type: str = "") -> KeptFile:
    """Keep what somebody sent as `keep` does, of whatever size its room takes; with `media_type`
    where that room looked into its kind already. Of a picture it is kept how it looks, alone."""
    safe = safe_name(name)
    expect_room_for(len(data), by)
    with telling(safe):
        kind = "" if media_type else kind_of(data, safe)
        is_scanned = scan(data)
        data = _bare(data) if kind in _PICTURES else data
    stored = put(data, room=room)
    count(stored, len(data), room=room, by=by)
    return KeptFile(safe, stored, media_type or TYPES[kind], len(data), is_scanned)


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Send `refused` when a file is not taken inside, whoever looks into it."""
    try:
        yield
    except Invalid as refusal:
        refused.send(safe_name(name), why=str(refusal))
        raise


def content_of(stored: str, *, room: str) -> bytes:
    """Return what a kept file holds; raises NotFound when it is gone."""
    with opened(stored, room=room) as file:
        return file.read()


def opened(stored: str, *, room: str) -> IO[bytes]:
    """Return a kept file to be read piece by piece; raises NotFound when it is gone.

    What was kept in the folder before another store was set is still read there.
    """
    found = None
    if _STORED.fullmatch(stored):
        stores = {type(one): one for one in (chosen_store(), Folder())}.values()
        each = (file for one in stores if (file := one.opened(room, stored)) is not None)
        found = next(each, None)
    if found is None:
        raise NotFound("This file is not kept here any more.")
    return found


def sweep(*, room: str, named: Collection[str], before: float) -> int:
    """Delete the kept files of a room that no row names, of those written before a moment (seconds
    since 1970: a file is written before its row); returns how many."""
    store = chosen_store()
    old = [one for one in store.older_than(room, before) if one not in named]
    for stored in old:
        store.delete(room, stored)
        discount(stored)
    return len(old)


def unnamed(*, room: str, named: Collection[str], before: float) -> int:
    """Return how many kept files `sweep` would delete."""
    return sum(one not in named for one in chosen_store().older_than(room, before))


def remove(stored: str, *, room: str) -> None:
    """Delete a kept file; a row that names it leads to a page that says it is gone."""
    for store in {type(one): one for one in (chosen_store(), Folder())}.values():
        store.delete(room, stored)


def put(data: bytes, *, room: str) -> str:
    """Keep what the portal itself made; returns the random name under which it lies."""
    stored = secrets.token_hex(16)
    chosen_store().put(room, stored, data)
    return stored


def take(path: Path, *, room: str, stored: str = "") -> str:
    """Keep a copy of a file of any size that the portal itself made; returns the name under which
    it lies, a random one unless one is given."""
    stored = stored or secrets.token_hex(16)
    chosen_store().take(room, stored, path)
    return stored


def outside_database() -> Iterator[tuple[str, str]]:
    """Yield the room and the name of every kept file that the database does not hold itself."""
    for store in {type(one): one for one in (chosen_store(), Folder())}.values():
        for room, stored in store.outside_database():
            if _STORED.fullmatch(stored):
                yield room, stored


def put_back(path: Path, *, room: str, stored: str) -> None:
    """Keep a copy of a file that came from a backup, under the name that its row has."""
    store = chosen_store()
    (Folder() if isinstance(store, InDatabase) else store).take(room, stored, path)


def safe_name(name: str) -> str:
    """Return a file's name without folders, invisible characters and what systems refuse."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C"
    )
    stem, dot, ending = _NOT_IN_NAMES.sub("_", seen).strip(" .").rpartition(".")
    return (
        f"{(stem if dot else ending)[:MAX_NAME_LENGTH] or 'file'}{dot}{ending[:10] if dot else ''}"
    )


def kind_of(data: bytes, name: str) -> str:
    """Return the ending whose kind the content really is; raises Invalid for anything else."""
    ending = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    if ending not in TYPES:
        *most, last = WORDS.values()
        raise Invalid(
            f"The selected file must be a {', '.join(most)} or {last}, by its name", field="file"
        )
    if not data:
        raise Invalid("The selected file is empty", field="file")
    if not _is(ending, data):
        raise Invalid(f"The selected file is not a {WORDS[ending]}, as its name says", field="file")
    if ending in _PICTURES:
        _refuse_huge(data)
    return ending


def _bare(data: bytes) -> bytes:
    """Return a picture without what its device wrote into it: where it was taken, above all."""
    found = bare(data)
    if found is None:
        raise Invalid("The selected picture is damaged: save it anew", field="file")
    return found


def _refuse_huge(data: bytes) -> None:
    """Raise Invalid for a picture that unpacks to more than a browser should hold."""
    size = size_of(data)
    if size is None:
        message = "The selected picture does not say how large it is: save it anew"
        raise Invalid(message, field="file")
    if is_too_large(size):
        width, height = size
        raise Invalid(
            f"The selected picture has {width:,} by {height:,} pixels. Make it smaller: "
            f"{MAX_SIDE:,} on each side and {MAX_PIXELS // 1_000_000} million in all at most",
            field="file",
        )


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


def _is_office(data: bytes, main: str) -> bool:
    try:
        return is_office(data, main)
    except TooLarge:
        message = "The selected file unpacks to more than any document. Save it anew, or as a PDF"
        raise Invalid(message, field="file") from None


def scan(data: bytes) -> bool:
    """Ask ClamAV, if `CLAMAV_SOCKET` names its socket; returns whether it was asked.

    Raises Invalid when it says infected, and when it cannot be asked: unchecked is not clean. So
    it does without a scanner, unless `FILES_UNSCANNED` is `mark`.
    """
    address = str(current_app.config.get("CLAMAV_SOCKET") or "")
    if not address:
        if current_app.config.get("FILES_UNSCANNED") == "refuse":
            raise Invalid("Files cannot be sent: this service has no virus scanner", field="file")
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
