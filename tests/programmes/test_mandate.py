"""The tests of the funding mandate: rows of each record, and which products would qualify."""

import csv
import io
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation
from portal.programmes.models import Answer, MandateCriterion, MandateResult
from portal.programmes.queries.mandate import MandateAnswers, criteria, records_tested
from portal.programmes.rules.mandate import Standing, in_force, judged, standing, threshold_words
from portal.programmes.services.loading import DATA, Report, load_choosing
from portal.programmes.services.mandate import record_test
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

As = Callable[[Person], PageClient]


@pytest.fixture(autouse=True)
def tests_of_the_policy(app: Flask, session: Session) -> None:
    """The tests of the portal's own file."""
    load_choosing(Report(), DATA)


def criterion(code: str) -> MandateCriterion:
    return db.session.scalars(select(MandateCriterion).filter_by(code=code)).one()


def record(cast: Cast, innovation: Innovation, code: str, **values: Any) -> MandateResult:
    given = {"seen": 0, "source": "Guidance 12", "by": cast.national.actor, **values}
    return record_test(innovation=innovation, criterion=criterion(code), **given)


def test_each_policy_year_has_its_own_tests() -> None:
    codes = {y: [one.code for one in in_force(criteria(), y)] for y in (2020, 2021, 2022)}
    assert codes == {
        2020: [],
        2021: ["EFFECTIVE", "SAVING_5Y", "SAVING_1Y", "AFFORDABLE"],
        2022: ["EFFECTIVE", "SAVING_5Y", "SAVING_3Y", "AFFORDABLE"],
    }
    assert threshold_words(criterion("SAVING_5Y")) == "more than £1,000,000"
    assert threshold_words(criterion("AFFORDABLE")) == "at most £20,000,000 a year"
    assert threshold_words(criterion("SAVING_3Y")) == "at most 36 months"


def test_a_number_decides_at_its_threshold() -> None:
    assert judged(criterion("SAVING_5Y"), 1_000_000) is Answer.NOT_MET
    assert judged(criterion("SAVING_5Y"), 1_000_000.01) is Answer.MET
    assert judged(criterion("AFFORDABLE"), 20_000_000) is Answer.MET
    assert judged(criterion("SAVING_3Y"), 36.5) is Answer.NOT_MET
    assert judged(criterion("SAVING_3Y"), None) is Answer.NOT_KNOWN


def test_the_newest_row_tells_and_the_former_stay(session: Session, cast: Cast) -> None:
    made = makers.innovation("Thopaz", of=cast.innovator)
    with pytest.raises(Invalid):
        record(cast, made, "EFFECTIVE")
    with pytest.raises(Invalid):
        record(cast, made, "EFFECTIVE", answer=Answer.MET, source="")
    with pytest.raises(Forbidden):
        record_test(innovation=made, criterion=criterion("EFFECTIVE"), seen=0, by=cast.hin.actor)
    record(cast, made, "EFFECTIVE", answer=Answer.NOT_KNOWN, source="")
    with pytest.raises(Conflict):
        record(cast, made, "EFFECTIVE", answer=Answer.MET)
    record(cast, made, "EFFECTIVE", answer=Answer.MET, seen=1)
    rows = session.scalars(select(MandateResult).order_by(MandateResult.number)).all()
    assert [row.answer for row in rows] == [Answer.NOT_KNOWN, Answer.MET]
    assert {row.by_id for row in rows} == {cast.national.user.id}


def test_two_who_record_at_once_are_told_apart_by_the_database(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = makers.innovation("Thopaz", of=cast.innovator)
    record(cast, made, "EFFECTIVE", answer=Answer.MET)
    monkeypatch.setattr("portal.programmes.services.mandate.last_number", lambda *_: 0)
    with pytest.raises(Conflict):
        record(cast, made, "EFFECTIVE", answer=Answer.NOT_MET)


def test_the_rule_and_its_twin_in_sql_agree(session: Session, cast: Cast) -> None:
    tests = in_force(criteria(), 2022)[:2]
    known, by = MandateAnswers(tests), cast.national.actor
    wanted: dict[Standing, set[int]] = {one: set() for one in Standing}
    for number, answers in enumerate(product([*Answer, None], repeat=2)):
        made = makers.innovation(f"Thing {number}", of=cast.innovator)
        record(cast, made, "AFFORDABLE", value=1.0)
        for one, answer in zip(tests, answers, strict=True):
            if answer is not None:
                row = MandateResult(innovation_id=made.id, criterion=one, number=1, answer=answer)
                makers.put(row)
        told = {t.id: a for t, a in zip(tests, answers, strict=True) if a is not None}
        wanted[standing(tests, told)].add(made.id)
    for one, ids in wanted.items():
        rows = session.execute(records_tested(by, known, standing=one)).all()
        assert {row.Innovation.id for row in rows} == ids
    assert len(wanted[Standing.QUALIFIES]) == 1


def test_products_that_would_qualify_have_a_page(session: Session, cast: Cast, as_: As) -> None:
    made = makers.innovation("Thopaz", of=cast.innovator)
    other = makers.innovation("Lantern", of=cast.innovator)
    record(cast, other, "EFFECTIVE", answer=Answer.NOT_MET)
    db.session.commit()
    path, browser = f"/programmes/mandate/{made.id}", as_(cast.national)
    page = browser.post(f"{path}/SAVING_5Y", data={"version": "0", "is_known": "yes"})
    assert "Enter the number" in page.get_data(as_text=True)
    told = {"version": "0", "source": "Resource impact 12"}
    page = browser.post(f"{path}/EFFECTIVE", data={"version": "0", "answer": "met"})
    assert "Enter where it stands" in page.get_data(as_text=True)
    met = {**told, "answer": "met"}
    assert browser.post(f"{path}/EFFECTIVE", data=met).location == path
    for code, number in (("SAVING_5Y", "1,500,000"), ("SAVING_3Y", "30"), ("AFFORDABLE", "900000")):
        data = {**told, "is_known": "yes", "value": number}
        assert browser.post(f"{path}/{code}", data=data).location == path
    again = browser.post(f"{path}/EFFECTIVE", data=met)
    assert again.status_code == 409
    shown = as_(cast.hin).get(path).get_data(as_text=True)
    assert "Would qualify" in shown
    assert "£1,500,000" in shown
    assert "Resource impact 12" in shown
    assert cast.national.user.name in shown
    counted, reader = Statements(db.engine), as_(cast.other_hin)
    reader.get("/programmes/mandate")
    with counted.at_most(10):
        listed = reader.get("/programmes/mandate?standing=qualifies").get_data(as_text=True)
    counted.stop()
    assert "Thopaz" in listed
    assert "Lantern" not in listed
    text = reader.get("/programmes/mandate/download.csv").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row[:2] for row in rows[1:]] == [
        ["Thopaz", "Would qualify"],
        ["Lantern", "Would not qualify"],
    ]
