"""The life of an item: sent to review, given back, published, renewed, taken back, retired."""

from datetime import date, datetime

from flask import url_for

from portal.accounts.session import current_actor
from portal.clock import begin_of, today
from portal.exchange.forms.content import MoveForm, PublishForm, RetireForm, ReturnForm
from portal.exchange.models import ContentItem
from portal.exchange.queries import content as queries
from portal.exchange.serialise.content import work_address
from portal.exchange.services.publishing import expect_move, move
from portal.exchange.views import blueprint
from portal.exchange.views.steps import BOTH, WORK, Answer, done, refused, show, writer
from portal.web.forms import PortalForm

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


@blueprint.route(f"{WORK}/publish", methods=BOTH)
def publish(item_id: int) -> Answer:
    """Publish an item, at once or from a day on."""
    found = _found(item_id)
    form = PublishForm(data={"version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            move(
                item=found,
                version=form.version.data or 0,
                name="publish",
                by=current_actor(),
                at=_from(form.day.data),
            )
            return done(DONE["publish"], work_address(found))
    return _ask(form, found, "publish", f"Publish “{found.title}”", "Publish it")


def _ask(form: PortalForm, item: ContentItem, name: str, heading: str, act: str) -> Answer:
    """Show the form of a step that can be done; of one that somebody else was first to do, too, so
    that what was typed stays."""
    if not form.is_outdated:
        expect_move(item, name, by=current_actor())
    return show(form, heading, act, back=_back(item))


def _from(day: date | None) -> datetime | None:
    return begin_of(day) if day is not None and day > today() else None


def _back(item: ContentItem) -> tuple[str, str]:
    return work_address(item), item.title


@blueprint.route(f"{WORK}/return", methods=BOTH)
def give_back(item_id: int) -> Answer:
    """Give an item back, with what should change."""
    found = _found(item_id)
    form = ReturnForm(data={"version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            move(
                item=found,
                version=form.version.data or 0,
                name="return",
                by=current_actor(),
                words=form.words.data,
            )
            return done(DONE["return"], work_address(found))
    return _ask(form, found, "return", f"Give “{found.title}” back", "Give it back")


@blueprint.route(f"{WORK}/retire", methods=BOTH)
def retire(item_id: int) -> Answer:
    """Retire an item that no longer holds."""
    found = _found(item_id)
    form = RetireForm(data={"version": found.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            move(
                item=found,
                version=form.version.data or 0,
                name="retire",
                by=current_actor(),
                words=form.words.data,
            )
            return done(DONE["retire"], url_for("exchange.desk"))
    return _ask(form, found, "retire", f"Retire “{found.title}”", "Retire it")
