"""Estimates stand side by side, the one in use says why, and none is added to what was counted."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.figures.rules import sets
from portal.impact.models import Cash, Effect, Estimate
from portal.impact.queries.estimates import estimates
from portal.impact.rules.scaling import scaling, words_of
from portal.impact.rules.using import in_use
from portal.impact.services.estimates import save_estimate, use
from portal.innovations.models import Sharing
from tests import makers as tests_makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.programmes import makers as programmes

As = Callable[[Person], PageClient]
GIVEN = {
    "effect": Effect.BED_DAYS,
    "value": 1_200.0,
    "low": None,
    "high": None,
    "model": "Matched controls",
    "evaluator": "A university",
    "period": "2025-26",
    "sites": 12,
    "cash": Cash.NOT,
}


@pytest.fixture
def estimate(cast: Cast) -> Estimate:
    """An estimate of a public programme."""
    of = programmes.programme("Breath tests", is_public=True, by=cast.national)
    return save_estimate(estimate=None, programme_id=of.id, by=cast.national.actor, **GIVEN)


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def test_no_figure_counts_an_estimate() -> None:
    labels = {figure.label.lower() for one in sets() for figure in one.figures}
    assert not {effect.label for effect in Effect} & labels


def test_several_stand_side_by_side_and_the_one_in_use_says_why(
    estimate: Estimate, cast: Cast, as_: As
) -> None:
    by = cast.national.actor
    second = save_estimate(
        estimate=None,
        programme_id=estimate.programme_id,
        by=by,
        **{**GIVEN, "value": 900.0, "low": 600.0, "high": 1_500.0, "cash": Cash.RELEASES},
    )
    (group,) = estimates(ANONYMOUS)
    assert (group.choice, [one.id for one in group.estimates]) == (None, [estimate.id, second.id])
    with pytest.raises(Forbidden):
        use(estimate=second, why="It is newer.", by=cast.hin.actor)
    browser, path = as_(cast.national), f"/impact/estimates/{second.id}/use"
    assert "Enter why" in browser.post(path, data={"why": ""}).text
    assert browser.post(path, data={"why": "It has a range."}).status_code == 302
    db.session.expire_all()
    (group,) = estimates(ANONYMOUS)
    assert [one.id for one in group.estimates] == [second.id, estimate.id]
    assert in_use(group.estimates).why == "It has a range."
    text = _text(as_(cast.innovator).get("/impact/estimates").text)
    assert "900 bed days avoided (600 to 1,500)" in text
    assert "Why this one: It has a range." in text
    use(estimate=estimate, why="The range was wrong.", by=by)
    assert in_use([estimate, second]).estimate_id == estimate.id
    assert len(second.choices) == 1  # what was chosen before stays


def test_scaling_shows_its_arithmetic(estimate: Estimate) -> None:
    assert scaling(estimate) is None
    estimate.scaled_sites = 130
    found = scaling(estimate)
    assert found is not None
    assert (found.words, found.contradiction) == (
        "1,200 ÷ 12 sites × 130 sites = 13,000",
        "",
    )
    assert words_of(estimate) == "1,200 bed days avoided"


def test_a_range_holds_its_estimate_and_only_the_nation_keeps_them(
    estimate: Estimate, cast: Cast, as_: As
) -> None:
    by = cast.national.actor
    for low, high in ((1_300.0, 1_400.0), (100.0, None)):
        with pytest.raises(Invalid):
            save_estimate(
                estimate=estimate, version=1, by=by, **{**GIVEN, "low": low, "high": high}
            )
    with pytest.raises(Forbidden):
        save_estimate(estimate=None, by=cast.hin.actor, **GIVEN)
    browser = as_(cast.national)
    page = browser.get(f"/impact/estimates/{estimate.id}/edit").text
    assert 'value="1200"' in page
    data = {
        "version": str(estimate.version),
        "programme_id": str(estimate.programme_id),
        "effect": "bed_days",
        "value": "1250.5",
        "model": "Matched controls",
        "period": "2025-26",
        "cash": "not",
        "sites": "",
    }
    changed = browser.post(f"/impact/estimates/{estimate.id}/edit", data=data)
    assert changed.status_code == 302
    db.session.expire_all()
    assert (estimate.value, estimate.sites) == (1250.5, None)
    assert browser.post("/impact/estimates/new", data=data | {"version": "0"}).status_code == 302
    assert as_(cast.hin).get("/impact/estimates/new").status_code == 403


def test_an_estimate_of_a_programme_for_staff_is_theirs(
    estimate: Estimate, cast: Cast, as_: As
) -> None:
    estimate.programme.is_public = False
    db.session.commit()
    assert "1,200 bed days" not in as_(cast.innovator).get("/impact/estimates").text
    assert "1,200 bed days" in as_(cast.hin).get("/impact/estimates").text


def test_one_of_an_innovation_is_read_by_who_may_read_its_record(
    cast: Cast, session: Session, as_: As
) -> None:
    public = tests_makers.innovation("Breathe Easy", of=cast.innovator, sharing=Sharing.PUBLIC)
    hidden = tests_makers.innovation("Quiet Lungs", of=cast.innovator, sharing=Sharing.HINS)
    by = cast.national.actor
    for record in (public, hidden):
        save_estimate(estimate=None, innovation=record.name.upper(), by=by, **GIVEN)
    subjects = {group.subject for group in estimates(cast.innovator.actor)}
    assert subjects == {"Breathe Easy", "Quiet Lungs"}
    assert {group.subject for group in estimates(ANONYMOUS)} <= {"Breathe Easy"}
    text = _text(as_(cast.ics).get("/impact/estimates").text)
    assert "Quiet Lungs" not in text
    for name in ("", "No such record"):
        with pytest.raises(Invalid):
            save_estimate(estimate=None, innovation=name, by=by, **GIVEN)
    both = programmes.programme("Breath tests", is_public=True, by=cast.national)
    found = save_estimate(
        estimate=None, innovation="Breathe Easy", programme_id=both.id, by=by, **GIVEN
    )
    assert found.subject == "Breathe Easy in Breath tests"
    page = as_(cast.national).get(f"/impact/estimates/{found.id}/edit").text
    assert 'value="Breathe Easy"' in page
