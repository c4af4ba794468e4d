"""Who is engaged, by kind and quarter; networks of people and their meetings."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden
from portal.improvement import policy
from portal.improvement.charts import shares as charts
from portal.improvement.forms import engagement as forms
from portal.improvement.models import SafetyNetwork
from portal.improvement.queries.engagement import (
    engaged_in,
    kind_for,
    kinds,
    network_for,
    networks,
    totals_of,
    value_of,
)
from portal.improvement.queries.programmes import quarters_told, safety_ids, safety_programmes
from portal.improvement.serialise.engagement import HEADER, engaged_rows
from portal.improvement.services import engagement as services
from portal.improvement.views import blueprint
from portal.improvement.views.asked import quarter_asked
from portal.improvement.views.steps import reader, show
from portal.programmes.queries import programme_for
from portal.reference.queries import hins
from portal.reference.rules import Quarter
from portal.web.downloads import list_file
from portal.web.steps import BOTH, Answer, done

QUARTERS_BACK = 6
KIND = "/improvement/engagement/<int:kind_id>"
NETWORK = "/improvement/networks/<int:network_id>"


@blueprint.get("/improvement/engagement")
def engagement() -> str:
    """Show who is engaged in a quarter, kind by kind, and the networks of people."""
    actor, day = reader(), today()
    asked = quarter_asked(day)
    found = engaged_in(asked, kinds())
    return render_template(
        "improvement/engagement.html",
        quarter=asked,
        quarters=quarters_told(safety_ids(actor), day),
        found=found,
        picture=charts.engagement([one for one in found if one.now is not None]),
        hins=hins(),
        networks=networks(),
        on=min(asked.last, day),
        may_say=policy.can_write(actor),
        may_set_totals=policy.can_set_totals(actor),
        may_add_network=policy.can_recruit(actor),
        may_change=lambda network: policy.can_change_network(actor, network),
    )


@blueprint.get("/improvement/engagement.<any(csv, xlsx):kind>")
def engagement_file(kind: str) -> Response:
    """Return who is engaged in a quarter as a file, network by network."""
    reader()
    asked = quarter_asked(today())
    rows = engaged_rows(engaged_in(asked, kinds()), hins())
    name = f"engagement-{asked.code.lower()}"
    return list_file(name, kind, HEADER, rows, {"Quarter": asked.label})


@blueprint.route(f"{KIND}/say", methods=BOTH)
def say_engaged(kind_id: int) -> Answer:
    """Say how many of a kind are engaged, in one's own network or (the nation) in England."""
    actor = reader()
    if not policy.can_write(actor):
        raise Forbidden("People of networks and of the national team say who is engaged.")
    kind, offered = kind_for(kind_id), _quarters()
    form = forms.EngagedForm(data={"quarter": offered[0].code})
    form.quarter.choices = [(one.code, one.label) for one in offered]
    if form.is_submitted_and_valid():
        with form.refusals():
            services.say_engaged(
                kind=kind,
                quarter=Quarter.named(form.quarter.data),
                engaged=form.engaged.data,
                why=form.why.data or "",
                by=actor,
            )
            at = {"quarter": form.quarter.data}
            return done("It is recorded.", url_for("improvement.engagement", **at))
    back = (url_for("improvement.engagement"), "Back to engagement")
    standing = value_of(kind, offered[0], actor.hin_id)
    said = f"{standing.value:,.0f} stand for {offered[0].label}." if standing else ""
    return show(form, f"Engaged: {kind.name}", "Save", back=back, before=said)


def _quarters() -> list[Quarter]:
    found = [Quarter.of(today())]
    while len(found) < QUARTERS_BACK:
        found.append(found[-1].previous)
    return found


@blueprint.route(f"{KIND}/total", methods=BOTH)
def set_total(kind_id: int) -> Answer:
    """Say how many of a kind there are in England from a day on."""
    actor = reader()
    if not policy.can_set_totals(actor):
        raise Forbidden("The national team says how many there are in England.")
    kind, form = kind_for(kind_id), forms.TotalForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.set_total(
                kind=kind,
                total=form.total.data,
                from_on=form.from_on.data,
                source=form.source.data,
                by=actor,
            )
            return done("The total is recorded.", url_for("improvement.engagement"))
    back = (url_for("improvement.engagement"), "Back to engagement")
    heading = f"How many are there: {kind.name}"
    return show(form, heading, "Save", back=back, totals=totals_of(kind.id))


@blueprint.route("/improvement/networks/new", methods=BOTH)
def add_network() -> Answer:
    """Add a network of people."""
    actor = reader()
    if not policy.can_recruit(actor):
        raise Forbidden("A Health Innovation Network adds networks of people.")
    form = forms.NetworkForm(data={"version": 0}).without("ended_on")
    form.programme.choices = [(one.id, one.name) for one in safety_programmes(actor)]
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_network(
                programme=programme_for(actor, form.programme.data),
                name=form.name.data,
                running_from=form.running_from.data,
                by=actor,
            )
            return done("The network is added.", url_for("improvement.engagement"))
    back = (url_for("improvement.engagement"), "Back to engagement")
    return show(form, "Add a network of people", "Add", back=back)


def _own(network_id: int) -> SafetyNetwork:
    actor, found = reader(), network_for(network_id)
    if not policy.can_change_network(actor, found):
        raise Forbidden("The Health Innovation Network that runs it writes of it.")
    return found


@blueprint.route(f"{NETWORK}/edit", methods=BOTH)
def change_network(network_id: int) -> Answer:
    """Say what a network is called and between which days it runs."""
    found = _own(network_id)
    form = forms.NetworkForm(obj=found).without("programme")
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change_network(
                network=found,
                version=form.version.data or 0,
                name=form.name.data,
                running_from=form.running_from.data,
                ended_on=form.ended_on.data,
                by=current_actor(),
            )
            return done("The network is changed.", url_for("improvement.engagement"))
    back = (url_for("improvement.engagement"), "Back to engagement")
    return show(form, "Change the network", "Save", back=back)


@blueprint.route(f"{NETWORK}/meetings/new", methods=BOTH)
def note_meeting(network_id: int) -> Answer:
    """Note a meeting with how many came."""
    found, form = _own(network_id), forms.MeetingForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.note_meeting(
                network=found,
                on=form.on.data,
                people=form.people.data,
                places=form.places.data,
                words=form.words.data or "",
                by=current_actor(),
            )
            return done("The meeting is noted.", url_for("improvement.engagement"))
    back = (url_for("improvement.engagement"), "Back to engagement")
    return show(form, f"Note a meeting of {found.name}", "Save", back=back)
