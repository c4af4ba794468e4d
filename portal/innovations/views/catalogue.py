"""The list of innovations: an innovator's own; to others search shows what is submitted, and this
list the drafts and archived records that they may see."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import RecordStatus
from portal.innovations.policy import can_register
from portal.innovations.queries.catalogue import CatalogueQuery, listed, stages
from portal.innovations.serialise.catalogue import CATALOGUE
from portal.innovations.views import blueprint
from portal.web.filters import Filter, Filters, Option

PATH = "/innovations"


@blueprint.route(PATH)
def catalogue() -> str | Redirect:
    """Show the list, 20 a page; to those who have no innovations of their own, search is the list
    of what is submitted, narrowed as asked here."""
    actor, filters = current_actor(), _filters(PATH)
    if not actor.is_innovator and not filters["state"]:
        kept: dict[str, Any] = {
            "q": filters.text or None,
            "proven": filters["proven"] or None,
            "stage": filters["stage"] or None,
        }
        return redirect(url_for("search.results", **kept))
    statement = listed(actor, _narrowed(filters), today())
    return render_template(
        "innovations/catalogue.html",
        found=CATALOGUE.on_page(db.session, statement, filters),
        may_register=can_register(actor),
        title=_title(actor, filters),
    )


def _title(actor: Actor, filters: Filters) -> str:
    if actor.is_innovator:
        return "Our innovations"
    of_all = RecordStatus.SUBMITTED in filters["state"]
    return "Innovations" if of_all else "Drafts and archived innovations"


@blueprint.route(f"{PATH}/download.<any(csv, xlsx):kind>")
def download(kind: str) -> Response:
    """Give the whole list, narrowed and ordered as the page was, as a file."""
    filters = _filters(PATH)
    statement = listed(current_actor(), _narrowed(filters), today())
    return CATALOGUE.file(kind, db.session, statement, filters)


def _filters(path: str) -> Filters:
    stage_options = [Option(stage.code, stage.label) for stage in stages()]
    proven_options = [Option("yes", "Proven"), Option("no", "Not proven")]
    return Filters(
        path,
        request.args,
        [
            Filter("proven", "Proven", proven_options, multiple=False),
            Filter("stage", "Stage of development", stage_options),
            Filter("state", "State", [Option(k.value, k.label) for k in RecordStatus]),
        ],
        words="q",
    )


def _narrowed(filters: Filters) -> CatalogueQuery:
    proven = filters.one("proven")
    return CatalogueQuery(
        words=filters.text,
        stages=filters["stage"],
        statuses=filters["state"],
        is_proven=None if proven is None else proven == "yes",
    )
