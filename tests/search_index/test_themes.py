"""Records about the same thing come first, and names and short questions are left alone."""

import random
from pathlib import Path

import numpy as np
import pytest

from search_index import best, themes
from search_index.backends import open_index, rebuild
from search_index.interface import Document, Index, Query
from search_index.ranking import Settings

KITCHEN = [f"kettle{number}" for number in range(60)]
GARDEN = [f"spade{number}" for number in range(60)]


def records() -> list[Document]:
    chance = random.Random(3)  # noqa: S311 - a repeatable shuffle, not a secret
    return [
        Document(
            number,
            {"text": " ".join(chance.choices((KITCHEN, GARDEN)[number % 2], k=12)) + " shared"},
        )
        for number in range(400)
    ]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    rebuild(tmp_path, records())
    return open_index(tmp_path)


def test_among_equal_words_the_common_theme_decides(index: Index) -> None:
    # Neither holds a word of the question but "lantern"; what surrounds it tells them apart.
    index.put(
        [
            Document(1000, {"text": "lantern " + " ".join(KITCHEN[:6])}),
            Document(1001, {"text": "lantern " + " ".join(GARDEN[:6])}),
        ]
    )
    for words, first, last in ((KITCHEN, 1000, 1001), (GARDEN, 1001, 1000)):
        question = "lantern " + " ".join(words[20:26])
        hits = [hit.id for hit in index.search(Query(question, limit=None)).hits]
        assert hits.index(first) < hits.index(last)


def test_one_word_is_ranked_by_words_alone() -> None:
    long = {"title": 9.0, "text": 80.0}
    assert themes.share(1, long, Settings()) == 0
    assert themes.share(3, long, Settings()) == pytest.approx(Settings().theme_share / 2)
    assert themes.share(9, long, Settings()) == Settings().theme_share


def test_themes_count_less_where_records_are_short() -> None:
    full = Settings().theme_share
    assert themes.share(9, {"title": 8.0, "text": 2.0}, Settings()) == pytest.approx(full / 2)
    assert themes.share(9, {}, Settings()) == 0


def test_every_page_follows_from_one_order(index: Index) -> None:
    question = "shared kettle1 kettle2 spade3 spade4"
    whole = [hit.id for hit in index.search(Query(question, limit=None)).hits]
    assert len(whole) == len(set(whole)) > 100
    paged = [
        hit.id
        for start in range(0, len(whole), 37)
        for hit in index.search(Query(question, offset=start, limit=37)).hits
    ]
    assert paged == whole


def test_what_lies_beyond_the_thousand_best_never_overtakes() -> None:
    values = np.linspace(1.0, 0.1, 3000)
    vectors = np.zeros((3000, 2), dtype=np.float16)
    vectors[:, 0] = 1
    question = np.array([1.0, 0.0], dtype=np.float32)
    blended = themes.blend(values, np.arange(3000), vectors, question, 0.4, 1.0)
    assert blended[: themes.CANDIDATES].min() > blended[themes.CANDIDATES :].max()


def test_the_first_in_order_are_among_the_candidates() -> None:
    chance = np.random.default_rng(5)
    vectors = np.round(themes.unit(chance.standard_normal((9000, 20))) * 127).astype(np.int8)
    question = themes.unit(chance.standard_normal(20)).astype(np.float32)
    scores = chance.exponential(size=9000).astype(np.float32)
    scores[::3] = 0
    top = float(scores.max())

    def ranked(rows: np.ndarray, portion: float) -> list[int]:
        values = scores[rows].astype(np.float64)
        values = themes.blend(values, rows, vectors, question, portion, top)
        return [int(one) for one in rows[best.order(values, rows, len(rows))]]

    for portion in (0.1, 0.4):
        whole = ranked(np.flatnonzero(scores > 0), portion)
        for wanted in (0, 1, 20, 500, 2000, 5999, 6000, 9000):
            some = best.candidates(scores, wanted, portion, top)
            assert ranked(some, portion)[:wanted] == whole[:wanted]
    assert len(best.candidates(scores, 20, 0.0, top)) < 60


def test_few_records_have_no_themes(tmp_path: Path) -> None:
    rebuild(tmp_path, records()[:50])
    assert open_index(tmp_path).search(Query("kettle1 kettle2 kettle3 kettle4 kettle5")).total > 0
