"""The fast ranking over columns equals the definition followed word by word."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from search_index.backends import open_index, rebuild
from search_index.interface import Answer, Document, Index, Query
from search_index.ranking import Settings
from tests.postgres import fresh_database

_TEXT = (
    "chest drain ward nurse heart failure COPD asthma blood pressure carers digital remote "
    "monitoring falls frail dementia stroke sepsis A&E discharge winter thopaz myCOPD community "
    "pharmacy medicines skin cancer melanoma maternity online internet the of and for "
    "with support innovation"
)
WORDS = _TEXT.split()
STAGES = ("Discover", "Develop", "Deploy")


def records(count: int, seed: int) -> list[Document]:
    chance = random.Random(seed)  # noqa: S311 - a repeatable shuffle, not a secret

    def prose(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    return [
        Document(
            number,
            {"name": prose(3), "summary": prose(12), "description": prose(60), "odd": prose(5)},
            {"stage": [chance.choice(STAGES)], "setting": chance.sample(STAGES, 2)},
            audience=chance.sample(["public", "hin:1", "hin:2"], chance.randint(0, 2)),
            standing=float(chance.random() < 0.2),
        )
        for number in range(count)
    ]


# The definition is of words; themes re-order what words found and have tests of their own.
WORDS_ONLY = Settings(theme_share=0.0)
QUESTIONS = (
    "chest drain", "heart failure", "copd", "help for carers", "A&E winter discharge", "thopas",
    '"heart failure"', '"chest drain ward"', "med*", "name:digital", 'name:"blood pressure"',
    "falls -dementia", "+sepsis stroke", "support innovation", "the", "", "zebra", "mycopd",
    "skin cancer AND community", "remote monitoring of frail people with copd and asthma",
    "description:falls summary:stroke", "-falls", "no internet", "online",
)  # fmt: skip
FILTERS = (
    {},
    {"stage": frozenset({"Deploy"})},
    {"stage": frozenset({"Deploy", "Develop"}), "setting": frozenset({"Discover"})},
    {"stage": frozenset({"Nowhere"})},
)
READERS = (None, frozenset({"public"}), frozenset({"hin:1", "hin:2"}))


def same(fast: Answer, plain: Answer) -> None:
    assert fast.total == plain.total
    assert fast.facets == plain.facets
    assert fast.emptied_by == plain.emptied_by
    assert (fast.relaxed, fast.suggestion) == (plain.relaxed, plain.suggestion)
    assert fast.understood == plain.understood
    # Scores are kept in 32 bits: equal but for rounding, so neighbours may differ only in a tie.
    for one, other in zip(fast.hits, plain.hits, strict=True):
        assert one.score == pytest.approx(other.score, rel=1e-4, abs=1e-5)
    reasons = {hit.id: hit for hit in plain.hits}
    for hit in fast.hits:
        if hit.id in reasons:
            assert hit.passages == reasons[hit.id].passages
            assert hit.hits == reasons[hit.id].hits
            assert set(hit.matched_fields) == set(reasons[hit.id].matched_fields)


@pytest.fixture(scope="module", params=["embedded", "postgresql"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Index, Index]]:
    where: str | Path = tmp_path_factory.mktemp("equal") / "index"
    with ExitStack() as stack:
        if request.param == "postgresql":
            url = request.getfixturevalue("postgres_url")
            where = stack.enter_context(fresh_database(url, Path(where)))
        rebuild(where, records(300, seed=1), settings=WORDS_ONLY)
        plain, fast = open_index("memory:", WORDS_ONLY), open_index(where, WORDS_ONLY)
        plain.put(records(300, seed=1))
        yield fast, plain
        fast.close()


@pytest.mark.parametrize("text", QUESTIONS)
def test_fast_and_plain_ranking_agree(pair: tuple[Index, Index], text: str) -> None:
    fast, plain = pair
    for filters in FILTERS:
        for audience in READERS:
            query = Query(
                text, filters=filters, audience=audience, limit=40, facets=["stage", "setting"]
            )
            same(fast.search(query), plain.search(query))


def test_they_agree_on_completions(pair: tuple[Index, Index]) -> None:
    fast, plain = pair
    for typed in ("ch", "heart", "co", "a&", "x"):
        for audience in READERS:
            assert fast.suggest(typed, audience=audience) == plain.suggest(typed, audience=audience)


def test_changes_count_at_once_and_average_lengths_at_the_next_making(tmp_path: Path) -> None:
    rebuild(tmp_path, records(300, seed=1), settings=WORDS_ONLY)
    fast, plain = open_index(tmp_path, WORDS_ONLY), open_index("memory:", WORDS_ONLY)
    plain.put(records(300, seed=1))
    for changed in (fast, plain):
        changed.put(records(40, seed=2))
        changed.remove(range(30, 60))
    for text in QUESTIONS:
        query = Query(text, limit=None, facets=["stage"], passages=0)
        one, other = fast.search(query), plain.search(query)
        assert (one.total, one.facets) == (other.total, other.facets)
        scores = {hit.id: hit.score for hit in other.hits}
        for hit in one.hits:
            assert hit.score == pytest.approx(scores[hit.id], rel=0.02)
