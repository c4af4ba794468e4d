"""Change what is published of an area, and read who changed what."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.exchange.forms.areas import WithdrawForm, form_for
from portal.exchange.queries import areas as queries
from portal.exchange.rules.areas import LABELS
from portal.exchange.serialise.areas import sections
from portal.exchange.services import areas as services
from portal.exchange.views import blueprint
from portal.exchange.views.areas import AREA
from portal.reference.models import Ics

BOTH = ("GET", "POST")
FACT = f"{AREA}/facts/<int:fact_id>"
Answer = str | tuple[str, int] | Response


@blueprint.get(f"{AREA}/facts")
def area_facts(code: str) -> str:
    """List what the page of one's own system says, each with how to change it."""
    ics = queries.area_to_edit_for(current_actor(), code)
    said = sections(queries.facts_of(ics))
    return render_template("exchange/area_facts.html", ics=ics, said=said)


@blueprint.route(f"{AREA}/facts/add/<kind>", methods=BOTH)
def add_fact(code: str, kind: str) -> Answer:
    """Add a strategy, a priority or a piece of work."""
    actor, of = current_actor(), queries.kind_called(kind)
    ics = queries.area_to_edit_for(actor, code)
    form = form_for(of)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add(ics=ics, kind=of, said=form.said(), by=actor)
            db.session.commit()
            return _done(ics, "It stands on the page as your system’s own word.")
    page = render_template("exchange/area_fact.html", form=form, ics=ics, kind=of, fact=None)
    return page, form.status


@blueprint.route(FACT, methods=BOTH)
def change_fact(code: str, fact_id: int) -> Answer:
    """Say it in other words: the system's own from then on."""
    actor = current_actor()
    fact = queries.fact_to_edit_for(actor, code, fact_id)
    form = form_for(fact.kind, fact)
    if form.is_submitted_and_valid():
        with form.refusals():
            version = form.version.data
            services.change(fact=fact, said=form.said(), version=version, by=actor)
            db.session.commit()
            return _done(fact.ics, "It is changed, and stands as your system’s own word.")
    page = render_template(
        "exchange/area_fact.html", form=form, ics=fact.ics, kind=fact.kind, fact=fact
    )
    return page, form.status


@blueprint.route(f"{FACT}/withdraw", methods=BOTH)
def withdraw_fact(code: str, fact_id: int) -> Answer:
    """Take it off the page."""
    actor = current_actor()
    fact = queries.fact_to_edit_for(actor, code, fact_id)
    form = WithdrawForm(data={"version": fact.version})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.withdraw(fact=fact, version=form.version.data, by=actor)
            db.session.commit()
            return _done(fact.ics, "It is off the page. Who took it off is kept.")
    page = render_template("exchange/withdraw_fact.html", form=form, ics=fact.ics, fact=fact)
    return page, form.status


@blueprint.get(f"{AREA}/history")
def area_history(code: str) -> str:
    """Show who changed what of the page, from what to what."""
    ics, events = queries.history_for(current_actor(), code)
    return render_template("exchange/area_history.html", ics=ics, events=events, labels=LABELS)


def _done(ics: Ics, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("exchange.area_facts", code=ics.code))
