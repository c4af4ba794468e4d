"""The longlist of what the next programmes could spread, with the numbers that put it there."""

from flask import Response, render_template, request
from sqlalchemy import Select

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden
from portal.programmes import policy
from portal.programmes.queries import longlist as found
from portal.programmes.rules.choosing import Rule
from portal.programmes.serialise.choosing import longlist_listing, reasons
from portal.programmes.views import blueprint
from portal.reference.models import Vocabulary
from portal.reference.queries import hins, terms
from portal.web.filters import Filter, Filters, Option

PLACES = (Option("no", "In no programme"), Option("yes", "In a programme"))


def _filters() -> Filters:
    if not policy.can_read_choosing(current_actor()):
        raise Forbidden("What could be spread next is for staff of networks and the national team.")
    rules = [Option(one.value, one.label) for one in Rule]
    categories = [Option(t.code, t.label) for t in terms(Vocabulary.CATEGORY)]
    networks = [Option(hin.code, hin.name) for hin in hins()]
    return Filters(
        request.path,
        request.args,
        [
            Filter("rule", "What puts it there (all of them)", rules),
            Filter("programme", "In a programme", PLACES, multiple=False),
            Filter("category", "Category", categories),
            Filter("network", "Network that looks after it", networks),
        ],
        words="q",
    )


def _statement(filters: Filters, known: found.RecordNumbers) -> Select[object]:
    ids = {hin.code: hin.id for hin in hins()}
    place = filters.one("programme")
    return found.longlist(
        current_actor(),
        known,
        words=filters.text,
        rules=[Rule(code) for code in filters["rule"]],
        categories=filters["category"],
        hin_ids=[ids[code] for code in filters["network"]],
        in_programme=None if place is None else place == "yes",
    )


@blueprint.get("/programmes/longlist")
def longlist() -> str:
    """List what meets one rule or more, what meets most first."""
    filters, known = _filters(), found.RecordNumbers(current_actor(), today())
    listed = longlist_listing(known).on_page(db.session, _statement(filters, known), filters)
    return render_template(
        "programmes/longlist.html",
        found=listed,
        reasons=reasons,
        rules=list(Rule),
    )


@blueprint.get("/programmes/longlist/download.csv", defaults={"kind": "csv"})
@blueprint.get("/programmes/longlist/download.xlsx", defaults={"kind": "xlsx"})
def download_longlist(kind: str) -> Response:
    """Return the longlist as a file."""
    filters, known = _filters(), found.RecordNumbers(current_actor(), today())
    return longlist_listing(known).file(kind, db.session, _statement(filters, known), filters)
