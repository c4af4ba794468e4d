"""What reports printed comes out of the rows, on the pages that anybody reads."""

import re
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import db
from portal.programmes.models import Measure, Programme, ProgrammeKind, ProgrammeValue
from portal.programmes.services.loading import load

SHOWN = (
    ("FOCUS_ADHD", "1,465 of 1,233 (119%)"),
    ("FOCUS_ADHD", "49 trusts"),
    ("FOCUS_ADHD", "92 sites"),
    ("FOCUS_ADHD", "4,790 tests"),
    ("MTFM_SECURACATH", "80 live, 50 to adopt: 80 of 130 (62%)"),
    (
        "MTFM_GAMMACORE",
        (
            "about 55 = 25 funded + 13 awaiting clarification + 4 will not continue or no route"
            " + 13 not stated"
        ),
    ),
    (
        "MTFM_PLGF",
        (
            "94 = 45 funded, mandate money confirmed or ready"
            " + 35 funded now, mandate money under discussion"
            " + 14 no talks, unable to fund, or may go back to the old way"
        ),
    ),
    (
        "MTFM_PLGF",
        (
            "51 = 20 funded, mandate money confirmed or ready"
            " + 18 funded now, mandate money under discussion"
            " + 13 no talks, unable to fund, or may go back to the old way"
        ),
    ),
    ("MTFM_PLGF", "145 = 94 (Elecsys sFlt-1/PlGF ratio) + 51 (Triage PlGF test)"),
    ("MTFM_PLGF", "these are pairs, not sites"),
    ("MTFM_HEARTFLOW", "more than 80%"),
    ("MTFM_HEARTFLOW", "18 is more than 80% of 22 at most"),
    ("MTFM_HEARTFLOW", "-27%"),
    ("PRETERM_OPT", "99%"),
    ("PRETERM_OPT", "Magnesium sulphate"),
    ("NON_ACUTE_TOOLS", "46%"),
    ("NON_ACUTE_TOOLS", "76%"),
    ("NON_ACUTE_TOOLS", "69%"),
    ("NON_ACUTE_TOOLS", "8%"),
    ("NON_ACUTE_TOOLS", "Indicative"),
    ("HIWM_THOPAZ", "7 of 13 (54%), then 12 of 13 (92%)"),
    ("HIWM_THOPAZ", "6 of 13 (46%)"),
    (
        "PTF",
        (
            "£2,727,335 = £984,000 Asthma Biologics + £760,000 FeNO + £193,000 FeNO Bundle"
            " + £790,335 Lipids"
        ),
    ),
    ("PTF", "The source states £2,800,000: its own parts do not make it"),
    ("PTF", "50 = 9 Asthma Biologics + 8 FeNO + 25 FeNO Bundle + 8 Lipids"),
    ("FENO", "33 of 126 (26%)"),
    ("BIOLOGICS", "9 of 21 (43%)"),
    ("FOCUS_ADHD", "Not known"),
)


@pytest.mark.parametrize(("code", "said"), SHOWN)
def test_anybody_reads_it_as_it_was_printed(loaded: Flask, code: str, said: str) -> None:
    assert said in _page(loaded, code)


def _page(app: Flask, code: str) -> str:
    """The words of all pages of a programme's figures."""
    with app.app_context():
        programme = db.session.scalars(select(Programme).where(Programme.code == code)).one()
    text, path = "", f"/programmes/{programme.id}/figures"
    for number in count(1):
        answer = app.test_client().get(path, query_string={"page": number})
        assert answer.status_code == 200
        html = answer.get_data(as_text=True)
        text += re.sub(r"<[^>]+>", "", html)
        if 'rel="next"' not in html:
            break
    return re.sub(r"\s+", " ", text.replace("&#39;", "'"))


def test_what_contradicts_another_number_says_so_beside_it(loaded: Flask) -> None:
    text = _page(loaded, "FENO")
    assert "Contradiction: the fund's own parts, £760,000 and £193,000, make £953,000" in text


def test_loading_again_changes_nothing(loaded: Flask) -> None:
    with loaded.app_context():
        values = select(func.count(ProgrammeValue.id))
        before = db.session.scalar(values)
        assert list(load().lines()) == []
        assert db.session.scalar(values) == before == 293
        assert db.session.scalar(select(func.count(Programme.id))) == 69
        assert db.session.scalar(select(func.count(Measure.id))) == 94
        db.session.rollback()


def test_what_somebody_changed_here_is_left_alone_by_the_files(loaded: Flask) -> None:
    with loaded.app_context():
        row = db.session.scalars(select(Programme).where(Programme.code == "ERD")).one()
        row.name, row.is_edited = "Repeat dispensing", True
        db.session.flush()
        load()
        assert row.name == "Repeat dispensing"
        db.session.rollback()


def test_totals_of_an_evaluation_stand_beside_what_is_recorded(loaded: Flask) -> None:
    with loaded.app_context():
        insights = db.session.scalars(select(Programme).where(Programme.code == "NIPP")).one()
        assert insights.kind is ProgrammeKind.EVALUATION
        path = f"/programmes/{insights.id}/evaluation"
    words = " ".join(loaded.test_client().get(path).get_data(as_text=True).split())
    assert "Interventions found: 231" in words
    assert "Evidence syntheses: 25 of 231" in words
    assert "£4,200,000" in words
