"""What every form and every address of every room keeps to."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from wtforms.fields.core import UnboundField

from portal.exchange.forms.content import form_class
from portal.exchange.models import ContentKind
from portal.innovations.sections.questions import PARTS, Kind
from portal.web.addresses import RowId
from portal.web.date_field import DateField
from portal.web.forms import PortalForm
from portal.web.validators import NotInFuture, NotInPast

EITHER = {
    ("PlanForm", "from_on"): "the plan of a validation may be written down afterwards",
    ("PlanForm", "to_on"): "the plan of a validation may be written down afterwards",
    ("CycleForm", "from_on"): "a cycle may be planned ahead, or written down afterwards",
    ("EndForm", "on"): "a driver may have ended before it is said, or end with a year to come",
    ("NetworkForm", "running_from"): "a network may be planned for a day to come",
    ("NetworkForm", "ended_on"): "the end of a network may be said ahead",
    ("TotalForm", "from_on"): "a total may hold from a day past or to come",
    ("PartnershipForm", "ends_on"): "an agreement that has run out is recorded as well",
    ("PartnershipForm", "review_on"): "an old agreement's review may be overdue",
    ("ReviewForm", "next_on"): "an old review's next one may be overdue",
    ("InteractionForm", "next_on"): "a contact is logged later than its next step",
    ("TermsForm", "opens_on"): "an amendment may come after the day on which a call opened",
    ("TermsForm", "questions_by"): "an amendment may come after the last day for questions",
    ("TermsForm", "replies_by"): "an amendment may come after the day by which they are answered",
    ("ProductForm", "from_on"): "a product joins a programme on any day, past or to come",
    ("ProductForm", "to_on"): "a product leaves a programme on any day, past or to come",
    ("EventForm", "on"): "an event is announced before its day, or written down afterwards",
    ("EventForm", "starts_on"): "an event that was is kept with what came of it",
    ("EventForm", "ends_on"): "an event that was is kept with what came of it",
    ("FundingForm", "opens_on"): "funding may be open already when it is written down",
    ("FundingForm", "closes_on"): "what was funded before is kept as well",
    ("RoundForm", "opens_on"): "a round may have opened before it is written down, or open later",
    ("NewCampaignForm", "opens_on"): "a return may have opened before it is set up, or open later",
    ("NewCampaignForm", "closes_on"): "a return of a past year may be over when it is set up",
    ("CampaignForm", "opens_on"): "the day of a return that opened stays as it was",
    ("CampaignForm", "closes_on"): "a return is closed early by a day that is past",
    (
        "TargetForm",
        "from_on",
    ): "a goal is set for months that are drawn already, or from next year on",
    (
        "TargetForm",
        "by_on",
    ): "an old goal is written down with the day by which it was to be reached",
    ("StepForm", "due_on"): "a step of a plan may be late when it is written down",
    ("FollowForm", "on"): "a merger is said before its day, or within the quarter after it",
    ("AddKindForm", "since"): "places may become eligible with the next quarter",
    ("AddPlaceForm", "since"): "a place may become eligible with the next quarter",
    ("LeaveOutForm", "since"): "a place may be left out from the next quarter on",
    ("BringBackForm", "since"): "a place may be eligible again from the next quarter on",
    ("GroupForm", "since"): "products may belong together from the next quarter on",
    ("AnnouncementForm", "from_on"): "what is shown already keeps its first day when it is changed",
    ("_LineForm", "needed_by"): "an old list may hold dates that have passed",
}
MAY_COME = {"until_on"}
"""The questions of the record whose day may lie in the future: an end that is agreed."""


def forms(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from forms(child)


def test_every_day_that_is_asked_says_on_which_side_of_today_it_lies(app: Flask) -> None:
    for content in ContentKind:  # their forms are made of their questions when they are asked for
        form_class(content)
    days = {}
    ours = [form for form in forms(PortalForm) if form.__module__.startswith("portal.")]
    for form in ours:  # and none that another test made in this process
        for name, field in vars(form).items():
            if isinstance(field, UnboundField) and field.field_class is DateField:
                validators = field.args[1] if len(field.args) > 1 else ()
                sided = any(isinstance(one, NotInFuture | NotInPast) for one in validators)
                days[form.__name__, name] = sided
    open_ended = {place for place, sided in days.items() if not sided}
    assert len(days) >= 20
    assert {place for place in open_ended if place[0] != "SectionForm"} == set(EITHER)
    asked = [q for part in PARTS.values() for q in part.questions if q.kind is Kind.DAY]
    assert {question.name for question in asked if not question.is_past} == MAY_COME


def test_no_address_takes_a_number_that_no_row_can_have(app: Flask) -> None:
    urls = app.url_map.bind("localhost")
    tried = 0
    for rule in app.url_map.iter_rules():
        numbers = [name for name, kind in rule._converters.items() if isinstance(kind, RowId)]
        for name in numbers:
            values = dict.fromkeys(rule.arguments, 1) | {name: 7_777_777}
            sample = rule.build({**values, **_texts(rule)}, append_unknown=False)
            assert sample
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            address = sample[1].replace("7777777", "9223372036854775808")
            with pytest.raises(HTTPException) as refused:
                urls.match(address, method)
            # Where another address of that shape takes words, it is there for another method.
            assert isinstance(refused.value, NotFound | MethodNotAllowed)
            tried += 1
    assert tried > 60


def _texts(rule: object) -> dict[str, str]:
    """A word for every part of an address that is none of a row."""
    words = {}
    for name, converter in rule._converters.items():  # type: ignore[attr-defined]
        if not isinstance(converter, RowId):
            found = converter.regex.strip("(?:)").split("|")[0].replace("\\", "")
            words[name] = found if found.replace("-", "").isalnum() else "word"
    return words


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "9" * 5000, "²", "٣"])
def test_a_number_that_no_row_can_have_is_not_found_anywhere(
    as_: object, cast: object, number: str
) -> None:
    browser = as_(cast.hin)  # type: ignore[operator,attr-defined]
    assert browser.get(f"/challenges/{number}").status_code == 404
    for address in (
        f"/innovations/compare?ids={number}",
        f"/support/message?case={number}",
        f"/figures/load?group={number}",
        f"/support?lead={number}",
    ):
        assert browser.get(address).status_code in {200, 302, 404}, address
    for address, data in (
        ("/account/act-as", {"membership": number}),
        ("/account/notifications/read", {"notification": number}),
        ("/challenges/preview?challenge=" + number, {"title": "Falls"}),
    ):
        assert browser.post(address, data=data).status_code in {200, 302, 303, 404}, address
