"""Dates, amounts and lists as the NHS writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.figures.rules import sets
from portal.web import format as formats
from portal.wording import unit_words


def test_a_date_has_no_leading_zero_and_no_comma() -> None:
    assert formats.nhs_date(date(2026, 11, 5)) == "5 November 2026"
    assert formats.nhs_date(None) == ""


def test_a_moment_is_told_in_englands_time() -> None:
    assert formats.nhs_datetime(datetime(2026, 7, 5, 13, 30, tzinfo=UTC)) == (
        "5 July 2026 at 2:30pm"
    )
    assert formats.nhs_datetime(datetime(2026, 1, 5, 13, 0, tzinfo=UTC)) == (
        "5 January 2026 at 1pm"
    )


def test_a_late_evening_in_utc_is_the_next_day_in_an_english_summer() -> None:
    assert formats.nhs_date(datetime(2026, 7, 5, 23, 30, tzinfo=UTC)) == "6 July 2026"


def test_noon_and_midnight_have_names() -> None:
    assert formats.nhs_time(datetime(2026, 1, 5, 12, 0, tzinfo=UTC)) == "midday"
    assert formats.nhs_time(datetime(2026, 1, 5, 0, 0, tzinfo=UTC)) == "midnight"
    assert formats.nhs_time(datetime(2026, 1, 5, 0, 5, tzinfo=UTC)) == "12:05am"


NOW = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(hours=20), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=30), "6 October 2026"),
        (timedelta(hours=-2), "5 November 2026 at 2pm"),
    ],
)
def test_how_long_ago(before: timedelta, told: str) -> None:
    assert formats.ago(NOW - before, NOW) == told


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (Decimal("1200"), "£1,200"),
        (Decimal("1200.5"), "£1,200.50"),
        (Decimal("0.005"), "£0.01"),
        (-3, "−£3"),
        (None, ""),
    ],
)
def test_money(amount: Decimal | int | None, told: str) -> None:
    assert formats.money(amount) == told


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (90, "90 days"), (365, "1 year"), (400, "400 days"), (2_190, "6 years")],
)
def test_how_long_something_is_kept_is_said_in_whole_years(days: int, words: str) -> None:
    assert formats.time_kept(days) == words


def test_numbers_and_plurals() -> None:
    assert formats.number(3100) == "3,100"
    assert formats.number(2.5) == "2.5"
    assert formats.number(Decimal("2.00")) == "2"
    assert formats.plural(1, "site") == "1 site"
    assert formats.plural(1200, "site") == "1,200 sites"
    assert formats.plural(0, "company", "companies") == "0 companies"


def test_paragraphs_escape_and_keep_lines() -> None:
    assert formats.paragraphs("<b>one</b>\r\ntwo\n \nthree") == Markup(
        "<p>&lt;b&gt;one&lt;/b&gt;<br>two</p>\n<p>three</p>"
    )
    assert formats.paragraphs(None) == ""


@given(st.text())
def test_paragraphs_let_no_markup_through(text: str) -> None:
    html = str(formats.paragraphs(text))
    for ours in ("<p>", "</p>", "<br>"):
        html = html.replace(ours, "")
    assert "<" not in html
    assert ">" not in html


def test_listing_joins_and_escapes() -> None:
    assert formats.listing([]) == ""
    assert formats.listing(["a"]) == "a"
    assert formats.listing(["a", "<b>", "c"]) == "a, &lt;b&gt; and c"
    assert formats.listing(["a", "b"], "or") == "a or b"
    assert formats.listing([Markup("<mark>a</mark>"), "b"]) == "<mark>a</mark> and b"


def test_a_heading_inside_a_sentence_keeps_abbreviations() -> None:
    assert formats.lower_first("Start date") == "start date"
    assert formats.lower_first("NHS trust") == "NHS trust"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 byte"),
        (303, "303 bytes"),
        (12_345, "12 kB"),
        (999_600, "1 MB"),
        (1_300_000, "1.3 MB"),
    ],
)
def test_sizes_of_files_are_told_in_plain_words(count: int, said: str) -> None:
    assert formats.file_size(count) == said


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("awards", "award"),
        ("companies", "company"),
        ("people", "person"),
        ("care homes", "care home"),
        ("years of age", "year of age"),
        ("networks per collaborative", "network per collaborative"),
        ("trust-driver pairs", "trust-driver pair"),
        ("criteria", "criterion"),
        ("services", "service"),
        ("patients with a plan", "patient with a plan"),
        ("mg", "mg"),
        ("", ""),
    ],
)
def test_the_unit_of_one_is_singular(several: str, one: str) -> None:
    assert unit_words("1", several) == one
    for amount in ("0", "2", "1.5", "21", "1,001"):
        assert unit_words(amount, several) == several


def test_every_unit_of_a_figure_has_a_singular(app: Flask) -> None:
    units = {figure.unit for one in sets() for figure in one.figures}
    kept = {unit for unit in units if unit_words("1", unit) == unit}
    assert kept <= {"", "%", "pounds"}
