"""Words one or two typing errors away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index import spelling

ascii_words = st.text("abcde", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("thopaz", "thopaz", 0),
        ("thopas", "thopaz", 1),
        ("tohpaz", "thopaz", 1),
        ("topaz", "thopaz", 1),
        ("thoppaz", "thopaz", 1),
        ("falure", "failure", 1),
        ("heart", "stroke", 3),
    ],
)
def test_errors_are_counted_as_typists_make_them(one: str, other: str, errors: int) -> None:
    assert spelling.distance(one, other, 2) == min(errors, 3)


@given(ascii_words, st.lists(ascii_words, min_size=1, max_size=8))
def test_many_at_once_are_measured_like_one_by_one(word: str, others: list[str]) -> None:
    letters = np.zeros((len(others), 9), dtype=np.uint32)
    for row, other in enumerate(others):
        letters[row, : len(other)] = list(other.encode())
    expected = [spelling.distance(word, other, 20) for other in others]
    assert spelling.distances(word, letters).tolist() == expected


def test_the_closest_then_the_most_used_word_is_chosen() -> None:
    known = [("failure", 9), ("feature", 50), ("failures", 80)]
    assert spelling.closest("falure", known)[0] == "failure"
    assert spelling.closest("xyzxyz", known) == []


def test_short_words_and_numbers_have_no_room_for_errors() -> None:
    assert spelling.closest("cop", [("copd", 5)]) == []
    assert spelling.closest("s123", [("s124", 5)]) == []


def test_what_is_longer_than_any_word_is_not_looked_for() -> None:
    assert spelling.allowed_errors("a" * 40) == 2
    assert spelling.allowed_errors("a" * 41) == 0
