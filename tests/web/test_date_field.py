"""A date as day, month and year."""

import re
from datetime import date, timedelta

import pytest

from portal.clock import partial_date, today
from portal.web.fields import DateField, PartialDateField
from portal.web.validators import NotInFuture, NotInPast, Required
from tests.web.conftest import Ask


def parts(day: str, month: str, year: str) -> dict[str, str]:
    return {"answer-day": day, "answer-month": month, "answer-year": year}


@pytest.mark.parametrize("month", ["3", "03", "March", "mar"])
def test_a_date_is_read_with_the_month_as_number_or_name(ask: Ask, month: str) -> None:
    field = ask(DateField("Start date"), parts(" 27", month, "2024"))
    assert field.errors == []
    assert field.data == date(2024, 3, 27)


def test_the_31_of_february_is_no_real_date(ask: Ask) -> None:
    field = ask(DateField("Start date", [Required("Enter it")]), parts("31", "2", "2024"))
    assert field.errors == ["Start date must be a real date"]
    assert field.data is None


def test_what_was_typed_is_shown_again(ask: Ask) -> None:
    html = ask(DateField("Start date"), parts("31", "2", "2024"))()
    assert 'value="31"' in html
    assert 'value="2"' in html
    assert 'value="2024"' in html


def test_the_29_of_february_is_real_in_leap_years_only(ask: Ask) -> None:
    assert ask(DateField("D"), parts("29", "2", "2024")).data == date(2024, 2, 29)
    assert ask(DateField("D"), parts("29", "2", "2023")).errors


@pytest.mark.parametrize(
    ("typed", "message", "href"),
    [
        (parts("", "3", "2024"), "Start date must include a day", "#answer-day"),
        (parts("1", "", "2024"), "Start date must include a month", "#answer-month"),
        (parts("1", "3", ""), "Start date must include a year", "#answer-year"),
        (parts("", "", "2024"), "Start date must include a day and month", "#answer-day"),
        (parts("1", "3", "24"), "Start date must have a year with 4 numbers", "#answer-year"),
        (parts("1", "13", "2024"), "Start date must be a real date", "#answer-month"),
        (parts("x", "3", "2024"), "Start date must be a real date", "#answer-day"),
        (parts("1", "maybe not", "2024"), "Start date must be a real date", "#answer-month"),
        (
            parts("1", "1", "0001"),
            "Start date must have a year between 1900 and 2100",
            "#answer-year",
        ),
    ],
)
def test_the_error_names_the_part_and_leads_to_it(
    ask: Ask, typed: dict[str, str], message: str, href: str
) -> None:
    field = ask(DateField("Start date"), typed)
    assert field.errors == [message]
    assert field.error_href == href


def test_only_the_wrong_part_is_marked(ask: Ask) -> None:
    html = ask(DateField("Start date"), parts("1", "3", ""))()
    assert html.count("nhsuk-input--error") == 1


@pytest.mark.parametrize("bad", ["\x00", "=1+1", "٣", "<b>", "9" * 10_000])
def test_rubbish_is_refused_calmly(ask: Ask, bad: str) -> None:
    field = ask(DateField("Start date"), parts(bad, "3", "2024"))
    assert field.errors
    assert len(field()) < 10_000


def test_nothing_is_no_date_and_may_be_required(ask: Ask) -> None:
    assert ask(DateField("D"), parts("", "", "")).errors == []
    field = ask(DateField("D", [Required("Enter the start date")]), parts("", "", ""))
    assert field.errors == ["Enter the start date"]


def test_the_date_of_a_record_is_shown(ask: Ask) -> None:
    html = ask(DateField("D"), answer=date(2026, 11, 5))()
    assert 'value="5"' in html
    assert 'value="11"' in html


def test_tomorrow_lies_in_the_future_and_yesterday_in_the_past(ask: Ask) -> None:
    def on(days: int) -> dict[str, str]:
        day = today() + timedelta(days=days)
        return parts(str(day.day), str(day.month), str(day.year))

    assert ask(DateField("Date", [NotInFuture()]), on(0)).errors == []
    assert ask(DateField("Date", [NotInFuture()]), on(1)).errors == [
        "Date must be today or in the past"
    ]
    assert ask(DateField("Date", [NotInPast()]), on(-1)).errors == [
        "Date must be today or in the future"
    ]
    assert ask(DateField("Date", [NotInPast()]), on(0)).errors == []


def test_a_rule_says_nothing_after_the_fields_own_error(ask: Ask) -> None:
    field = ask(DateField("Date", [NotInPast()]), parts("31", "2", "2024"))
    assert field.errors == ["Date must be a real date"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (parts("", "", "2023"), "2023"),
        (parts("", "May", "2023"), "2023-05"),
        (parts("4", "5", "2023"), "2023-05-04"),
    ],
)
def test_the_form_takes_a_year_alone(ask: Ask, typed: dict[str, str], text: str) -> None:
    field = ask(PartialDateField("When"), typed)
    assert field.errors == []
    assert field.data == partial_date(text)
    shown = re.findall(r'value="([^"]*)"', str(ask(PartialDateField("When"), typed)()))
    assert shown == list(typed.values())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (parts("4", "", "2023"), "When must include a month"),
        (parts("", "5", ""), "When must include a year"),
        (parts("4", "", ""), "When must include a month and year"),
        (parts("", "13", "2023"), "When must be a real date"),
        (parts("", "", "23"), "When must have a year with 4 numbers"),
        (parts("", "", "2031"), "When must be today or in the past"),
    ],
)
def test_what_is_missing_is_said(ask: Ask, typed: dict[str, str], message: str) -> None:
    assert ask(PartialDateField("When", [NotInFuture()]), typed).errors == [message]


def test_this_year_is_neither_past_nor_future(ask: Ask) -> None:
    typed = parts("", "", str(today().year))
    assert ask(PartialDateField("When", [NotInFuture(), NotInPast()]), typed).errors == []
