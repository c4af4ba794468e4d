"""Messages reach those whom they are for, and no further; files are looked into."""

import io
import os
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import now
from portal.errors import Forbidden
from portal.files import keep, safe_name
from portal.introductions.models import Attachment, Circle, Introduction, IntroductionMessage
from portal.introductions.services import writing
from portal.jobs import enqueue, run_waiting
from tests.cast import Cast, Person
from tests.exchange.test_content import PNG
from tests.introductions.conftest import inbox

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
    + bytes(9)
    + b"\xff\xc0\x00\x11\x08\x00\x20\x00\x20"
    + bytes(300)
)
"""A picture of 32 by 32 pixels, as far as its head says."""


def write(
    introduction: Introduction, person: Person, circle: Circle, body: str
) -> IntroductionMessage:
    return writing.write(introduction=introduction, circle=circle, body=body, by=person.actor)


def send(browser, introduction: Introduction, name: str, data: bytes):
    """Send a message with a file, its body written here: the client would leave a file open."""
    part = '--part\r\nContent-Disposition: form-data; name="'
    head = f'{part}body"\r\n\r\nSee the file.\r\n{part}file"; filename="{name}"\r\n'
    return browser.post(
        f"/introductions/{introduction.id}/messages",
        data=f"{head}Content-Type: application/octet-stream\r\n\r\n".encode()
        + data
        + b"\r\n--part--\r\n",
        content_type="multipart/form-data; boundary=part",
    )


def page(as_, person: Person, introduction: Introduction) -> str:
    return as_(person).get(f"/introductions/{introduction.id}").text


def test_before_it_is_agreed_each_side_writes_with_the_network_only(
    as_, cast: Cast, brokered: Introduction
) -> None:
    write(brokered, cast.ics, Circle.ASKING, "Between us and the network.")
    write(brokered, cast.innovator, Circle.ANSWERING, "Between us and the network too.")
    assert "Between us and the network." in page(as_, cast.hin, brokered)
    assert "Between us and the network too." in page(as_, cast.hin, brokered)
    assert "Between us and the network too." not in page(as_, cast.ics, brokered)
    assert "Between us and the network." not in page(as_, cast.innovator, brokered)
    for person, circle in ((cast.ics, Circle.EVERYONE), (cast.innovator, Circle.ASKING)):
        with pytest.raises(Forbidden):
            write(brokered, person, circle, "Hello.")


def test_what_was_written_before_stays_where_it_was_written(
    as_, cast: Cast, brokered: Introduction, session: Session
) -> None:
    write(brokered, cast.ics, Circle.ASKING, "We fear that it is dear.")
    version = brokered.version
    data = {"version": version, "shares": "y"}
    answer = as_(cast.innovator).post(f"/introductions/{brokered.id}/agree", data=data)
    assert answer.status_code == 302
    assert "We fear that it is dear." not in page(as_, cast.innovator, brokered)


def test_once_agreed_everybody_writes_to_everybody_and_is_told(
    as_, cast: Cast, agreed: Introduction, session: Session
) -> None:
    answer = as_(cast.ics).post(
        f"/introductions/{agreed.id}/messages", data={"body": "Shall we say Monday?"}
    )
    assert answer.status_code == 302
    assert "Shall we say Monday?" in page(as_, cast.innovator, agreed)
    for person in (cast.innovator, cast.hin):
        assert any("wrote about the introduction" in line for line in inbox(session, person.user))
    assert not any("wrote about" in line for line in inbox(session, cast.ics.user))


def test_an_empty_message_is_refused(as_, cast: Cast, agreed: Introduction) -> None:
    answer = as_(cast.ics).post(f"/introductions/{agreed.id}/messages", data={"body": " "})
    assert "Enter a message" in answer.text


def test_unread_messages_are_marked_until_the_reader_says_that_they_read_them(
    as_, cast: Cast, agreed: Introduction
) -> None:
    sent = write(agreed, cast.ics, Circle.EVERYONE, "Shall we say Monday?")
    browser = as_(cast.innovator)
    assert "1 unread" in browser.get("/introductions").text
    assert "Unread" in browser.get(f"/introductions/{agreed.id}").text
    browser.post(f"/introductions/{agreed.id}/read", data={"message": sent.id})
    assert "unread" not in browser.get("/introductions").text
    assert "Unread" not in browser.get(f"/introductions/{agreed.id}").text


def test_the_count_of_unread_messages_tells_nothing_of_those_that_one_may_not_read(
    as_, cast: Cast, brokered: Introduction
) -> None:
    write(brokered, cast.ics, Circle.ASKING, "For the network.")
    assert "unread" not in as_(cast.innovator).get("/introductions").text
    assert "1 unread" in as_(cast.hin).get("/introductions").text


def test_nobody_writes_into_an_introduction_that_was_declined(
    cast: Cast, brokered: Introduction, as_
) -> None:
    data = {"version": brokered.version, "why": "No."}
    as_(cast.innovator).post(f"/introductions/{brokered.id}/refuse", data=data)
    for person in (cast.ics, cast.hin, cast.innovator):
        answer = as_(person).post(f"/introductions/{brokered.id}/messages", data={"body": "But …"})
        assert answer.status_code == 403


# Files


