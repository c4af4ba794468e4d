"""Choices: one or several, short lists and long ones."""

import enum
import warnings

import pytest
from wtforms import SelectChoice

from portal.web import fields
from portal.web.choices import choices
from portal.web.validators import RequiredChoice
from tests.web.conftest import Ask
from tests.web.gallery import CONDITIONS

KINDS = [("company", "Company", "For profit"), ("charity", "Charity")]


@pytest.mark.parametrize("kind", [fields.ChoiceField, fields.SelectField])
def test_choosing_nothing_is_told_in_our_words_only(ask: Ask, kind: type) -> None:
    """WTForms says "Not a valid choice" before any other message."""
    needed = RequiredChoice("Select a kind")
    assert ask(kind("Kind", [needed], choices=KINDS), "").errors == ["Select a kind"]
    assert ask(kind("Kind", [needed], choices=KINDS), {"other": "1"}).errors == ["Select a kind"]


@pytest.mark.parametrize("kind", [fields.ChoiceField, fields.SelectField])
def test_choosing_nothing_is_fine_when_it_may_be_left_open(ask: Ask, kind: type) -> None:
    field = ask(kind("Kind", choices=KINDS), "")
    assert field.errors == []
    assert field.data is None


@pytest.mark.parametrize("kind", [fields.ChoiceField, fields.SelectField, fields.MultiChoiceField])
def test_what_is_not_on_the_list_is_refused(ask: Ask, kind: type) -> None:
    field = ask(kind("Kind", [RequiredChoice("Select one")], choices=KINDS), "admin")
    assert field.errors == ["Select an option from the list"]


def test_numbers_can_be_chosen(ask: Ask) -> None:
    unbound = fields.SelectField("HIN", coerce=int, choices=[(7, "North"), (8, "South")])
    field = ask(unbound, "8")
    assert field.data == 8
    assert '<option value="8" selected>South</option>' in field()
    assert ask(unbound, "eight").errors == ["Select an option from the list"]
    assert ask(unbound, "").errors == []


class Size(enum.StrEnum):
    SMALL = "small"
    LARGE = "large"


def test_members_of_an_enum_can_be_chosen(ask: Ask) -> None:
    unbound = fields.ChoiceField("Size", coerce=Size, choices=Size)
    field = ask(unbound, "large")
    assert field.data is Size.LARGE
    assert 'value="large" checked' in ask(unbound, answer=Size.LARGE)()
    assert ask(unbound, "huge").errors == ["Select an option from the list"]
    assert ask(unbound, "").errors == []


def test_choices_can_be_given_at_run_time(ask: Ask) -> None:
    field = ask(fields.ChoiceField("HIN"))
    field.choices = [("n", "North"), ("s", "South")]
    html = field()
    assert "North" in html
    assert field.choices[0] == SelectChoice("n", "North")


def test_every_shape_of_choices_becomes_a_select_choice_without_a_warning() -> None:
    class Stage(enum.StrEnum):
        DISCOVER = "discover"

        @property
        def label(self) -> str:
            return "Discover"

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = choices([*Stage, ("a", "A"), ("b", "B", "hint"), SelectChoice("c", "C")])
    assert [(c.value, c.label) for c in found] == [
        ("discover", "Discover"),
        ("a", "A"),
        ("b", "B"),
        ("c", "C"),
    ]
    assert found[2].render_kw == {"hint": "hint"}


def test_the_first_radio_carries_the_id_that_the_summary_leads_to(ask: Ask) -> None:
    field = ask(fields.ChoiceField("Kind", [RequiredChoice("Select")], choices=KINDS), "")
    assert field.error_href == "#answer"
    assert 'id="answer" name="answer" type="radio"' in field()


def test_what_was_chosen_is_shown_again(ask: Ask) -> None:
    html = ask(fields.ChoiceField("Kind", choices=KINDS), "charity")()
    assert 'value="charity" checked' in html
    assert 'value="company" checked' not in html


def test_a_choice_can_show_more_below_itself(ask: Ask) -> None:
    field = ask(fields.ChoiceField("Kind", choices=KINDS), "charity")
    html = field(reveal={"charity": field.label})
    assert 'data-aria-controls="conditional-answer-2"' in html


def test_several_can_be_chosen(ask: Ask) -> None:
    field = ask(fields.MultiChoiceField("Kind", choices=KINDS), {"answer": ["company", "charity"]})
    assert field.data == ["company", "charity"]
    assert field.errors == []


def test_choosing_none_of_several_can_be_refused(ask: Ask) -> None:
    field = ask(
        fields.MultiChoiceField("Kind", [RequiredChoice("Select a kind")], choices=KINDS),
        {"other": ""},
    )
    assert field.errors == ["Select a kind"]


def test_a_long_list_folds_its_groups_and_opens_those_with_a_choice(ask: Ask) -> None:
    field = ask(fields.MultiChoiceField("Conditions", choices=CONDITIONS), "c3-2")
    html = field()
    assert html.count("<details") == 24
    assert html.count(" open>") == 1
    assert "Group 3 (1 of 7 selected)" in html


def test_a_short_grouped_list_does_not_fold(ask: Ask) -> None:
    html = ask(fields.MultiChoiceField("Some", choices=CONDITIONS[:2]))()
    assert "<details" not in html
    assert 'aria-label="Group 1"' in html


def test_labels_and_hints_of_choices_are_escaped(ask: Ask) -> None:
    html = ask(fields.ChoiceField("Kind", choices=[('"><i>', "<b>", "<u>")]))()
    assert "<i>" not in html
    assert "<b>" not in html
    assert "<u>" not in html


@pytest.mark.parametrize(("typed", "answer"), [("yes", True), ("no", False), ("", None)])
def test_yes_and_no_are_true_and_false(ask: Ask, typed: str, answer: bool | None) -> None:
    field = ask(fields.YesNoField("Is it a device?"), typed)
    assert field.errors == []
    assert field.data is answer


def test_no_is_an_answer_and_maybe_is_none(ask: Ask) -> None:
    needed = [RequiredChoice("Select yes if it is a device")]
    assert ask(fields.YesNoField("Device?", needed), "no").errors == []
    assert ask(fields.YesNoField("Device?", needed), "").errors == ["Select yes if it is a device"]
    assert ask(fields.YesNoField("Device?", needed), "maybe").errors == [
        "Select an option from the list"
    ]


def test_a_no_of_a_record_is_shown(ask: Ask) -> None:
    assert 'value="no" checked' in ask(fields.YesNoField("Device?"), answer=False)()


def test_a_confirmation_must_be_ticked(ask: Ask) -> None:
    needed = [RequiredChoice("Confirm it")]
    assert ask(fields.ConfirmField("I agree", needed), {"other": ""}).errors == ["Confirm it"]
    assert ask(fields.ConfirmField("I agree", needed), "y").data is True
