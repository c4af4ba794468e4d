"""Planned against seen by programme and product, cost for each outcome, unknown shown."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS
from portal.clock import clock_at
from portal.db import db
from portal.errors import Invalid
from portal.impact.queries.benefits import benefits, reached
from portal.impact.rules.benefits import Realised, cost, realised
from portal.programmes.models import Programme
from portal.programmes.rules.numbers import Share
from portal.programmes.rules.values import GROUP_REACHED, Planned
from portal.programmes.services import funds, measuring
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient
from tests.programmes import makers as programmes

As = Callable[[Person], PageClient]
Q1, Q2 = Quarter.of(date(2025, 4, 1)), Quarter.of(date(2025, 7, 1))
TODAY = makers.NOW.date()


def _programme(cast: Cast) -> Programme:
    """Two networks plan two quarters; one reports both, the other the first alone."""
    hin, other = cast.hin.actor.hin_id, cast.other_hin.actor.hin_id
    with clock_at(makers.NOW.replace(year=2025, month=5)):
        programme = programmes.programme(by=cast.national, is_public=True)
        product = programmes.product(of=programme, by=cast.national)
        measuring.set_trajectory(
            programme=programme,
            measure=programmes.measure(),
            product=product,
            points={
                (Q1.first, hin): 100.0,
                (Q2.first, hin): 200.0,
                (Q1.first, other): 50.0,
                (Q2.first, other): 70.0,
                (Quarter.of(TODAY).first, hin): 900.0,
            },
            by=cast.national.actor,
        )
    for number, quarter, person in (
        (110.0, Q1, cast.hin),
        (150.0, Q2, cast.hin),
        (40.0, Q1, cast.other_hin),
    ):
        programmes.value(number, of=programme, by=person, quarter=quarter, product=product)
    db.session.commit()
    return programme


def test_seen_stands_against_the_plan_of_those_who_reported(cast: Cast, session: Session) -> None:
    _programme(cast)
    (row,) = benefits(ANONYMOUS)
    assert row.found.share == Share(300.0, 350.0)
    assert (row.found.reported, row.found.expected) == (3, 4)
    assert row.found.period == "Q1 2025/26 to Q2 2025/26"
    assert (row.spent, row.cost) == (None, None)


def test_the_page_says_what_is_not_known_and_what_an_outcome_cost(cast: Cast, as_: As) -> None:
    programme = _programme(cast)
    page = re.sub(r"\s+", " ", as_(cast.ics).get("/impact/benefits").text)
    assert "300 of 350 (86%)" in page
    assert "reports missing: 1 of 4" in page
    assert "Not known" in page
    to = programmes.fund_round(of=programme, by=cast.national)
    won = programmes.award("A surgery", 1_500, to=to, by=cast.hin, decided_by=cast.national)
    funds.report_spend(
        application=won, version=won.version, spent=1_200, outcome="Done.", by=cast.hin.actor
    )
    page = re.sub(r"\s+", " ", as_(cast.ics).get("/impact/benefits").text)
    assert "£1,200 ÷ 300 = £4.00" in page


def test_programmes_that_are_not_public_are_not_shown_to_others(cast: Cast, as_: As) -> None:
    programme = _programme(cast)
    programme.is_public = False
    db.session.commit()
    assert benefits(ANONYMOUS) == []
    assert len(benefits(cast.national.actor)) == 1
    assert "Breath tests" not in as_(cast.innovator).get("/impact/benefits").text


def test_the_statements_do_not_grow_with_programmes(cast: Cast, statements: object) -> None:
    _programme(cast)
    with statements.at_most(4):  # type: ignore[attr-defined]
        benefits(ANONYMOUS)


def test_nothing_reported_is_not_known_and_costs_nothing_each() -> None:
    cells = [Planned(Q1.first, None, 80.0, None), Planned(Q2.first, None, 80.0, 0.0)]
    found = realised(cells[:1], TODAY)
    assert (found.share, found.reported, found.expected) == (None, 0, 1)
    assert cost(500, found) is None
    none_seen = realised(cells, TODAY)
    assert none_seen.share == Share(0.0, 80.0)
    assert cost(500, none_seen) is None
    assert realised([], TODAY) == Realised(None, 0, 0, None, None)
    assert realised([], TODAY).period == "No quarter of the plan is over"


DEPRIVED, DISABLED = "People in the most deprived fifth", "Disabled people"


def _reached(number: float, group: str, *, of: Programme, by: Person, quarter: Quarter) -> None:
    programmes.value(
        number,
        of=of,
        by=by,
        quarter=quarter,
        measured=programmes.measure(GROUP_REACHED, unit="people"),
        part=group,
    )


def test_groups_of_people_are_told_by_the_rule_of_small_numbers(
    cast: Cast, as_: As, session: Session
) -> None:
    programme = programmes.programme(by=cast.national, is_public=True)
    _reached(900, DEPRIVED, of=programme, by=cast.hin, quarter=Q1)
    for number, person in ((61, cast.hin), (38, cast.other_hin)):
        _reached(number, DEPRIVED, of=programme, by=person, quarter=Q2)
    _reached(4, DISABLED.upper(), of=programme, by=cast.hin, quarter=Q2)
    _reached(3, "Women and girls", of=programme, by=cast.national, quarter=Q2)
    session.commit()
    told = [(one.newest.part, one.words, one.networks) for one in reached(ANONYMOUS)]
    assert told == [(DEPRIVED, "100", 2), ("Women and girls", "*", 0), (DISABLED, "*", 1)]
    page = re.sub(r"\s+", " ", as_(cast.ics).get("/impact/benefits").text)
    assert "2 networks" in page
    assert "general knowledge" in page
    programme.is_public = False
    session.commit()
    assert reached(ANONYMOUS) == []


def test_a_group_is_one_of_the_list(cast: Cast, session: Session) -> None:
    programme = programmes.programme(by=cast.national, is_public=True)
    for wrong in ("", "Everybody"):
        with pytest.raises(Invalid, match="Enter one of the groups: People in the most") as refused:
            _reached(9, wrong, of=programme, by=cast.hin, quarter=Q2)
        assert refused.value.field == "part"
