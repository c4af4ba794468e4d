"""What a service refuses stands beside the field it is about, and nothing typed is lost."""

from types import SimpleNamespace

import pytest
from flask import Flask

from portal.errors import Conflict, Invalid, Outdated
from portal.web.fields import TextField
from portal.web.forms import PortalForm, VersionedForm


class NameForm(PortalForm):
    name = TextField("Name")


@pytest.fixture
def form(app: Flask):
    with app.test_request_context(method="POST", data={"name": "Typed"}):
        yield NameForm()


def test_a_refusal_about_a_field_stands_beside_it(form):
    with form.refusals():
        raise Invalid("Enter another name", field="name")
    assert form.problems == [{"text": "Enter another name", "href": "#name"}]
    assert form.name.data == "Typed"
    assert form.status == 200


def test_a_refusal_about_no_field_of_the_form_is_about_the_whole(form):
    with form.refusals():
        raise Invalid("Not today", field="elsewhere")
    assert form.problems == [{"text": "Not today", "href": None}]


def test_an_outdated_form_answers_409(form):
    with form.refusals():
        raise Conflict("Somebody else changed it")
    assert form.is_outdated
    assert form.status == 409


@pytest.mark.parametrize(
    ("refusal", "carried"),
    [(Outdated(SimpleNamespace(version=6)), 6), (Conflict("It is over."), 5)],
    ids=["somebody else saved", "it moved on"],
)
def test_an_outdated_form_can_be_sent_once_more(app: Flask, refusal: Conflict, carried: int):
    """It carries the version that is stored now, or else the one with which it was filled in."""
    with app.test_request_context(method="POST", data={"version": "3"}):
        form = VersionedForm(data={"version": 5})
        with form.refusals():
            raise refusal
        assert form.version.shown() == str(carried)


def test_other_errors_are_not_swallowed(form):
    with pytest.raises(ZeroDivisionError), form.refusals():
        1 / 0  # noqa: B018 - a fault of ours
