"""The list of programmes, and one of them."""

from flask import Response, render_template, request
from sqlalchemy import Select

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.figures.views.strangers import for_strangers
from portal.programmes import policy, queries
from portal.programmes.models import Programme, ProgrammeKind
from portal.programmes.queries.aims import states_of
from portal.programmes.queries.measuring import counting_rules
from portal.programmes.rules.years import Standing, standing_on, years_words
from portal.programmes.serialise import listing
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE
from portal.reference.models import Vocabulary
from portal.reference.queries import hins, terms
from portal.web.access import public
from portal.web.filters import Filter, Filters, Option


def _filters() -> Filters:
    kinds = [Option(kind.value, kind.label) for kind in ProgrammeKind]
    standings = [Option(one.value, one.label) for one in Standing]
    settings = [Option(term.code, term.label) for term in terms(Vocabulary.CARE_SETTING)]
    networks = [Option(hin.code, hin.name) for hin in hins()]
    return Filters(
        request.path,
        request.args,
        [
            Filter("kind", "Kind", kinds),
            Filter("now", "Now", standings),
            Filter("setting", "Care setting", settings),
            Filter("network", "Led by network, or in it", networks),
        ],
        words="q",
    )


def _statement(filters: Filters) -> Select[Programme]:
    ids = {hin.code: hin.id for hin in hins()}
    return queries.programmes(
        current_actor(),
        words=filters.text,
        kinds=[ProgrammeKind(code) for code in filters["kind"]],
        standings=[Standing(code) for code in filters["now"]],
        settings=filters["setting"],
        hin_ids=[ids[code] for code in filters["network"]],
        day=today(),
    )


@blueprint.get("/programmes")
@public
@for_strangers
def index() -> str:
    """List the programmes, those that run first."""
    filters = _filters()
    found = listing(today()).on_page(db.session, _statement(filters), filters)
    return render_template(
        "programmes/index.html",
        found=found,
        may_add=policy.can_edit(current_actor()),
        reads_choosing=policy.can_read_choosing(current_actor()),
    )


@blueprint.get("/programmes/download.csv", defaults={"kind": "csv"})
@blueprint.get("/programmes/download.xlsx", defaults={"kind": "xlsx"})
@public
def download(kind: str) -> Response:
    """Return the list as a file."""
    filters = _filters()
    return listing(today()).file(kind, db.session, _statement(filters), filters)


@blueprint.get(ONE)
@public
@for_strangers
def show(programme_id: int) -> str:
    """Show what a programme is, its aims and how they stand, and who leads it where."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    reads_networks = policy.reads_networks(actor)
    return render_template(
        "programmes/show.html",
        programme=programme,
        above=queries.above(programme),
        parts=queries.parts_of(actor, programme),
        years=years_words(programme),
        standing=standing_on(programme, today()),
        aims=states_of(programme.id, today()),
        rules=counting_rules(programme.id),
        leads=queries.leads_of(programme.id) if reads_networks else (),
        reads_networks=reads_networks,
        may_edit=policy.can_edit(actor),
        may_write=policy.can_write(actor),
        may_lead=actor.is_hin,
        standing_of=lambda one: standing_on(one, today()).label,
    )
