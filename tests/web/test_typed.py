"""Answers of a form in words, on pages that cannot show the form."""

from enum import Enum

import pytest
from flask import Flask

from portal.web import fields, typed
from portal.web.forms import PortalForm


class Role(Enum):
    STAFF = "staff"
    LEAD = "lead_person"

    @property
    def label(self) -> str:
        return {"staff": "Member of staff", "lead_person": "Lead person"}[self.value]


class JoiningForm(PortalForm):
    who = fields.TextField("Their name (optional)")
    role = fields.ChoiceField("Role", choices=list(Role))
    days = fields.MultiChoiceField("On which days?", choices=[("1", "Monday"), ("2", "Tuesday")])
    ends_on = fields.DateField("Last day")
    patients = fields.WholeNumberField("How many patients?")
    may_write = fields.YesNoField("May they write?")
    agrees = fields.ConfirmField("They agreed")
    place = fields.SelectField("Where?")
    key = fields.HiddenField()


def answers(*sent: tuple[str, str], form: str = "JoiningForm") -> list[tuple[str, str]]:
    return typed.answers_of(sent, form)


def test_a_choice_is_told_by_its_label() -> None:
    assert answers(("role", "lead_person"), ("may_write", "no"), ("agrees", "y")) == [
        ("Role", "Lead person"),
        ("May they write?", "No"),
        ("They agreed", "Yes"),
    ]


def test_several_choices_stand_together() -> None:
    assert answers(("days", "1"), ("days", "2")) == [("On which days?", "Monday, Tuesday")]


def test_numbers_and_days_are_typed_too() -> None:
    sent = [("patients", "120"), ("ends_on-day", "2"), ("ends_on-month", "11")]
    assert answers(*sent, ("ends_on-year", "2026")) == [
        ("How many patients?", "120"),
        ("Last day", "2 11 2026"),
    ]


def test_a_choice_that_only_its_page_knows_asks_to_be_made_again() -> None:
    assert answers(("place", "rx-7")) == [("Where?", typed.TO_CHOOSE_AGAIN)]


def test_what_nobody_entered_is_left_out() -> None:
    assert answers(("who", "  "), ("place", ""), ("key", "abc"), ("version", "3")) == []


def test_rows_of_a_form_are_told_by_the_field_that_they_repeat() -> None:
    assert answers(("row3-role", "staff"), ("row3-who", "Ada")) == [
        ("Role", "Member of staff"),
        ("Their name", "Ada"),
    ]


def test_a_field_that_nobody_knows_is_told_as_it_came() -> None:
    assert answers(("what_else", "More"), ("number", "7"), form="NoSuchForm") == [
        ("What else", "More")
    ]


def test_a_field_added_to_a_form_afterwards_is_known() -> None:
    class LaterForm(PortalForm):
        """Gets its question from a list, after it was made."""

    setattr(LaterForm, "reach", fields.ChoiceField("How easy was it?", choices=[("1", "Not")]))  # noqa: B010
    assert answers(("reach", "1"), form="LaterForm") == [("How easy was it?", "Not")]


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_words_of_a_form_that_is_made_for_one_request_stay_in_it(app: Flask) -> None:
    """Names of columns in a file are of the organisation that sent it."""
    with app.test_request_context():
        asked = {"column": fields.SelectField("Our own name", choices=[("a", "A thing")])}
        type("ColumnsOfAFileForm", (PortalForm,), asked)
        sent = ("column", "a")
        assert answers(sent, form="ColumnsOfAFileForm") == [("Our own name", "A thing")]
    assert answers(sent, form="ColumnsOfAFileForm") == [("Column", typed.TO_CHOOSE_AGAIN)]
