"""What a service refuses stands beside the field it is about, and nothing typed is lost."""

import pytest
from flask import Flask

from portal.errors import Conflict, Invalid
from portal.web.fields import TextField
from portal.web.forms import PortalForm


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


def test_other_errors_are_not_swallowed(form):
    with pytest.raises(ZeroDivisionError), form.refusals():
        1 / 0  # noqa: B018 - a fault of ours
