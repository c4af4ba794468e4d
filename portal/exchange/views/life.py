"""The life of an item: sent to review, given back, published, renewed, taken back, retired."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for

from portal.accounts.session import current_actor
from portal.clock import begin_of, today
from portal.exchange.forms.content import MoveForm, PublishForm, RetireForm, ReturnForm
from portal.exchange.models import ContentItem
from portal.exchange.queries import content as queries
from portal.exchange.serialise.content import work_address
from portal.exchange.services.publishing import expect_move, move
from portal.exchange.views import blueprint
from portal.exchange.views.steps import WORK, show, writer
from portal.web.forms import VersionedForm
from portal.web.steps import BOTH, Answer, done, refused

DONE = {
    "send": "It is sent to review: a second person publishes it.",
    "publish": "It is published.",
    "return": "It is given back.",
    "accept": "The change is published.",
    "discard": "The change is thrown away.",
    "renew": "It is kept for another year.",
    "take-back": "It is taken back, and is on no public page.",
    "retire": "It is retired, and is on no public page.",
    "reopen": "It is a draft again.",
}
BUTTONS = "send, accept, discard, renew, 'take-back', reopen"


def _found(item_id: int) -> ContentItem:
    writer()
    return queries.item_for(current_actor(), item_id)


@blueprint.post(f"{WORK}/<any({BUTTONS}):name>")
def step(item_id: int, name: str) -> Answer:
    """Do a step that asks nothing."""
    found, form = _found(item_id), MoveForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data or 0
            move(item=found, version=version, name=name, by=current_actor())
            return done(DONE[name], work_address(found))
    return refused(form, work_address(found))


def _by_form(
    item: ContentItem,
    form: VersionedForm,
    name: str,
    *,
    heading: str,
    act: str,
    told: Callable[[], Mapping[str, Any]],
    leads_to: str,
) -> Answer:
    """Do a step that asks something, or show its form to who can do it; to who was not the first,
    too, so that what was typed stays. `told` is what the form says to the step."""
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data or 0
            move(item=item, version=version, name=name, by=current_actor(), **told())
            return done(DONE[name], leads_to)
    if not form.is_outdated:
        expect_move(item, name, by=current_actor())
    return show(form, heading, act, back=(work_address(item), item.title))


@blueprint.route(f"{WORK}/publish", methods=BOTH)
def publish(item_id: int) -> Answer:
    """Publish an item, at once or from a day on."""
    found = _found(item_id)
    form = PublishForm(data={"version": found.version})
    return _by_form(
        found,
        form,
        "publish",
        heading=f"Publish “{found.title}”",
        act="Publish it",
        told=lambda: {"at": _from(form.day.data)},
        leads_to=work_address(found),
    )


def _from(day: date | None) -> datetime | None:
    return begin_of(day) if day is not None and day > today() else None


@blueprint.route(f"{WORK}/return", methods=BOTH)
def give_back(item_id: int) -> Answer:
    """Give an item back, with what should change."""
    found = _found(item_id)
    form = ReturnForm(data={"version": found.version})
    return _by_form(
        found,
        form,
        "return",
        heading=f"Give “{found.title}” back",
        act="Give it back",
        told=lambda: {"words": form.words.data},
        leads_to=work_address(found),
    )


@blueprint.route(f"{WORK}/retire", methods=BOTH)
def retire(item_id: int) -> Answer:
    """Retire an item that no longer holds."""
    found = _found(item_id)
    form = RetireForm(data={"version": found.version})
    return _by_form(
        found,
        form,
        "retire",
        heading=f"Retire “{found.title}”",
        act="Retire it",
        told=lambda: {"words": form.words.data},
        leads_to=url_for("exchange.desk"),
    )
