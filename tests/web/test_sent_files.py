"""What people send is looked into: archives that explode, macros under other names, quotas."""

import io
import time
import zipfile
from string import ascii_lowercase
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import NEEDED, settings
from portal.accounts.models import Actor
from portal.archives import MAX_MEMBERS, MAX_UNPACKED
from portal.errors import Invalid
from portal.files import keep, sweep
from portal.quotas import FileUse
from tests.cast import Cast

MAIN = "word/document.xml"
TYPES = "[Content_Types].xml"
MACRO_TYPE = '<Override PartName="/word/notes.bin" ContentType="application/vnd.ms-office.{}"/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
NOBODY = Actor()


def office(**members: bytes | str) -> bytes:
    """An office document; `members` by name, "/" written as "__"."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        given = {TYPES: "<Types/>", MAIN: "<w:document/>"}
        given |= {name.replace("__", "/"): content for name, content in members.items()}
        for name, content in given.items():
            file.writestr(name, content)
    return data.getvalue()


def sent(data: bytes, name: str = "plan.docx", by: Actor = NOBODY) -> str:
    """Send a file; returns why it is refused, "" when it is kept."""
    try:
        keep(io.BytesIO(data), name, room="tasks", by=by)
    except Invalid as refused:
        return f"{refused}" if refused.field == "file" else f"not beside the field: {refused}"
    return ""


@pytest.fixture(autouse=True)
def instance(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setitem(app.config, "INSTANCE", str(tmp_path))


def test_a_document_is_kept() -> None:
    assert sent(office(word__media__picture=b"\x89PNG" * 1000)) == ""


def test_an_archive_that_unpacks_to_hundreds_of_megabytes_is_refused_unopened() -> None:
    bomb = office(word__zeros=b"\0" * (2 * MAX_UNPACKED))
    assert len(bomb) < 1_000_000
    with mock.patch.object(zipfile.ZipFile, "open") as opened:
        assert "unpacks to more than any document" in sent(bomb)
    assert opened.call_count == 0


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    honest = office(word__zeros=b"\0" * 5_000_000)
    said = (5_000_000).to_bytes(4, "little")
    assert honest.count(said) == 2
    assert "is not a Word document (DOCX)" in sent(
        honest.replace(said, (100).to_bytes(4, "little"))
    )


def test_an_archive_of_forty_thousand_members_is_refused() -> None:
    data = io.BytesIO(office())
    with zipfile.ZipFile(data, "a") as file:
        for number in range(40_000):
            file.writestr(f"word/{number}", "")
    assert MAX_MEMBERS < 40_000
    assert "unpacks to more than any document" in sent(data.getvalue())


@pytest.mark.parametrize(
    "members",
    [
        {TYPES: MACRO_TYPE.format("vbaProject"), "word/notes.bin": OLE},
        {TYPES: MACRO_TYPE.format("vbaProject").encode("utf-16"), "word/notes.bin": OLE},
        {TYPES: MACRO_TYPE.format("word.document.macroEnabled.main+xml")},
        {"word/_rels/document.xml.rels": '<Relationship Type="…/vbaProject" Target="a.png"/>'},
        {"word/media/a.png": OLE + "_VBA_PROJECT".encode("utf-16-le")},
        {"word/media/a.png": OLE + b"x" * 65_000 + "_VBA_PROJECT".encode("utf-16-le")},
        {"xl/vbaProject.bin": "x"},
        {TYPES: '<Override ContentType="application/vnd.ms-excel.macrosheet+xml"/>'},
    ],
)
def test_macros_are_found_whatever_they_are_called(members: dict[str, bytes | str]) -> None:
    assert "is not a Word document (DOCX)" in sent(office(**members))


def test_an_embedded_sheet_is_no_macro() -> None:
    assert sent(office(word__embeddings__sheet=OLE + "Workbook".encode("utf-16-le"))) == ""


def test_a_name_that_is_there_twice_is_refused() -> None:
    data = io.BytesIO(office())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(data, "a") as file:
        file.writestr(MAIN, "<other/>")
    assert "is not a Word document (DOCX)" in sent(data.getvalue())


@pytest.mark.parametrize("cut", [10, 200, -30])
def test_half_an_archive_is_refused(cut: int) -> None:
    assert "is not a Word document (DOCX)" in sent(office(word__text=b"abc" * 500)[:cut])


# Quotas


@pytest.mark.parametrize(
    ("setting", "words"),
    [("FILES_QUOTA_PERSON", "You have"), ("FILES_QUOTA_ORGANISATION", "Your organisation has")],
)
def test_a_quota_ends_what_may_be_sent(
    app: Flask, session: Session, cast: Cast, monkeypatch, setting: str, words: str
) -> None:
    monkeypatch.setitem(app.config, setting, 1)
    half = b"x" * 600_000
    assert sent(half, "a.txt", cast.innovator.actor) == ""
    refused = sent(half, "b.txt", cast.innovator.actor)
    assert refused.startswith(words)
    assert "1MB" in refused
    assert sent(half, "b.txt", cast.hin.actor) == ""
    by_colleague = sent(half, "b.txt", cast.colleague.actor)
    assert bool(by_colleague) == (setting == "FILES_QUOTA_ORGANISATION")


def test_what_is_deleted_makes_room(app: Flask, session: Session, cast: Cast, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "FILES_QUOTA_PERSON", 1)
    half = b"x" * 600_000
    assert sent(half, "a.txt", cast.innovator.actor) == ""
    session.flush()
    assert sweep(room="tasks", named=(), before=time.time() + 60) == 1
    assert session.scalar(select(func.count(FileUse.stored))) == 0
    assert sent(half, "b.txt", cast.innovator.actor) == ""


# Without a scanner


def test_without_a_scanner_the_setting_decides(app: Flask, session: Session, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "CLAMAV_SOCKET", "")
    monkeypatch.setitem(app.config, "FILES_UNSCANNED", "refuse")
    assert "no virus scanner" in sent(b"words", "a.txt")
    monkeypatch.setitem(app.config, "FILES_UNSCANNED", "mark")
    assert not keep(io.BytesIO(b"words"), "a.txt", room="tasks", by=NOBODY).is_scanned


def test_production_refuses_what_is_not_scanned(tmp_path) -> None:
    secrets = set(NEEDED) - {"SERVER_NAME"}
    given = {"INSTANCE": str(tmp_path), **dict.fromkeys(secrets, ascii_lowercase * 2)}
    production = {**given, "PRODUCTION": "1", "SERVER_NAME": "portal.example"}
    assert settings(production)["FILES_UNSCANNED"] == "refuse"
    assert settings({**production, "FILES_UNSCANNED": "mark"})["FILES_UNSCANNED"] == "mark"
    assert settings(given)["FILES_UNSCANNED"] == "mark"
    with pytest.raises(ValueError, match="FILES_UNSCANNED"):
        settings({**given, "FILES_UNSCANNED": "maybe"})
