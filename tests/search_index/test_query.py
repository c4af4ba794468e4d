"""How a question is read: plain words, and operators through Whoosh's parser."""

import pytest

from search_index import query
from search_index.query import Group, Join, Kind, Range, parse

FIELDS = ("name", "summary")
RANGES = ("sites", "submitted")


def written(typed: str) -> tuple[list[str], list[str], list[str]]:
    """The words, what is required and what is excluded, as the question was understood."""
    parsed = parse(typed, FIELDS, RANGES)
    return (
        [one.text for one in parsed.words],
        [one.written() for one in parsed.required],
        [one.written() for one in parsed.excluded],
    )


@pytest.mark.parametrize(
    "typed",
    [
        "too many drugs",
        "A&E waits",
        "what helps with falls?",
        "pre-op checks, post-op calls",
        "24/7 line; 3 - 5 days",
        "ROTA GAPS AND AGENCY STAFF OR BANK STAFF",
        "people's homes",
    ],
)
def test_plain_words_never_meet_the_parser(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "_tree", lambda text, fields: pytest.fail("the parser was asked"))
    parsed = parse(typed, FIELDS, RANGES)
    assert [one.text for one in parsed.words] == [typed]
    assert (parsed.required, parsed.excluded) == ((), ())


@pytest.mark.parametrize(
    ("typed", "words", "required", "excluded"),
    [
        ('"chest drain" ward', ["ward"], ["“chest drain”"], []),
        ("“chest drain”", [], ["“chest drain”"], []),
        ("card*", [], ["card*"], []),
        ("thopas~", [], ["thopas~"], []),
        ("asthma OR copd", ["asthma", "copd"], ["asthma OR copd"], []),
        ("(asthma OR copd) AND children", ["asthma", "copd", "children"],
         ["asthma OR copd", "children"], []),
        ("heart AND failure home", ["heart", "failure", "home"], ["heart", "failure"], []),
        ("falls -hospital", ["falls"], [], ["hospital"]),
        ("falls NOT hospital", ["falls"], [], ["hospital"]),
        ("falls AND NOT hospital", ["falls"], ["falls"], ["hospital"]),
        ("+falls home", ["falls", "home"], ["falls"], []),
        ("a test (qFIT) of stool", ["a", "test", "qFIT", "of", "stool"], [], []),
        ("name:drain", ["drain"], ["name:drain"], []),
        ("Name:drain", ["drain"], ["name:drain"], []),
        ('name:"chest drain"', [], ["name:“chest drain”"], []),
        ("sites:>3 falls", ["falls"], ["sites:>3"], []),
        ("submitted:[2024 TO 2025] falls", ["falls"], ["submitted:2024 to 2025"], []),
        ("sites:7", [], ["sites:7"], []),
        ("falls -(hospital OR ward)", ["falls"], [], ["hospital OR ward"]),
    ],
)  # fmt: skip
def test_operators_become_conditions(
    typed: str, words: list[str], required: list[str], excluded: list[str]
) -> None:
    assert written(typed) == (words, required, excluded)


@pytest.mark.parametrize("typed", ["re:help", "https://example.org/a", "NHS: what next", "5:30 am"])
def test_an_unknown_field_is_just_a_word(typed: str) -> None:
    parsed = parse(typed, FIELDS, RANGES)
    assert parsed.words
    assert (parsed.required, parsed.excluded) == ((), ())


def test_capitals_are_no_operators_where_all_is_in_capitals() -> None:
    assert written("FALLS AND NOT HOSPITAL (WARD)") == (
        ["falls", "and", "not", "hospital", "ward"], [], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "value", "holds"),
    [
        ("sites:>3", "4", True),
        ("sites:>3", "3", False),
        ("sites:>3", "12", True),
        ("sites:>=3", "3", True),
        ("sites:[2 TO 10]", "9", True),
        ("sites:[2 TO 10]", "11", False),
        ("sites:{2 TO 10]", "2", False),
        ("submitted:2025", "2025-07-01", True),
        ("submitted:[2024 TO 2025]", "2025-12-31", True),
        ("submitted:[2024 TO 2025]", "2026-01-01", False),
        ("submitted:>2025", "2025-12-31", False),
        ("submitted:>2025", "2026-01-01", True),
        ("submitted:<2025-07-02", "2025-07-01", True),
        ("submitted:<2025-07", "2025-07-01", False),
        ("submitted:>2025", "never", False),
        ("sites:>many", "4", False),
    ],
)
def test_ranges_hold_numbers_by_size_and_days_by_as_much_as_is_given(
    typed: str, value: str, holds: bool
) -> None:
    (asked,) = parse(typed, FIELDS, RANGES).required
    assert isinstance(asked, Range)
    assert asked.holds(value) is holds


def test_brackets_nest_and_say_what_they_join() -> None:
    (asked,) = parse("(a AND (b OR c)) OR d", FIELDS).required
    assert isinstance(asked, Group)
    assert asked.join is Join.ANY
    assert asked.written() == "(a AND (b OR c)) OR d"


def test_a_clause_knows_its_kind() -> None:
    kinds = [one.kind for one in parse('"a b" c* d~', FIELDS).required]  # type: ignore[union-attr]
    assert kinds == [Kind.PHRASE, Kind.PREFIX, Kind.FUZZY]
