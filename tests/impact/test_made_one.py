"""Two organisations that were asked are one company: it counts once, and the past stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.accounts.services.merging import merge_organisations, part_organisations
from portal.clock import clock_at, now
from portal.db import db
from portal.figures.rules import Period
from portal.impact.models import CompanyReturn, ReturnState
from portal.impact.queries.answers import answers_of
from portal.impact.queries.figure_counts import count
from portal.impact.rules.once import once
from portal.impact.rules.totals import Answer, totals
from portal.impact.services.campaigns import take_in
from portal.impact.tasks import ask_companies
from portal.merging import Merge
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient

As = Callable[[Person], PageClient]


@pytest.fixture
def twice(asked: CompanyReturn, cast: Cast) -> CompanyReturn:
    """The return of Northgate, whom another network supported: the same company by another name."""
    company = makers.supported(cast.other_innovator, (cast.other_hin, 60), name="Theirs")
    take_in(campaign=asked.campaign)
    db.session.commit()
    return makers.of(company, asked.campaign)


def _make_one(kept: CompanyReturn, other: CompanyReturn, cast: Cast) -> Merge:
    merge = merge_organisations(
        kept=kept.organisation, other=other.organisation, why="Same.", by=cast.administrator.actor
    )
    db.session.commit()
    return merge


def test_it_counts_once_and_by_the_answer_that_stands(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast
) -> None:
    makers.handed_in(twice, cast.other_innovator)
    campaign_id = asked.campaign_id
    assert totals(answers_of([campaign_id])).response.words == "1 of 2 (50%)"
    kept_id, other_id = asked.id, twice.id
    _make_one(asked, twice, cast)
    [only] = answers_of([campaign_id])
    assert only.return_id == other_id
    assert totals([only]).response.words == "1 of 1 (100%)"
    assert set(only.minutes) == {cast.hin.actor.hin_id, cast.other_hin.actor.hin_id}
    # The kept one's own answer stands before the other's, once it is there.
    makers.handed_in(asked, cast.innovator, makers.PUBLISHED)
    assert [one.return_id for one in answers_of([campaign_id])] == [kept_id]
    england = totals(answers_of([campaign_id]))
    assert (england.asked, england.answered, england.jobs_created) == (1, 1, 1.25)


def test_bringing_the_list_in_line_gives_the_kept_one_all_networks(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast
) -> None:
    _make_one(asked, twice, cast)
    take_in(campaign=asked.campaign)
    assert {one.hin_id: one.minutes for one in asked.networks} == {
        cast.hin.actor.hin_id: 90,
        cast.other_hin.actor.hin_id: 90,
    }
    [only] = answers_of([asked.campaign_id])
    assert (only.return_id, only.minutes[cast.other_hin.actor.hin_id or 0]) == (asked.id, 90)


def test_only_the_kept_one_is_written_to(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast
) -> None:
    _make_one(asked, twice, cast)
    ask_companies(lambda *_: None)
    assert asked.asked_at is not None
    assert twice.asked_at is None


def test_taken_back_they_are_two_again(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast
) -> None:
    merge = _make_one(asked, twice, cast)
    assert len(answers_of([asked.campaign_id])) == 1
    part_organisations(
        merge=merge,
        kept=asked.organisation,
        other=twice.organisation,
        why="Not the same.",
        by=cast.administrator.actor,
    )
    db.session.commit()
    assert len(answers_of([asked.campaign_id])) == 2


def test_what_was_two_when_it_closed_stays_two(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast, session: Session
) -> None:
    makers.handed_in(asked, cast.innovator)
    makers.handed_in(twice, cast.other_innovator)
    closes_on = asked.campaign.closes_on
    period = Period(Quarter.of(closes_on), makers.NOW.date())
    with clock_at(makers.NOW + timedelta(days=40)):
        before = sorted(count(period), key=str)
        _make_one(asked, twice, cast)
        assert sorted(count(period), key=str) == before
        assert len(answers_of([asked.campaign_id])) == 2


def test_as_of_a_moment_before_they_are_two(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast
) -> None:
    moment = now()
    with clock_at(makers.NOW + timedelta(hours=1)):
        _make_one(asked, twice, cast)
    assert len(answers_of([asked.campaign_id], moment)) == 2
    assert len(answers_of([asked.campaign_id], moment + timedelta(hours=2))) == 1


def test_its_page_says_which_return_stands(
    asked: CompanyReturn, twice: CompanyReturn, cast: Cast, as_: As
) -> None:
    kept, other = f"/impact/returns/{twice.id}", f"/impact/returns/{asked.id}"
    _make_one(twice, asked, cast)
    page = as_(cast.national).get(other)
    assert "were made one: the company counts once" in page.text
    assert kept in page.text
    assert "were made one" not in as_(cast.national).get(kept).text
    # A network that did not support the kept one is not led to a page that it may not read.
    theirs = as_(cast.hin).get(other)
    assert "were made one: the company counts once" in theirs.text
    assert kept not in theirs.text


def test_three_that_are_one_count_once() -> None:
    answers = [
        Answer(1, ReturnState.ASKED, minutes={1: 60}),
        Answer(2, ReturnState.HANDED_IN, 3.0, share_owed=100, minutes={2: 30}),
        Answer(3, ReturnState.ACCEPTED, 5.0, share_owed=100, minutes={1: 15, 2: 45}),
        Answer(4, ReturnState.ASKED, minutes={3: 5}),
    ]
    found = once(answers, {1: (1, True), 2: (1, False), 3: (1, False)})
    assert [one.return_id for one in found] == [2, 4]
    assert found[0].minutes == {1: 60, 2: 45}
    assert once(answers, {}) == answers
