"""A whole form: sent empty, sent wrong, sent right; and forms that live in the address."""

from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web import fields
from portal.web.forms import FilterForm, PortalForm, VersionedForm
from portal.web.validators import Required
from tests.pages import PageClient

RIGHT = {
    "version": "3",
    "name": "Sepsis <alert>",
    "email": "ada@example.com",
    "problem": "It is found late.",
    "started-day": "1",
    "started-month": "2",
    "started-year": "2024",
    "stage": "deploy",
    "kind": "charity",
    "settings": ["gp", "home"],
    "device": "no",
    "agree": "y",
}


def test_an_empty_form_lists_every_error_with_a_link_to_its_input(visitor: PageClient) -> None:
    page = visitor.post("/everything", data={}).get_data(as_text=True)
    assert "<title>Error: Register &lt;everything&gt; – Innovations – " in page
    for href, message in (
        ("#name", "Enter the name"),
        ("#email", "Enter an email address"),
        ("#kind", "Select a kind of organisation"),
        ("#settings", "Select at least one care setting"),
        ("#agree", "Confirm that you have permission"),
    ):
        assert f'<a href="{href}">{message}</a>' in page
        assert f'id="{href[1:]}"' in page


def test_what_was_typed_is_kept_when_something_is_wrong(visitor: PageClient) -> None:
    page = visitor.post("/everything", data={**RIGHT, "email": "ada"}).get_data(as_text=True)
    assert 'value="Sepsis &lt;alert&gt;"' in page
    assert 'value="ada"' in page
    assert "It is found late." in page
    assert '<option value="deploy" selected>' in page
    assert 'value="home" checked' in page
    assert 'value="3"' in page  # the version of the record


def test_a_form_that_is_right_leads_on_with_a_message(visitor: PageClient) -> None:
    answer = visitor.post("/everything", data=RIGHT)
    assert answer.status_code == 302
    page = visitor.get("/everything").get_data(as_text=True)
    assert "nhsuk-notification-banner--success" in page
    assert "Saved &lt;safely&gt;" in page


def test_ten_megabytes_in_one_field_get_the_fields_own_error(visitor: PageClient) -> None:
    page = visitor.post("/everything", data={**RIGHT, "name": "x" * 10_000_000})
    assert page.status_code == 200
    assert "Name must be 80 characters or fewer" in page.get_data(as_text=True)


def test_a_form_with_a_file_is_sent_in_parts(visitor: PageClient) -> None:
    page = visitor.get("/everything").get_data(as_text=True)
    assert 'enctype="multipart/form-data"' in page


def test_every_kind_of_field_can_be_the_heading(visitor: PageClient) -> None:
    for field in ("name", "problem", "started", "stage", "kind", "settings", "device"):
        page = visitor.get(f"/one?field={field}").get_data(as_text=True)
        assert page.count("<h1") == 1  # and the client has checked that there is no other


class NameForm(PortalForm):
    name = fields.TextField("Name", [Required("Enter the name")])


def test_a_service_can_refuse_one_field_or_the_whole_form(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        form = NameForm(formdata=MultiDict({"name": "Ada"}))
        assert form.validate()
        form.refuse("Enter a name that nobody else has", "name")
        form.refuse("Somebody else was quicker")
        assert form.problems == [
            {"text": "Enter a name that nobody else has", "href": "#name"},
            {"text": "Somebody else was quicker", "href": None},
        ]
        assert form.errors


def test_a_form_is_not_valid_before_it_is_sent(gallery: Flask) -> None:
    with gallery.test_request_context("/"):
        assert NameForm().is_submitted_and_valid() is False
    with gallery.test_request_context("/", method="POST", data={"name": "Ada"}):
        assert NameForm().is_submitted_and_valid() is True


def test_a_form_about_a_record_carries_its_version(gallery: Flask) -> None:
    class Record:
        version = 7

    with gallery.test_request_context("/"):
        assert 'value="7"' in VersionedForm(obj=Record()).version()
    with gallery.test_request_context("/", method="POST", data={"version": "6"}):
        assert VersionedForm(obj=Record()).version.data == 6


def test_a_filter_form_reads_the_address_and_needs_no_token(gallery: Flask) -> None:
    class Words(FilterForm):
        q = fields.SearchField("Words")

    gallery.config["WTF_CSRF_ENABLED"] = True
    try:
        with gallery.test_request_context("/?q=sepsis"):
            form = Words()
            assert form.q.data == "sepsis"
            assert form.validate()
            assert "csrf_token" not in form
    finally:
        gallery.config["WTF_CSRF_ENABLED"] = False