def office(member: str, *more: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in ("[Content_Types].xml", member, *more):
            file.writestr(name, "<x/>")
    return data.getvalue()


def test_a_file_is_kept_under_a_random_name_and_given_back_to_be_saved(
    app: Flask, as_, cast: Cast, agreed: Introduction, session: Session
) -> None:
    assert send(as_(cast.ics), agreed, "../../Our plan?.pdf", PDF).status_code == 302
    kept = session.scalars(select(Attachment)).one()
    assert (kept.name, kept.is_scanned) == ("Our plan_.pdf", False)
    assert re.fullmatch("[0-9a-f]{32}", kept.stored)
    folder = Path(app.config["INSTANCE"]) / "files" / "introductions"
    assert (folder / kept.stored).read_bytes() == PDF
    got = as_(cast.innovator).get(f"/introductions/{agreed.id}/files/{kept.id}")
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "no-store"


def test_a_file_of_a_message_that_one_may_not_read_is_not_there(
    as_, cast: Cast, brokered: Introduction, session: Session
) -> None:
    send(as_(cast.ics), brokered, "price.pdf", PDF)
    kept = session.scalars(select(Attachment)).one()
    path = f"/introductions/{brokered.id}/files/{kept.id}"
    expected = {"hin": 200, "ics": 200, "innovator": 404, "other_hin": 404, "national": 404}
    got = {kind: as_(getattr(cast, kind)).get(path).status_code for kind in expected}
    assert got == expected


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("virus.exe", b"MZ\x90\x00", "must be a PDF, Word document (DOCX)"),
        ("plan.pdf", b"MZ\x90\x00" + b"x" * 300, "is not a PDF, as its name says"),
        ("plan.pdf", b"<html><script>alert(1)</script></html>", "is not a PDF"),
        ("plan.docx", office("xl/workbook.xml"), "is not a Word document (DOCX), as"),
        ("plan.docx", office("word/document.xml", "word/vbaProject.bin"), "is not a Word document"),
        ("list.csv", b"a,b\n\x00\x01", "is not a CSV"),
        ("empty.pdf", b"", "is empty"),
        ("big.pdf", PDF + b" " * (10 * 1024 * 1024), "must be smaller than 10MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_sent(
    as_, cast: Cast, agreed: Introduction, session: Session, name: str, data: bytes, error: str
) -> None:
    answer = send(as_(cast.ics), agreed, name, data)
    assert error in answer.text
    assert "See the file." in answer.text
    assert session.scalar(select(func.count(IntroductionMessage.id))) == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan.docx", office("word/document.xml")),
        ("table.xlsx", office("xl/workbook.xml")),
        ("talk.pptx", office("ppt/presentation.xml")),
        ("list.csv", "name,£\nA,1\n".encode()),
        ("costs.csv", "Cost;£\r\nCafé – 12\tmonths;1\r\n".encode("windows-1252")),
        ("costs.csv", "name\tcost\r\nA\t1\r\n".encode("utf-16")),
        ("notes.txt", "Notes – of today".encode()),
        ("photo.jpeg", JPEG),
        ("shot.png", PNG),
    ],
)
def test_the_files_of_everyday_work_are_taken(
    as_, cast: Cast, agreed: Introduction, name: str, data: bytes
) -> None:
    assert send(as_(cast.ics), agreed, name, data).status_code == 302


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("\u202eplan\u0000.pdf", "plan.pdf"),
        ("Über uns.pdf", "Über uns.pdf"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_names_of_files_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.fixture
def scanner(app: Flask, tmp_path: Path) -> Iterator[list[bytes]]:
    """A clamd that finds a virus in whatever holds the word VIRUS; gives what it was sent."""
    path, seen = tmp_path / "clamd.sock", list[bytes]()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    data += stream.read(size)
                seen.append(data)
                found = b"stream: Test-Virus FOUND\0" if b"VIRUS" in data else b"stream: OK\0"
                stream.write(found)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    app.config["CLAMAV_SOCKET"] = str(path)
    yield seen
    app.config["CLAMAV_SOCKET"] = ""
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_file_is_scanned_where_clamav_is_set(
    as_, cast: Cast, agreed: Introduction, session: Session, scanner: list[bytes]
) -> None:
    assert send(as_(cast.ics), agreed, "plan.pdf", PDF).status_code == 302
    assert scanner == [PDF]
    assert session.scalars(select(Attachment)).one().is_scanned


def test_an_infected_file_is_refused(
    as_, cast: Cast, agreed: Introduction, session: Session, scanner: list[bytes]
) -> None:
    answer = send(as_(cast.ics), agreed, "plan.pdf", PDF + b"VIRUS")
    assert "The selected file contains a virus" in answer.text
    assert session.scalar(select(func.count(IntroductionMessage.id))) == 0


def test_a_file_that_cannot_be_scanned_is_refused_too(
    app: Flask, as_, cast: Cast, agreed: Introduction, tmp_path: Path
) -> None:
    app.config["CLAMAV_SOCKET"] = str(tmp_path / "nobody.sock")
    try:
        answer = send(as_(cast.ics), agreed, "plan.pdf", PDF)
    finally:
        app.config["CLAMAV_SOCKET"] = ""
    assert "could not be checked for viruses" in answer.text


def test_a_file_whose_message_was_never_written_is_swept_after_a_day(
    app: Flask, as_, cast: Cast, agreed: Introduction, session: Session
) -> None:
    send(as_(cast.ics), agreed, "plan.pdf", PDF)
    named = session.scalars(select(Attachment.stored)).one()
    lost, young = (
        keep(io.BytesIO(PDF), "lost.pdf", room="introductions", by=cast.ics.actor).stored
        for _ in range(2)
    )
    folder = Path(app.config["INSTANCE"]) / "files" / "introductions"
    for name in (named, lost):
        os.utime(folder / name, (0, now().timestamp() - 90_000))
    enqueue("privacy.retention", key="sweep")
    session.commit()
    run_waiting()
    assert not (folder / lost).exists()
    assert (folder / young).exists()
    assert (folder / named).read_bytes() == PDF
