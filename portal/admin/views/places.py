"""The places of the national directory: a list, and each of them with its past."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.admin.forms.places import KindForm
from portal.admin.serialise import PLACES, STATES
from portal.admin.services.places import set_kind
from portal.admin.views import blueprint
from portal.db import db
from portal.reference.models import Site, SiteKind
from portal.reference.queries import icss
from portal.reference.queries import sites as queries
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/places")
def places() -> str:
    """Search the places; say which files of the directory were read last."""
    filters = _filters(request.path)
    found = PLACES.on_page(db.session, _places(filters), filters)
    return render_template(
        "admin/places.html", found=found, filters=filters, files=queries.site_files()
    )


@blueprint.get("/places.<any(csv, xlsx):kind>")
def places_file(kind: str) -> Response:
    """Give the same list as a file."""
    filters = _filters(url_for("admin.places"))
    return PLACES.file(kind, db.session, _places(filters), filters)


def _filters(path: str) -> Filters:
    kinds = [Option(kind.value, kind.label) for kind in SiteKind]
    states = [Option(state.value, label) for state, label in STATES.items()]
    areas = [Option(str(ics.id), ics.name) for ics in icss()]
    choices = [Filter("kind", "Kind", kinds), Filter("state", "State", states)]
    return Filters(path, request.args, [*choices, Filter("ics", "ICS", areas)], words="q")


def _places(filters: Filters) -> Select[Any]:
    return queries.sites(
        filters.text,
        kinds=filters["kind"],
        states=filters["state"],
        ics_ids=[int(number) for number in filters["ics"]],
    )


@blueprint.route("/places/<int:site_id>", methods=["GET", "POST"])
def place(site_id: int) -> str | Response:
    """Show a place with its past, and say what it is where the directory does not."""
    site = queries.site(site_id)
    form = KindForm(data={"kind": site.kind.value})
    if form.is_submitted_and_valid():
        with form.refusals():
            set_kind(site=site, kind=SiteKind(form.kind.data), by=current_actor())
            db.session.commit()
            flash("The kind was changed. Files of the directory leave it alone.", "success")
            return redirect(url_for("admin.place", site_id=site.id))
    return render_template(
        "admin/place.html",
        form=form,
        site=site,
        state=STATES[site.state],
        past=queries.past_of(site),
        successors=_others(site),
    )


def _others(site: Site) -> list[Site]:
    return [one for one in queries.site_successors(site) if one is not site]
