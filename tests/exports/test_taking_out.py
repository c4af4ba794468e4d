"""Everything out: asked for, made as a job, fetched and noted; a network's own by its policies."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor, UserSession
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db
from portal.exports import tasks
from portal.exports.models import ExportFile
from portal.exports.rules.values import plain, read
from portal.exports.serialise.archive import Counts
from portal.exports.serialise.cells import MARK, cell, text_of
from portal.exports.serialise.own import write_own
from portal.innovations.models import EvidenceFile, RecordStatus
from portal.jobs import run_waiting
from portal.privacy.queries.retention import rule_of
from portal.privacy.services.retention import clear
from portal.support.models import Engagement, EngagementState
from tests import makers
from tests.cast import Cast, Person
from tests.exports.profile import problems


def exported(as_: Any, person: Person, session: Session) -> zipfile.ZipFile:
    """Ask for an export as somebody, let the job run, and fetch what it made."""
    browser = as_(person)
    assert browser.post("/export").status_code == 302
    assert "Being made" in browser.get("/export").text
    run_waiting()
    session.expire_all()
    page = browser.get("/export").text
    made = session.scalars(select(ExportFile).order_by(ExportFile.id.desc()).limit(1)).one()
    assert f"/export/{made.id}.zip" in page
    answer = browser.get(f"/export/{made.id}.zip")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    with answer:
        return zipfile.ZipFile(io.BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"json/{name}.jsonl").splitlines()]


def test_an_administrator_takes_the_whole_portal_out(
    session: Session, cast: Cast, as_: Any
) -> None:
    record = makers.innovation("=HYPERLINK(1)", of=cast.innovator, status=RecordStatus.DRAFT)
    file = makers.evidence_file(of=record)
    session.commit()
    archive = exported(as_, cast.administrator, session)
    package = json.loads(archive.read("datapackage.json"))
    assert problems(package) == []
    names = {one["name"] for one in package["resources"]}
    assert names == {n[5:-4] for n in archive.namelist() if n.startswith("data/")}
    assert {"email", "user_session", "api_token", "stored_file", "job"} & names == set()
    assert "=HYPERLINK(1)" in {one["name"] for one in rows(archive, "innovation")}
    assert "'=HYPERLINK(1)" in archive.read("data/innovation.csv").decode()
    assert f"files/{EvidenceFile.kept_in}/{file.stored}" in archive.namelist()
    people = {one["email"]: one for one in rows(archive, "user")}
    assert cast.innovator.user.email in people
    assert "password" not in people[cast.innovator.user.email]
    assert b"table,column,kind" in archive.read("dictionary.csv")
    trail = session.scalars(select(AuditEvent).where(AuditEvent.noun == "export_file")).all()
    assert [one.action for one in trail] == [
        *("export_file.asked", "export_file.made", "export_file.fetched"),
    ]
    assert trail[2].actor_id == cast.administrator.user.id


def test_a_network_takes_out_what_its_pages_show_it_of_its_own_work(
    session: Session, cast: Cast, as_: Any
) -> None:
    makers.innovation("Draft nightjar", of=cast.innovator, status=RecordStatus.DRAFT)
    ours = makers.innovation("Ours", of=cast.innovator)
    makers.innovation("Elsewhere", of=cast.other_innovator, hin=makers.hin("HI-MAN"), opens=False)
    joined = makers.innovation(
        "Joined", of=cast.other_innovator, hin=makers.hin("HI-MAN"), opens=False
    )
    session.add(
        Engagement(
            innovation_id=joined.id,
            hin_id=cast.hin.actor.hin_id,
            state=EngagementState.ENGAGING,
        )
    )
    theirs = Engagement(
        innovation_id=ours.id, hin_id=cast.other_hin.actor.hin_id, state=EngagementState.ENGAGING
    )
    session.add(theirs)
    session.commit()
    archive = exported(as_, cast.hin, session)
    assert {one["name"] for one in rows(archive, "innovations")} == {"Ours", "Joined"}
    assert theirs.id not in {one["id"] for one in rows(archive, "engagements")}
    package = json.loads(archive.read("datapackage.json"))
    assert problems(package) == []
    whole = [json.loads(line) for line in archive.read("records.jsonl").splitlines()]
    assert {one["name"] for one in whole} == {"Ours", "Joined"}
    text = " ".join(archive.read(n).decode() for n in archive.namelist() if n.endswith("csv"))
    assert "nightjar" not in text
    assert cast.administrator.user.email not in text


def test_others_may_not_ask_and_nobody_fetches_what_is_not_theirs(
    session: Session, cast: Cast, as_: Any
) -> None:
    exported(as_, cast.hin, session)
    made = session.scalars(select(ExportFile)).one()
    url = f"/export/{made.id}.zip"
    assert as_(cast.other_hin).get(url).status_code == 404
    assert as_(cast.innovator).get(url).status_code == 403
    assert as_(cast.ics).post("/export").status_code == 403


def test_it_asks_again_who_one_is(session: Session, cast: Cast, as_: Any) -> None:
    exported(as_, cast.administrator, session)
    made = session.scalars(select(ExportFile)).one()
    browser = as_(cast.administrator)
    for row in session.scalars(select(UserSession)):
        row.proved_at = now() - timedelta(hours=1)
    session.commit()
    for answer in (browser.get(f"/export/{made.id}.zip"), browser.post("/export")):
        assert answer.status_code == 302
        assert "/account/prove" in answer.location


def test_it_is_deleted_after_seven_days(session: Session, cast: Cast, as_: Any) -> None:
    exported(as_, cast.administrator, session)
    made = session.scalars(select(ExportFile)).one()
    rule = rule_of("exports")
    assert (rule.days, rule.retention.ceiling) == (7, 7)
    made.at = now() - timedelta(days=8)
    session.commit()
    clear(rule=rule, commit=session.commit)
    assert session.scalars(select(ExportFile)).all() == []


def test_who_left_gets_nothing_made(session: Session, cast: Cast, as_: Any) -> None:
    assert as_(cast.hin).post("/export").status_code == 302
    cast.hin.user.active = False
    session.commit()
    run_waiting()
    assert session.scalars(select(ExportFile)).all() == []


def test_nobody_waits_while_a_network_s_export_is_written(
    session: Session, cast: Cast, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To have looked who asked would hold the lock of SQLite until the end."""
    held = []

    def write(path: Path, actor: Actor) -> Counts:
        held.append(db.session.in_transaction())
        return write_own(path, actor)

    monkeypatch.setattr(tasks, "write_own", write)
    assert as_(cast.hin).post("/export").status_code == 302
    run_waiting()
    assert held == [False]


TEXTS = st.text() | st.sampled_from(["=1+1", "'", "''=", "", "@x", "\t=", "-5", "'plain"])


@given(TEXTS)
def test_no_text_is_lost_in_csv_and_none_is_calculated(text: str) -> None:
    text = text.replace("\r", "").replace("\0", "")
    written = cell(text)
    assert text_of(written) == text
    assert written
    assert not written.startswith(("=", "+", "-", "@", "\t"))
    kept = io.StringIO(newline="")
    csv.writer(kept).writerow([written, MARK])
    assert next(csv.reader(io.StringIO(kept.getvalue(), newline=""))) == [written, MARK]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("datetime", now()),
        ("date", now().date()),
        ("boolean", False),
        ("integer", 0),
        ("object", {"a": [1, None]}),
        ("string", ""),
    ],
)
def test_values_come_back_as_they_were(kind: str, value: Any) -> None:
    assert read(kind, json.loads(json.dumps(plain(value)))) == value
    assert read(kind, None) is None
