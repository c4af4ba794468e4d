"""The list of answers: what waits for us, what is not decided, all."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.answers import policy, rules
from portal.answers.models import Answer, AnswerState
from portal.answers.queries.listing import Listed, Queue, listed
from portal.answers.serialise import ANSWERS
from portal.answers.views import blueprint
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/answers")
def index() -> str:
    """Show one queue, the earliest day first unless asked otherwise."""
    actor, filters = _reader(), _filters()
    found = ANSWERS.on_page(db.session, _narrowed(actor, filters), filters)
    return render_template(
        "answers/index.html",
        found=found,
        filters=filters,
        queue=_queue(),
        queues=list(Queue),
        actor=actor,
        rules=rules,
        today=today(),
    )


@blueprint.get("/answers/download.<any(csv, xlsx):kind>")
def download(kind: str) -> Response:
    """Give the whole queue, under the same filters, as a file."""
    actor, filters = _reader(), _filters()
    about = f"Answers to challenges: {_queue().label}"
    return ANSWERS.file(kind, db.session, _narrowed(actor, filters), filters, about)


def _reader() -> Actor:
    actor = current_actor()
    if not policy.can_see_list(actor):
        raise Forbidden("Answers are for innovators and for staff of ICSs and HINs.")
    return actor


def _queue() -> Queue:
    asked = request.args.get("queue", "")
    return next((queue for queue in Queue if queue.value == asked), Queue.ALL)


def _filters() -> Filters:
    states = [Option(state.value, state.label) for state in AnswerState]
    return Filters(
        path=url_for("answers.index"),
        args=request.args,
        filters=[Filter("state", "State", states)],
        keep=("queue", "sort"),
    )


def _narrowed(actor: Actor, filters: Filters) -> Listed:
    stmt = listed(actor, _queue())
    if filters["state"]:
        stmt = stmt.where(Answer.state.in_([AnswerState(state) for state in filters["state"]]))
    return stmt
