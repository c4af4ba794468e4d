"""Somebody is erased: only numbers are left, what counted still counts, the trail agrees."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Membership, MembershipState, User
from portal.accounts.services import reactivate
from portal.audit.models import AuditEvent
from portal.audit.queries.seals import verify
from portal.audit.services.seals import seal_next
from portal.db import db
from portal.errors import Invalid
from portal.exports.models import ExportFile
from portal.files import content_of
from portal.jobs import run_waiting
from portal.notifications.models import Email
from portal.personal import places
from portal.privacy.models import DataCopy
from portal.privacy.queries import person_of, standings
from portal.privacy.rules import Person
from portal.privacy.services.erasing import queue_erasure, steps
from portal.search import services as search
from tests import makers
from tests.cast import Cast
from tests.cast import Person as Someone
from tests.exports.test_taking_out import exported
from tests.pages import PageClient
from tests.privacy.planting import (
    ADDRESS,
    NAME,
    counted,
    found_in_files,
    found_in_tables,
    plant,
    stands_in,
)

As = Callable[[Someone], PageClient]


def erase(user: User) -> None:
    for step in steps(user):
        step()
        db.session.commit()


def seal_all(key: str) -> None:
    while seal_next(key=key):
        pass
    db.session.commit()


def test_a_person_planted_everywhere_is_found_everywhere_first(
    session: Session, cast: Cast
) -> None:
    plant(cast)
    session.commit()
    session.expire_all()
    found = set(found_in_tables())
    wanted = {f"{place.table}.{name}" for place in places() for name in place.searched}
    assert wanted - found == set(), "a column was not planted: the next test would not see it"


def test_only_numbers_are_left_and_nothing_else_changed(
    app: Flask,
    session: Session,
    cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(app.config, "INSTANCE", str(tmp_path))
    person = plant(cast)
    caplog.clear()
    number, key = person.id, app.config["AUDIT_KEY"]
    search.rebuild()
    session.commit()
    run_waiting()
    seal_all(key)
    folders = (str(tmp_path),)
    assert found_in_files(*folders) != []
    before, numbers = counted(), numbers_of(number)

    queue_erasure(user=person)
    session.commit()
    run_waiting()
    session.expire_all()

    assert found_in_tables() == []
    assert found_in_files(*folders) == []
    assert not stands_in(caplog.text)
    assert counted() == before
    assert numbers_of(number) == numbers, "rows still say by number who it was"
    seal_all(key)
    verdict = verify(key=key)
    assert (verdict.problem, verdict.erased > 0) == ("", True)
    assert person.name == "A former member of Brightwell Health"
    assert (person.email, person.active) == (f"erased-{number}@invalid", False)
    open_ones = select(Membership).where(
        Membership.user_id == number, Membership.state == MembershipState.ACTIVE
    )
    assert session.scalars(open_ones).all() == []


def numbers_of(user_id: int) -> dict[str, int]:
    """Return how many rows refer to the person in each table that keeps its rows."""
    return {
        f"{place.table}.{name}": len(
            db.session.execute(select(place.source).where(place.source.c[name] == user_id)).all()
        )
        for place in places()
        for name in place.person_columns
        if not (place.theirs or place.holds_copies)
        and place.table not in {"job", "data_copy", "audit_event", "email"}
    }


def test_exports_made_before_are_gone_and_later_ones_do_not_tell(
    session: Session, cast: Cast, as_: As
) -> None:
    person = plant(cast)
    session.commit()
    before = exported(as_, cast.administrator, session)
    assert told_in(before) != []
    erase(person)
    assert session.scalars(select(ExportFile)).all() == []
    assert told_in(exported(as_, cast.administrator, session)) == []


def told_in(archive: zipfile.ZipFile) -> list[str]:
    """Return the members of an export that tell of the person."""
    texts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    return [name for name, text in texts.items() if stands_in(f"{name} {text}")]


def test_what_the_person_did_is_still_told_by_number(session: Session, cast: Cast) -> None:
    person = plant(cast)
    erase(person)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "innovation.looked_at")
    ).one()
    assert (event.actor_id, event.actor_name) == (person.id, "A former member of Brightwell Health")


def test_nobody_of_the_same_name_is_touched(session: Session, cast: Cast) -> None:
    first, second = makers.user("Sam Smith"), makers.user("Sam Smith", email="sam@b.example")
    theirs = makers.innovation("One", of=cast.innovator, summary="Sam Smith leads it", owner=first)
    other = makers.innovation("Two", of=cast.innovator, summary="Sam Smith leads it", owner=second)
    erase(first)
    session.expire_all()
    assert theirs.summary == "a former user leads it"
    assert other.summary == "Sam Smith leads it"
    assert second.name == "Sam Smith"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ann Lee", "A former user"),
        ("ask ANN  LEE today", "ask a former user today"),
        ("Ann Leeson and JoAnn Lee", "Ann Leeson and JoAnn Lee"),
        ("to ann@a.example.", "to (an email address)."),
        ("joann@a.example", "joann@a.example"),
        ("jo-ann@a.example, jo.ann@a.example", "jo-ann@a.example, jo.ann@a.example"),
        ("ann@a.example.org", "ann@a.example.org"),
        ({"a": ["Ann Lee", 3, None]}, {"a": ["A former user", 3, None]}),
        ("", ""),
    ],
)
def test_words_without_a_person(before: object, after: object) -> None:
    ann = Person(user_id=1, name="Ann Lee", address="ann@a.example", label="a former user")
    assert ann.rewritten(before) == after


def test_an_erased_account_is_not_opened_again(session: Session, cast: Cast) -> None:
    person = makers.user("Gone Away")
    erase(person)
    with pytest.raises(Invalid, match="erased"):
        reactivate(user=person, by=cast.administrator.actor)


def test_erasing_again_after_a_stop_goes_on(session: Session, cast: Cast) -> None:
    person = plant(cast)
    for number, step in enumerate(steps(person)):
        step()
        session.commit()
        if number == 5:
            break
    erase(person)
    session.expire_all()
    assert found_in_tables() == []


def test_an_administrator_looks_twice_and_erases(session: Session, cast: Cast, as_: As) -> None:
    person = plant(cast)
    browser = as_(cast.administrator)
    page = browser.get(f"/admin/people/{person.id}/erase").text
    assert "a former member of Brightwell Health" in page
    assert "Records" in page
    wrong = browser.post(f"/admin/people/{person.id}/erase", data={"address": "else@b.example"})
    assert "Enter the email address of the person to be erased" in wrong.text
    browser.post(f"/admin/people/{person.id}/erase", data={"address": ADDRESS})
    session.expire_all()
    assert not person.active
    run_waiting()
    session.expire_all()
    assert found_in_tables() == []
    assert not stands_in(browser.get(f"/admin/people/{person.id}").text)
    assert not stands_in(browser.get("/admin/audit").text)
    assert not stands_in(browser.get("/admin/people.csv").text)


def test_a_person_gets_all_that_is_held_and_no_keys(session: Session, cast: Cast, as_: As) -> None:
    plant(cast)
    person = session.scalars(select(User).where(User.email == ADDRESS)).one()
    membership = person.memberships[0]
    browser = as_(Someone(person, membership))
    held = {one.label for one in standings(person_of(person))}
    page = browser.get("/account/data").text
    assert {"records", "participants of interactions", "files of tasks", "invitations"} <= held
    assert "Files of tasks" in page
    stays = [one for one in standings(person_of(person)) if not one.is_deleted]
    summary = f"{sum(one.rows for one in stays):,} entries of {len(stays)} kinds"
    assert f"Stays, without name and address: {summary}" in " ".join(page.split())
    browser.post("/account/data")
    run_waiting()
    copy = session.scalars(select(DataCopy)).all()[-1]
    answer = browser.get(f"/account/data/{copy.id}.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = set(archive.namelist())
    everything = json.loads(archive.read("everything.json"))
    assert {"about.txt", "user.csv", "participant.csv", "challenge.csv"} <= names
    assert any(name.startswith("files/task_file/") for name in names)
    assert everything["user"][0]["email"] == ADDRESS
    assert "password" not in everything["user"][0]
    assert [
        key for rows in everything.values() for row in rows for key in row if "hash" in key
    ] == [*["words_hash"] * len(everything["audit_event"])]
    assert as_(cast.colleague).get(f"/account/data/{copy.id}.zip").status_code == 404
    assert as_(cast.administrator).get(f"/account/data/{copy.id}.zip").status_code == 200


def test_a_person_closes_their_account_and_is_erased(session: Session, cast: Cast, as_: As) -> None:
    person = cast.colleague.user
    browser = as_(cast.colleague)
    page = browser.get("/account/close").text
    assert "What happens to your name and address?" in page
    blank = browser.post("/account/close", data={"password": "wrong"})
    assert "Select what happens to your name and address" in blank.text
    assert person.active
    browser.post("/account/close", data={"then": "erase", **password_of(person)})
    session.expire_all()
    assert (person.active, person.closed_at is not None) == (False, True)
    run_waiting()
    session.expire_all()
    assert person.name == "A former member of Brightwell Health"
    assert browser.get("/account").status_code == 302


def password_of(person: User) -> dict[str, str]:
    return {"password": "a password of tests"} if person.password else {}


def test_the_only_person_of_an_organisation_can_go(session: Session, cast: Cast, as_: As) -> None:
    browser = as_(cast.other_innovator)
    browser.post("/account/close", data={"then": "close"})
    session.expire_all()
    assert not cast.other_innovator.user.active


def test_the_last_administrator_cannot_go(session: Session, cast: Cast, as_: As) -> None:
    browser = as_(cast.administrator)
    assert "last administrator" in browser.get("/account/close").text
    browser.post("/account/close", data={"then": "close"})
    session.expire_all()
    assert cast.administrator.user.active


def test_emails_to_an_erased_person_are_gone(session: Session, cast: Cast) -> None:
    person = plant(cast)
    session.add(Email(address=ADDRESS, subject="Hello", body=NAME))
    session.flush()
    erase(person)
    assert session.scalars(select(Email).where(Email.address == ADDRESS)).all() == []


def test_a_file_that_names_the_person_is_gone_and_its_row_stays(
    session: Session, cast: Cast
) -> None:
    person = plant(cast)
    place = next(one for one in places() if one.table == "task_file")
    stored = session.scalars(select(place.source.c.stored)).one()
    assert stands_in(content_of(stored, room=place.files).decode())
    erase(person)
    assert session.scalars(select(place.source.c.name)).one() == "A file that was removed"
