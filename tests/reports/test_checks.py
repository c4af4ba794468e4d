"""What stands in the way of signing a report off, and what should be known before."""

from datetime import UTC, datetime

import pytest

from portal.figures.rules import Figure
from portal.programmes.models import Basis, Measure, Programme, ProgrammeValue, Quality, ValueKind
from portal.reports.rules.checks import CheckedSection, findings
from portal.reports.rules.quoted import Quoted
from portal.reports.rules.text import Reference, blocks
from portal.reports.rules.typed import typed_in
from portal.reports.rules.words import change_words, number_words, suggestion

AT = datetime(2026, 11, 1, tzinfo=UTC)
COMPANIES = Figure("companies", "Companies supported", "Companies", "ours", "companies")


def _quoted(value: float, before: float | None = None, *, is_frozen: bool = True) -> Quoted:
    return Quoted(
        Reference("figure", "companies"),
        AT,
        shown=number_words(value, "companies"),
        label="Companies supported",
        value=value,
        period="Q1 2026/27",
        before=before,
        unit="companies",
        is_frozen=is_frozen,
        figure=COMPANIES,
    )


def _value(**given: object) -> Quoted:
    fields: dict[str, object] = {
        "id": 7,
        "value": 99.0,
        "unit": "percent of trusts",
        "kind": ValueKind.ACTUAL,
        "basis": Basis.AT_END,
        "quality": Quality.FINAL,
        "corrected_why": "",
        **given,
    }
    row = ProgrammeValue(**fields)
    row.measure, row.programme = Measure(name="Share"), Programme(name="It")
    return Quoted(
        Reference("value", "7"), AT, shown="99%", label="Share", value=99, is_frozen=True, row=row
    )


def _told(text: str = "It is so.", *quoted: Quoted, **more: object) -> CheckedSection:
    return CheckedSection(1, "Overview", blocks(text), quoted, **{"seen": {}, **more})  # type: ignore[arg-type]  # as given


def _found(*sections: CheckedSection, explained: tuple[str, ...] = ()) -> dict[str, bool]:
    return {one.words: one.is_blocker for one in findings(sections, [], explained)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We helped 600 companies.", ["600"]),
        ("It cost £2.8 million, or 45%.", ["£2.8 million", "45%"]),
        ("More than six hundred companies and a dozen trusts.", ["six hundred", "a dozen"]),
        ("Forty-two sites.", ["Forty-two"]),
        ("On 30 June 2026, in 2021-22 and 2021/22, Q1, quarter 2.", []),
        ("Between 4 and 7 May 2026 at stage 5 or level 4 (section 2.1).", []),
        ("NEWS2 and PCSK9 and COVID-19 for one trust.", []),
        ("- 12 sites\n- 1,465 tests", ["12", "1,465"]),
        ("### 7 things", ["7"]),
        ("In all {figure:companies} of {typed:900|a list}.", []),
        ("We saw 2000 patients in 2026 and 2,026 more, by March 2027.", ["2000", "2,026"]),
        ("Since 2018 (2019) and to 2020.", []),
    ],
)
def test_typed_numbers_are_found_and_days_are_none(text: str, found: list[str]) -> None:
    assert typed_in(blocks(text)) == found


def test_more_than_stands_only_where_it_is_more() -> None:
    assert number_words(612, "companies", 100) == "more than 600 companies"
    assert number_words(600, "companies", 100) == "600 companies"
    assert number_words(40, "companies", 100) == "fewer than 100 companies"
    assert number_words(984000, "pounds") == "£984,000"
    assert number_words(None, "companies") == "not known"


def test_a_sentence_says_which_way_a_figure_moved() -> None:
    assert change_words("Sites", 40, 46) == "Sites rose from 40 to 46."
    assert change_words("Sites", 46, 40) == "Sites fell from 46 to 40."
    assert change_words("Sites", 40, 40) == "Sites stayed at 40."
    assert change_words("Sites", None, 40) == ""
    said = suggestion("Sites", "sites", "2026-27-Q1", 40, 46)
    assert said == "Sites rose from {figure:sites quarter=2026-27-Q1} to {figure:sites}."


def test_a_section_is_written_left_out_or_in_the_way() -> None:
    number = _told("{figure:companies}", _quoted(5))
    assert _found(_told(""), number) == {"It has no text.": True}
    assert _found(_told("", left_out="Not this quarter."), number) == {}
    assert _found(_told("", has_parts=True), number) == {}


def test_a_report_without_any_figure_is_none() -> None:
    assert _found(_told()) == {"The report quotes no figure at all.": True}
    section = _told("It is so.", wants_figures=True)
    words = "It quotes no figure, though its outline names some."
    assert _found(section, _told("", _quoted(5), has_parts=True)) == {words: False}


def test_a_number_that_moved_since_the_words_were_saved_stands_in_the_way() -> None:
    section = _told("{figure:companies}", _quoted(6), seen={"figure companies": 5})
    words = "Companies supported was 5 when this was written and is 6 companies now."
    assert _found(section) == {words: True}
    assert _found(_told("{figure:companies}", _quoted(5), seen={"figure companies": 5})) == {}


def test_a_great_change_wants_a_word() -> None:
    section = _told("{figure:companies}", _quoted(16, 10))
    (one,) = findings([section], [], [])
    assert (one.is_blocker, one.is_explainable) == (False, True)
    assert findings([section], [], [one.key]) == []
    assert _found(_told("{figure:companies}", _quoted(15, 10))) == {}
    assert _found(_told("{figure:companies}", _quoted(5, 0))) == {}


def test_live_and_indicative_numbers_are_told() -> None:
    live = _told("{figure:companies}", _quoted(5, is_frozen=False))
    assert _found(live) == {"Numbers of Q1 2026/27 are live: they can still move.": False}
    shaky = _value(quality=Quality.TO_VERIFY, numerator=99.0, denominator=100.0)
    assert _found(_told("{value:7}", shaky)) == {"Share: to be verified.": False}


def test_a_percentage_needs_its_counts() -> None:
    words = "Share: 99% stands without its numerator and denominator."
    assert _found(_told("{value:7}", _value())) == {words: True}
    assert _found(_told("{value:7}", _value(numerator=99.0, denominator=100.0))) == {}


def test_a_correction_needs_a_note() -> None:
    counts = {"numerator": 99.0, "denominator": 100.0, "corrects_id": 6}
    assert _found(_told("{value:7}", _value(**counts))) == {
        "Share was corrected without a note.": True
    }
    assert _found(_told("{value:7}", _value(**counts, corrected_why="A slip."))) == {}


def test_markdown_is_a_safe_subset() -> None:
    found = blocks("<script>x</script>\n\n[a](javascript:x) [b](https://example.org) ![c](d)")
    assert [one.kind for one in found] == ["paragraph", "paragraph"]
    assert found[0].plain == "<script>x</script>"
    assert {run.href for run in found[1].runs} == {"", "https://example.org"}
    kinds = [one.kind for one in blocks("# A\n\n- b\n- c\n\n1. d\n\n> e\n\nf **g**")]
    assert kinds == ["heading", "bullet", "bullet", "number", "quote", "paragraph"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{typed:600|}", "Say where this number is from, after a |"),
        ("{typed:600}", "Say where this number is from, after a |"),
        ("{figure:companies colour=red}", "“colour” is no option of a number"),
        ("{figure:companies round=some}", "Round to a whole number such as 100"),
    ],
)
def test_a_reference_that_is_written_wrongly_says_so(text: str, problem: str) -> None:
    (block,) = blocks(text)
    assert [run.reference.problem for run in block.runs if run.reference] == [problem]
