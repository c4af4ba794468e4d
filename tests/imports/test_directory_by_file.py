"""An administrator brings the places of the national directory in by a file, in the browser."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from portal import jobs
from portal.audit.models import AuditEvent
from portal.clock import now, today
from portal.imports import tasks
from portal.imports.models import DirectoryFile, DirectoryFileState
from portal.imports.privacy import RETENTION
from portal.imports.services import directory
from portal.jobs import Job, JobState
from portal.reference.models import Site
from portal.reference.queries.sites import site_named
from portal.reference.services.ods_file import OdsFile
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.reference.ods_rows import place

Page = Callable[..., DirectoryFile]
FIRST, LATER = date(2026, 3, 2), date(2026, 6, 1)


def as_csv(rows: list[list[str]]) -> bytes:
    body = io.StringIO(newline="")
    csv.writer(body, quoting=csv.QUOTE_ALL).writerows(rows)
    return body.getvalue().encode()


def post(client: PageClient, name: str, data: bytes, on: date = FIRST, **more: str) -> str:
    """Send a file; returns where it leads, or the page that refuses it."""
    day = {"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}
    sent = {"file": FileStorage(io.BytesIO(data), filename=name), **day, **more}
    stream, length, boundary = stream_encode_multipart(sent, threshold=len(data) + 10_000)
    answer = client.post(
        "/import/directory",
        input_stream=stream,
        content_length=length,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )
    return answer.location or answer.get_data(as_text=True)


def work(session: Session) -> None:
    session.commit()
    waits = (Job.state == JobState.QUEUED) & (Job.kind == directory.READ)
    for job_id in session.scalars(select(Job.id).where(waits)).all():
        jobs.run(job_id)
    session.expire_all()


@pytest.fixture
def admin(cast: Cast, as_: Callable[[Person], PageClient]) -> PageClient:
    return as_(cast.administrator)


@pytest.fixture
def sends(admin: PageClient, session: Session) -> Page:
    """Send a file, have it read, and return its row."""

    def do(name: str, rows: list[list[str]], on: date = FIRST, **more: str) -> DirectoryFile:
        found = re.search(r"/import/directory/(\d+)", post(admin, name, as_csv(rows), on, **more))
        assert found
        work(session)
        return session.get_one(DirectoryFile, int(found[1]))

    return do


def test_a_file_is_read_and_its_page_says_what_it_did(
    admin: PageClient, sends: Page, session: Session
) -> None:
    rows = [place(code, f"PLACE {code}") for code in ("R1A", "R1B", "R1C")]
    first = sends("etr.csv", rows)
    assert (first.state, first.rows, first.counts["added"]) == (DirectoryFileState.READ, 3, 3)
    later = [
        place("R1A", "PLACE R1A"),
        place("R1B", "NEW NAME"),
        place("R1C", "PLACE R1C", closed="20260430"),
        place("R1D", "PLACE R1D", opened="20260501"),
    ]
    second = sends("etr_20260601.csv", later, LATER)
    page = admin.get(f"/import/directory/{second.id}").get_data(as_text=True)
    for words in ("Opened since the last file", "Closed", "Renamed", "NEW NAME"):
        assert words in page
    closed = session.scalars(select(Site).where(Site.code == "R1C")).one()
    assert closed.closed_on == date(2026, 4, 30)
    again = sends("etr.csv", later, LATER)
    assert set(again.counts) == {"same"}
    assert "etr_20260601.csv" in admin.get("/import/directory").get_data(as_text=True)
    seen = select(AuditEvent.summary).where(AuditEvent.action == "directory_file.sent")
    assert len(session.scalars(seen).all()) == 3


def test_what_does_not_fit_is_refused_whole_and_read_once_somebody_says_that_it_is_right(
    admin: PageClient, sends: Page, session: Session
) -> None:
    sends("etr.csv", [place(f"R{n:02}", f"PLACE {n}") for n in range(10, 20)])
    small = sends("etr.csv", [place("R10", "ANOTHER NAME")], LATER)
    assert small.state is DirectoryFileState.REFUSED
    page = admin.get(f"/import/directory/{small.id}").get_data(as_text=True)
    assert "it has 1 rows, where the file of 2026-03-02 had 10" in page
    found = site_named("R10")
    assert found is not None
    assert found.name == "PLACE 10"
    day = {"on-day": "1", "on-month": "6", "on-year": "2026", "how": "smaller"}
    assert admin.post(f"/import/directory/{small.id}", data=day).status_code == 302
    work(session)
    assert small.state is DirectoryFileState.READ
    assert small.counts["renamed"] == 1
    assert admin.post(f"/import/directory/{small.id}", data=day).status_code == 409


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("places.csv", b"a,b\r\n1,2\r\n", "Select which report it is"),
        ("ets.exe", b"MZ", "The selected file must be a CSV"),
        ("ets.csv", b"", "The selected file is empty"),
        ("ets.csv", b"\0\0\r\n", "The file is empty"),
        ("ets.xlsx", b"no workbook", "The file is not an XLSX"),
    ],
)
def test_what_is_no_file_of_the_directory_is_refused_in_words(
    admin: PageClient, session: Session, name: str, data: bytes, words: str
) -> None:
    assert words in post(admin, name, data)
    assert session.scalars(select(DirectoryFile)).all() == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a,b\r\n1,2\r\n", "it has 2 columns"),
        (b'"R1A","unclosed', "cannot be read"),
        (as_csv([place("R1A", "x" * 2_000_000)]), "cannot be read"),
        (as_csv([["Code", "Postcode", "Name", *[""] * 24]]), "its header has"),
        (b"\xff\xfe\x00\x81,,,\r\n", "cannot be read"),
    ],
)
def test_what_only_reading_shows_is_said_on_its_page(
    admin: PageClient, session: Session, data: bytes, words: str
) -> None:
    place_of = post(admin, "etr.csv", data)
    work(session)
    assert words in admin.get(place_of).get_data(as_text=True)
    assert session.scalars(select(Site)).all() == []


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(admin: PageClient) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", b"0" * 120_000_000)
    assert "unpacks to more than any spreadsheet" in post(admin, "ets.xlsx", body.getvalue())


def test_a_day_ahead_is_refused(admin: PageClient, session: Session) -> None:
    ahead = date(today().year + 1, 1, 1)
    page = post(admin, "etr.csv", as_csv([place("R1A", "PLACE")]), ahead)
    assert "The day must be today or in the past" in page
    assert session.scalars(select(DirectoryFile)).all() == []


def test_whoever_runs_a_place_is_read_before_it_whichever_was_sent_first(
    admin: PageClient, session: Session
) -> None:
    sites = [place("RAA01", "SITE", above="RAA")]
    post(admin, "ets.csv", as_csv(sites))
    post(admin, "etr.csv", as_csv([place("RAA", "TRUST")]))
    work(session)
    files = session.scalars(select(DirectoryFile).order_by(DirectoryFile.ended_at)).all()
    assert [file.report for file in files] == ["etr", "ets"]
    assert "unknown_parent" not in files[1].counts


def test_a_reading_that_was_broken_off_is_done_again_and_nothing_is_there_twice(
    admin: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [place(str(n), f"PLACE {n}") for n in range(100, 400)]
    place_of = post(admin, "etr.csv", as_csv(rows))
    read = directory.steps

    def killed(file: DirectoryFile, source: OdsFile, told: object) -> object:
        yield next(iter(read(file, source, told)))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(directory, "steps", killed)
    session.commit()
    with pytest.raises(KeyboardInterrupt):
        tasks.read_directory(lambda *_: None)
    session.rollback()
    some = len(session.scalars(select(Site)).all())
    assert 0 < some < 300
    monkeypatch.setattr(directory, "steps", read)
    work(session)
    codes = session.scalars(select(Site.code)).all()
    assert len(codes) == len(set(codes)) == 300
    assert "begun again" in admin.get(place_of).get_data(as_text=True)


def test_files_go_after_thirty_days(sends: Page, session: Session) -> None:
    file = sends("etr.csv", [place("R1A", "PLACE")])
    file.at = now() - timedelta(days=32)
    session.commit()
    rule = next(one for one in RETENTION if one.code == "directory_files")
    assert rule.count(now() - timedelta(days=31)) == 1
    rule.forget(now() - timedelta(days=31), 10)
    assert session.scalars(select(DirectoryFile)).all() == []


def test_nobody_else_reads_or_sends_them(
    sends: Page, cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    file = sends("etr.csv", [place("R1A", "PLACE")])
    for person in (cast.hin, cast.ics, cast.national, cast.innovator):
        client = as_(person)
        assert client.get(f"/import/directory/{file.id}").status_code == 403
        assert client.get("/import/directory").status_code == 403
        assert client.post("/import/directory").status_code == 403
