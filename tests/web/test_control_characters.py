"""What no database takes never reaches one: NUL and its like, wherever a browser sends them."""

import pytest
from flask import request

from portal.web.fields import HiddenField, HiddenVersion, TextField
from portal.web.forms import PortalForm
from tests.cast import Cast

BAD = ("\x00", "\x1b", "\x7f", "\ufffe")


class OddForm(PortalForm):
    name = TextField("Name")
    seen = HiddenField()
    version = HiddenVersion()


@pytest.mark.parametrize("bad", BAD)
def test_a_query_string_and_a_form_come_without_them(app, bad):
    sent = {f"a{bad}b": f"x{bad}y\r\n\tz"}
    with app.test_request_context(method="POST", query_string=sent, data=sent):
        for found in (request.args, request.form, request.values):
            assert found.to_dict() == {"ab": "xy\r\n\tz"}


def test_a_field_still_says_what_it_took_out(app):
    data = {"name": "a\x00b", "seen": "1\x00:2", "version": "3"}
    with app.test_request_context(method="POST", data=data):
        form = OddForm()
        assert not form.validate()
        assert (form.name.data, form.seen.data, form.version.data) == ("ab", "1:2", 3)
        assert "hidden control characters" in form.name.errors[0]


def test_a_form_without_any_field_is_sent_all_the_same(app):
    """It has no version either, and so is of no version that ever was."""
    with app.test_request_context(method="POST"):
        form = OddForm(data={"version": 3})
        assert (form.is_submitted(), form.version.data) == (True, -1)
    with app.test_request_context():
        assert OddForm(data={"version": 3}).version.data == 3


PAGES = (
    *(
        "/search?q=%00&stage=%00",
        "/innovations?q=a%00&hin=%00&sort=%00",
        "/challenges?q=%00&state=%00",
    ),
    *("/admin/audit?q=%00&person=%00&from=%00&what=%00", "/admin/security?q=%00&kind=%00"),
    *("/pipeline/crosstab?rows=%00&columns=%00", "/pipeline/records?stage=%00&with=%00,a"),
    *("/support?q=%00&state=%00&lead=%00", "/figures/rows?group=%00&figure=%00&quarter=%00"),
    *("/innovations/names?q=%00", "/admin/people?q=%00&organisation=%00", "/admin/terms/%00"),
    *("/account/confirm/a%00b", "/account/password/reset/%00", "/account/invitations/%00"),
    *("/admin/retention/%00", "/account/sign-on/%00", "/exchange/ics/%00"),
)


@pytest.mark.parametrize("person", ["administrator", "hin"])
def test_no_page_fails_for_them(as_, cast: Cast, person: str) -> None:
    browser = as_(getattr(cast, person))
    answers = {page: browser.open(page).status_code for page in PAGES}
    assert {page: code for page, code in answers.items() if code not in {200, 302, 403, 404}} == {}
    assert browser.get("/search?q=%00").status_code == 200
