"""Files on pieces of evidence: from the draft to the record, and out again."""

import json
import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import SYSTEM
from portal.errors import Invalid, NotFound
from portal.imports.services.innovations import Incoming, bring_in
from portal.innovations.models import EvidenceFile, Innovation, Section
from portal.innovations.queries.files import evidence_file_for
from portal.innovations.rules.evidence import MAX_FILES
from portal.innovations.sections.answers import version_of, version_of_all
from portal.innovations.services.files import add_file, remove_file
from portal.innovations.services.ownership import archive, delete_draft
from portal.innovations.services.submission import submit
from tests import makers
from tests.cast import Cast, Person
from tests.innovations.test_submitting import draft, ready, submitted

PIECE = {"kind": "REAL_WORLD", "title": "A year of use"}


def put(innovation: Innovation, by: Person, name: str = "costs.csv", number: int = 1) -> Any:
    return add_file(
        innovation=innovation,
        number=number,
        file=(BytesIO(b"name,cost"), name),
        version=version_of(innovation, Section.EVIDENCE),
        by=by.actor,
    )


def send(innovation: Innovation, by: Person) -> None:
    submit(innovation=innovation, version=version_of_all(innovation), by=by.actor)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(EvidenceFile.name).order_by(EvidenceFile.id)))


@pytest.fixture
def innovation(session: Session, cast: Cast) -> Innovation:
    """A record on the pipeline with a piece of evidence."""
    row = submitted(cast.innovator)
    draft(row, Section.EVIDENCE, cast.innovator, items=[{"id": None, **PIECE}])
    send(row, cast.innovator)
    return row


def test_a_file_is_put_seen_on_check_your_answers_submitted_and_read(
    innovation: Innovation, cast: Cast, as_: Any
) -> None:
    browser, base = as_(cast.innovator), f"/innovations/{innovation.id}"
    page = browser.get(f"{base}/edit/evidence/1/files").text
    version = re.search(r'name="version"[^>]*value="([^"]*)"', page)
    assert version
    sent = {"version": version[1], "file": (BytesIO(b"name,cost"), "costs.csv")}
    assert browser.post(f"{base}/edit/evidence/1/files", data=sent).status_code == 302
    for place in ("check", "edit/evidence", "edit/evidence/1/files"):
        assert "costs.csv" in browser.get(f"{base}/{place}").text, place
    assert "costs.csv" not in as_(cast.hin).get(f"{base}/evidence").text
    send(innovation, cast.innovator)
    for place in ("evidence", "print"):
        shown = as_(cast.hin).get(f"{base}/{place}").text
        assert "costs.csv" in shown, place
        assert "not scanned for viruses" in shown, place
    file = innovation.evidence[0].files[0]
    got = as_(cast.hin).get(f"{base}/evidence/files/{file.id}")
    assert got.data == b"name,cost"
    assert got.headers["Content-Disposition"] == "attachment; filename=costs.csv"
    assert "no-store" in got.headers["Cache-Control"]
    exported = json.loads(as_(cast.hin).get(f"{base}/export.json").data)
    told = {"name": "costs.csv", "media_type": "text/csv", "bytes": 9}
    assert exported["sections"]["evidence"][0]["files"] == [told]


def test_what_only_a_draft_names_is_the_own_sides(innovation: Innovation, cast: Cast) -> None:
    row = put(innovation, cast.innovator)
    assert evidence_file_for(cast.colleague.actor, innovation, row.id) is row
    with pytest.raises(NotFound):
        evidence_file_for(cast.hin.actor, innovation, row.id)
    send(innovation, cast.innovator)
    assert evidence_file_for(cast.hin.actor, innovation, row.id) is row


def test_an_edit_of_the_piece_keeps_its_files(
    innovation: Innovation, cast: Cast, as_: Any, session: Session
) -> None:
    put(innovation, cast.innovator)
    send(innovation, cast.innovator)
    base = f"/innovations/{innovation.id}/edit/evidence/1"
    version = version_of(innovation, Section.EVIDENCE)
    sent = {**PIECE, "title": "Two years of use", "version": version}
    assert as_(cast.innovator).post(base, data=sent).status_code == 302
    send(innovation, cast.innovator)
    assert [file.name for file in innovation.evidence[0].files] == ["costs.csv"]
    assert innovation.evidence[0].title == "Two years of use"


