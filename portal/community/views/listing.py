"""Ideas: the campaigns that ask for some, and the list."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.community import policy, rules
from portal.community.models import Idea, IdeaState
from portal.community.policy import Standing
from portal.community.queries import reader
from portal.community.queries.listing import (
    Listed,
    Queue,
    campaigns,
    listed,
    options,
    tagged,
)
from portal.community.serialise import IDEAS
from portal.community.views import blueprint
from portal.db import db
from portal.figures.views.strangers import for_strangers
from portal.web.access import public
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/ideas")
def index() -> str:
    """Show what is asked now, then the ideas, the newest first unless asked otherwise."""
    actor = current_actor()
    standing = reader(actor)
    filters = _filters(actor, standing)
    found = IDEAS.on_page(db.session, _narrowed(actor, standing, filters), filters)
    every = campaigns(actor, standing)
    return render_template(
        "community/index.html",
        found=found,
        filters=filters,
        queue=_queue(),
        queues=[one for one in Queue if one is not Queue.OURS or policy.can_start(actor, standing)],
        asking=[one for one in every if rules.phase(one[0], today()) is not rules.Phase.CLOSED],
        closed=[one for one in every if rules.phase(one[0], today()) is rules.Phase.CLOSED],
        may_start=policy.can_start(actor, standing),
        rules=rules,
        today=today(),
    )


@blueprint.get("/ideas/download.<any(csv, xlsx):kind>")
def download(kind: str) -> Response:
    """Give the whole list, under the same filters, as a file."""
    actor = current_actor()
    standing = reader(actor)
    filters = _filters(actor, standing)
    about = f"Ideas: {_queue().label}"
    return IDEAS.file(kind, db.session, _narrowed(actor, standing, filters), filters, about)


@blueprint.get("/ideas/code-of-conduct")
@public
@for_strangers
def conduct() -> str:
    """Say how people write here, and what becomes of what does not fit."""
    return render_template("community/conduct.html")


def _queue() -> Queue:
    asked = request.args.get("queue", "")
    return next((queue for queue in Queue if queue.value == asked), Queue.ALL)


def _filters(actor: Actor, standing: Standing) -> Filters:
    asked, tags = options(actor, standing)
    states = [Option(state.value, state.label) for state in IdeaState if state in rules.SHOWN]
    return Filters(
        path=url_for("community.index"),
        args=request.args,
        filters=[
            Filter("campaign", "Campaign", [Option(*one) for one in asked]),
            Filter("state", "State", states),
            Filter("tag", "Tag", [Option(one, one) for one in tags]),
        ],
        keep=("queue", "sort"),
    )


def _narrowed(actor: Actor, standing: Standing, filters: Filters) -> Listed:
    stmt = listed(actor, standing, _queue())
    if filters["campaign"]:
        stmt = stmt.where(Idea.campaign_id.in_([int(one) for one in filters["campaign"]]))
    if filters["state"]:
        stmt = stmt.where(Idea.state.in_([IdeaState(one) for one in filters["state"]]))
    return stmt.where(tagged(filters["tag"])) if filters["tag"] else stmt
