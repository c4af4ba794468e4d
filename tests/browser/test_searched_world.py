"""What the people of the demonstration searched for: there once, and read where it belongs."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import db
from portal.demo import queries as demo
from portal.demo.services import searching
from portal.innovations.models import Innovation
from portal.search.indexing import asking
from portal.search.models import GapState, SavedSearch, SearchClick, SearchCount, SearchGap
from portal.search.queries import choices, gaps, insights
from portal.search.queries.finding import findable_by
from portal.search.rules import SearchQuery
from tests.search.searches import THIRTY
from tests.search.test_ten_searches import DATA, FIRST_THREE

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


def test_an_ics_finds_what_it_may_see_in_the_first_three(
    in_world: Callable[[Callable[[], Any]], Any],
) -> None:
    """The ten and the thirty searches as served: with the sharing that the records really have."""

    def judged() -> tuple[list[str], list[str]]:
        reader = actor_of(*demo.person("ics"))
        rows = db.session.execute(select(Innovation.name, Innovation.id).where(findable_by(reader)))
        seen = {NAMES[row.name]: row.id for row in rows if row.name in NAMES}
        asked = [
            (words, {seen[key] for key in keys if key in seen})
            for words, keys in (*THIRTY.items(), *FIRST_THREE.items())
        ]
        asked = [(words, ids) for words, ids in asked if ids]
        missed = [words for words, ids in asked if not ids & set(_first_three(reader, words))]
        return [words for words, _ in asked], missed

    asked, missed = in_world(judged)
    assert len(asked) >= 36
    assert len(missed) <= len(asked) * 0.2, missed


NAMES = {
    row["name"]: row["key"]
    for row in map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
}


def _first_three(reader: Actor, words: str) -> list[int]:
    found = asking.find(reader, SearchQuery(words), choices())
    return [result.innovation.id for result in found.results[:3]]


def test_the_world_is_searched_once(in_world: Callable[[Callable[[], Any]], Any]) -> None:
    before = in_world(counts)
    in_world(searching.write)
    assert in_world(counts) == before
    assert all(before)
