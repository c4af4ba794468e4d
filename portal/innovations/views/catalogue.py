"""The list of innovations: an innovator's own, or what others may see."""

from flask import Response, render_template, request

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
def catalogue() -> str:
    """Show the list, 20 a page."""
    actor, filters = current_actor(), _filters(PATH)
    statement = listed(actor, _narrowed(filters), today())
    return render_template(
        "innovations/catalogue.html",
        found=CATALOGUE.on_page(db.session, statement, filters),
        may_register=can_register(actor),
        actor=actor,
    )


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
