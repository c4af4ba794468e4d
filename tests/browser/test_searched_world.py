"""What the people of the demonstration searched for: there once, and read where it belongs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import db
from portal.demo import queries as demo
from portal.demo.services import searching
from portal.search.models import GapState, SavedSearch, SearchClick, SearchCount, SearchGap
from portal.search.queries import gaps, insights

pytestmark = pytest.mark.browser


def counts() -> list[int | None]:
    models = (SavedSearch, SearchGap)
    sums = (SearchCount.times, SearchClick.times)
    return [
        *(db.session.scalar(select(func.count()).select_from(model)) for model in models),
        *(db.session.scalar(select(func.sum(times))) for times in sums),
    ]


def test_the_national_team_reads_what_is_searched_for(
    in_world: Callable[[Callable[[], Any]], Any],
) -> None:
    since = today() - timedelta(days=90)
    words = {row[0] for row in in_world(lambda: insights.top(since))}
    assert {"copd", "virtual wards"} <= words
    # What fewer than three people asked in a month stands nowhere.
    assert "bed blocking" not in words
    ranks = dict(tuple(row) for row in in_world(lambda: insights.clicks(since)))
    assert ranks[1] > ranks[10]


def test_each_region_has_gaps_to_deal_with(in_world: Callable[[Callable[[], Any]], Any]) -> None:
    def held(key: str) -> dict[GapState, int]:
        return dict(gaps.counts(actor_of(*demo.person(key))))

    # At least: other tests report gaps in this world, too.
    national = in_world(lambda: held("national"))
    assert national[GapState.OPEN] >= 4
    assert national[GapState.ANSWERED] >= 1
    assert national[GapState.CHALLENGE] >= 1
    assert in_world(lambda: held("hin"))[GapState.OPEN] >= 2


def test_the_world_is_searched_once(in_world: Callable[[Callable[[], Any]], Any]) -> None:
    before = in_world(counts)
    in_world(searching.write)
    assert in_world(counts) == before
    assert all(before)
