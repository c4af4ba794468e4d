"""Records that a reader may not see leave no trace in what the reader gets."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.backends import open_index, rebuild
from search_index.interface import Answer, Document, Query
from search_index.ranking import FieldWeight, Settings

READER = frozenset({"public"})
_TEXT = (
    "falls falling fallen failure failures heart hearts COPD A&E emergency department copper "
    "drain drains drained thopaz ward wards carers caring frail support the digital"
)
WORDS = _TEXT.split()
PROSE = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
QUESTION = st.lists(
    st.sampled_from(
        [*WORDS, "failur", "hart", "drian", "thopas", "fal*", "car*", "+ward", "-copd"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)
# Average lengths and themes are of all records, as docs/search.md says: here they do not count.
LEVEL = Settings(
    fields={name: FieldWeight(1.0, 0.0) for name in ("name", "summary")},
    other=FieldWeight(1.0, 0.0),
    theme_share=0.0,
)


@st.composite
def worlds(draw: st.DrawFn) -> list[Document]:
    return [
        Document(
            number,
            {"name": draw(PROSE), "summary": draw(PROSE)},
            {"stage": [draw(st.sampled_from(["Develop", "Deploy"]))]},
            audience=draw(st.sampled_from([["public"], ["staff"], ["staff", "public"]])),
        )
        for number in range(draw(st.integers(2, 12)))
    ]


def question(text: str) -> Query:
    return Query(text, audience=READER, limit=None, facets=["stage"])


def visible(world: Sequence[Document]) -> list[Document]:
    return [one for one in world if READER & set(one.audience)]


def same(one: Answer, other: Answer) -> None:
    """Equal but for the rounding of scores in 32 bits, which may swap two that are level."""
    twins = {hit.id: hit for hit in other.hits}
    assert {hit.id for hit in one.hits} == set(twins)
    for hit, in_its_place in zip(one.hits, other.hits, strict=True):
        twin = twins[hit.id]
        assert hit.score == pytest.approx(in_its_place.score, rel=1e-5)
        assert hit.score == pytest.approx(twin.score, rel=1e-5)
        assert hit._replace(score=0.0) == twin._replace(score=0.0)
    assert replace(one, hits=()) == replace(other, hits=())


@settings(deadline=None, max_examples=150)
@given(worlds(), QUESTION)
def test_the_plain_engine_answers_as_if_hidden_records_did_not_exist(
    world: list[Document], text: str
) -> None:
    whole, part = open_index("memory:", LEVEL), open_index("memory:", LEVEL)
    whole.put(world)
    part.put(visible(world))
    same(whole.search(question(text)), part.search(question(text)))
    assert whole.suggest("f", audience=READER) == part.suggest("f", audience=READER)


@settings(deadline=None, max_examples=60)
@given(worlds(), QUESTION)
def test_the_embedded_engine_answers_as_if_hidden_records_did_not_exist(
    world: list[Document], text: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / "whole", Path(folder) / "part"]
        rebuild(places[0], world, settings=LEVEL)
        rebuild(places[1], visible(world), settings=LEVEL)
        whole, part = (open_index(place, LEVEL) for place in places)
        same(whole.search(question(text)), part.search(question(text)))
        assert whole.suggest("f", audience=READER) == part.suggest("f", audience=READER)
        whole.close()
        part.close()


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(worlds(), QUESTION)
def test_the_engine_in_postgresql_answers_as_if_hidden_records_did_not_exist(
    database: str, world: list[Document], text: str
) -> None:
    rebuild(database, world, settings=LEVEL)
    index = open_index(database, LEVEL)
    whole, suggested = index.search(question(text)), index.suggest("f", audience=READER)
    rebuild(database, visible(world), settings=LEVEL)
    same(whole, index.search(question(text)))
    assert suggested == index.suggest("f", audience=READER)
    index.close()


@settings(deadline=None, max_examples=40)
@given(worlds(), QUESTION)
def test_what_is_found_does_not_hang_on_the_lengths_and_themes_of_hidden_records(
    world: list[Document], text: str
) -> None:
    whole, part = open_index("memory:"), open_index("memory:")
    whole.put(world)
    part.put(visible(world))
    one, other = whole.search(question(text)), part.search(question(text))
    assert {hit.id for hit in one.hits} == {hit.id for hit in other.hits}
    assert replace(one, hits=()) == replace(other, hits=())


def test_a_word_that_is_rare_only_for_the_reader_is_telling_for_the_reader() -> None:
    index = open_index("memory:", LEVEL)
    hidden = [Document(n, {"name": "drain"}, audience=["staff"]) for n in range(50)]
    shown = [Document(n, {"name": "ward"}, audience=["public"]) for n in range(50, 60)]
    index.put([*hidden, *shown, Document(99, {"name": "drain"}, audience=["public"])])
    assert index.search(question("ward drain")).hits[0].id == 99
