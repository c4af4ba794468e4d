"""How far a programme's products have spread, over which lists, and which places stand where."""

from urllib.parse import urlencode

from flask import render_template, request, url_for

from portal.accounts.session import current_actor
from portal.adoption import charts
from portal.adoption import policy as adoption_policy
from portal.adoption.queries.areas import Leads
from portal.adoption.queries.behind import PairsQuery
from portal.adoption.queries.picture import BANDS
from portal.adoption.queries.spread import EVERYWHERE, labels
from portal.adoption.serialise.sites import page_of_lines
from portal.clock import today
from portal.errors import NotFound
from portal.figures.views.strangers import for_strangers
from portal.innovations.rules.adoption import STATES
from portal.programmes import policy
from portal.programmes.forms.programmes import ListForm
from portal.programmes.queries import lists
from portal.programmes.queries import spread as found
from portal.programmes.queries.lists import CountedList
from portal.programmes.services import lists as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.web.access import public, removes
from portal.web.paging import Address, page_number
from portal.web.steps import BOTH, Answer

SHOWN = "programmes.spread"


@blueprint.get(f"{ONE}/spread")
@public
@for_strangers
def spread(programme_id: int) -> str:
    """Show how far each product has spread, in England and in a network."""
    actor, on = current_actor(), today()
    programme, counted = lists.programme_with_lists(actor, programme_id, on)
    spreads, names = found.read(counted), labels()
    reads_networks = policy.reads_networks(actor)
    networks = found.networks(spreads) if reads_networks else []
    hin = _network(networks, actor.hin_id)
    rows = found.spread_of_lists(counted, spreads, hin, on, names)
    return render_template(
        "programmes/spread.html",
        programme=programme,
        rows=[(one, charts.bands_picture(one.england, one.areas[1:])) for one in rows],
        networks=networks,
        hin=hin,
        on=on,
        states=STATES,
        bands=BANDS,
        labels=names,
        quarter=Quarter.of(on),
        adoption=_adoption,
        reads_adoption=adoption_policy.can_read(actor),
        reads_sites=policy.reads_sites(actor, programme),
        may_edit=policy.can_edit(actor),
        may_write=policy.can_write(actor),
    )


def _network(networks: list[Hin], own: int | None) -> Hin | None:
    """Return the network that is asked for; a network's own people are shown theirs unasked."""
    asked = request.args.get("network")
    wanted = (one for one in networks if (one.id == own if asked is None else one.code == asked))
    return next(wanted, None)


def _adoption(counted: CountedList, hin: Hin | None = None) -> str:
    """Return the address of adoption's own page of a list, narrowed as the programme counts."""
    asked = {"hin": hin.code if hin else "", "cohort": str(counted.row.cohort_id or "")}
    query = urlencode({name: value for name, value in asked.items() if value})
    path = url_for("adoption.spread", list_id=counted.row.list_id)
    return f"{path}?{query}" if query else path


@blueprint.get(f"{ONE}/lists/<int:row_id>/sites")
@public
@for_strangers
def sites(programme_id: int, row_id: int) -> str:
    """Show which place of a list stands at which stage, to those who may read it."""
    actor, on = current_actor(), today()
    programme, every = lists.programme_with_lists(actor, programme_id, on)
    if not policy.reads_sites(actor, programme):
        raise NotFound("This programme does not say which place stands at which stage.")
    counted = lists.one_list(every, row_id)
    row, records = counted.row, list(counted.products)
    question = PairsQuery(row.list_id, records, on, on, EVERYWHERE, row.cohort_id)
    return render_template(
        "programmes/sites.html",
        programme=programme,
        counted=counted,
        page=page_of_lines(question, Leads(), page_number(request.args)),
        on=on,
        labels=labels(),
        address=Address(request.path, request.args.to_dict()),
    )


@blueprint.route(f"{ONE}/lists/new", methods=BOTH)
def name_list(programme_id: int) -> Answer:
    """Say over which list a product is counted, and over which cohort."""
    programme, form = edited(programme_id), ListForm()
    form.offer(lists.lists_to_choose(programme), lists.cohorts_to_choose(programme))
    if form.is_submitted_and_valid():
        with form.refusals():
            services.name_list(
                programme=programme,
                list_id=form.list_id.data,
                cohort_id=form.cohort_id.data,
                by=current_actor(),
            )
            return done(programme, "The places are set.", SHOWN)
    return show(form, programme, "Places that could use a product", "Save")


@blueprint.post(f"{ONE}/lists/<int:row_id>/drop")
@removes(SHOWN)
def drop_list(programme_id: int, row_id: int) -> Answer:
    """Count over a list no longer."""
    programme, actor = edited(programme_id), current_actor()
    counted = lists.counted_list(actor, programme.id, row_id, today())
    services.drop_list(programme=programme, row=counted.row, by=actor)
    return done(programme, "The programme counts over this list no longer.", SHOWN)