def test_a_file_taken_out_stays_until_that_is_submitted(
    innovation: Innovation, cast: Cast, session: Session
) -> None:
    row = put(innovation, cast.innovator)
    send(innovation, cast.innovator)
    told = {"innovation": innovation, "number": 1, "by": cast.innovator.actor}
    version = version_of(innovation, Section.EVIDENCE)
    remove_file(**told, file_id=row.id, version=version)
    assert [file.name for file in innovation.evidence[0].files] == ["costs.csv"]
    send(innovation, cast.innovator)
    session.expire_all()
    assert innovation.evidence[0].files == []
    assert names(session) == []


def test_discarding_the_draft_forgets_what_only_it_named(
    innovation: Innovation, cast: Cast, as_: Any, session: Session
) -> None:
    put(innovation, cast.innovator, "kept.csv")
    send(innovation, cast.innovator)
    put(innovation, cast.innovator, "dropped.csv")
    version = version_of(innovation, Section.EVIDENCE)
    base = f"/innovations/{innovation.id}/edit/evidence/discard"
    assert as_(cast.innovator).post(base, data={"version": version}).status_code == 302
    assert names(session) == ["kept.csv"]


def test_a_piece_taken_out_takes_its_files_along(
    innovation: Innovation, cast: Cast, session: Session
) -> None:
    put(innovation, cast.innovator)
    send(innovation, cast.innovator)
    draft(innovation, Section.EVIDENCE, cast.innovator, items=[])
    send(innovation, cast.innovator)
    assert names(session) == []


def test_a_draft_that_is_deleted_takes_its_files_along(session: Session, cast: Cast) -> None:
    row = ready(cast.innovator)
    draft(row, Section.EVIDENCE, cast.innovator, items=[{"id": None, **PIECE}])
    put(row, cast.innovator)
    delete_draft(innovation=row, by=cast.innovator.actor)
    assert names(session) == []


def test_an_archived_record_keeps_its_files_for_its_readers(
    innovation: Innovation, cast: Cast, as_: Any
) -> None:
    row = put(innovation, cast.innovator)
    send(innovation, cast.innovator)
    archive(innovation=innovation, why="Sold.", version=innovation.version, by=cast.innovator.actor)
    address = f"/innovations/{innovation.id}/evidence/files/{row.id}"
    assert as_(cast.innovator).get(address).data == b"name,cost"
    assert as_(cast.hin).get(address).data == b"name,cost"
    assert as_(cast.ics).get(address).status_code == 404


def test_there_may_be_five_and_each_is_what_its_name_says(
    innovation: Innovation, cast: Cast
) -> None:
    with pytest.raises(Invalid, match="not a PDF"):
        put(innovation, cast.innovator, "costs.pdf")
    for number in range(MAX_FILES):
        put(innovation, cast.innovator, f"{number}.csv")
    with pytest.raises(Invalid, match="Take a file out first"):
        put(innovation, cast.innovator, "one too many.csv")


def test_an_import_that_changes_the_evidence_keeps_the_files(session: Session, cast: Cast) -> None:
    told: dict[str, Any] = {
        "line": 1,
        "external_key": "WM-1",
        "name": "Breathe Easy",
        "organisation": cast.innovator.organisation.name,
        "organisation_kind": cast.innovator.organisation.kind,
    }
    blank = {"type": None, "result": "", "on": None, "link": ""}
    about = {
        Section.ABOUT: {"name": "Breathe Easy", "summary": "-", "category": "DIGITAL",
                        "stage": "READY", "nation": "england", "ics": "QWU", "hin": "HI-WM"},
        Section.NEED: {"need": "Help.", "care_settings": ["AMBULANCE"]},
    }  # fmt: skip
    piece = {**PIECE, **blank}
    rows = [Incoming(**told, answers={**about, Section.EVIDENCE: {"items": [piece]}})]
    bring_in(rows=rows, by=SYSTEM)
    row = session.scalars(select(Innovation)).one()
    file = makers.evidence_file(of=row, evidence_id=row.evidence[0].id)
    session.expire_all()
    assert bring_in(rows=rows, by=SYSTEM).unchanged == 1
    changed = {"items": [{**piece, "result": "A third fewer."}]}
    again = [Incoming(**told, answers={**about, Section.EVIDENCE: changed})]
    assert bring_in(rows=again, by=SYSTEM).updated == 1
    assert row.evidence[0].result == "A third fewer."
    assert row.evidence[0].files == [file]
