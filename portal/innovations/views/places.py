"""Find a place of the national directory, and give one to what was entered by name."""

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.session import current_actor
from portal.db import db
from portal.innovations.forms.places import AttachPlaceForm
from portal.innovations.queries.use_places import named_uses, use_to_place
from portal.innovations.serialise.uses import NAMED_USES
from portal.innovations.services.uses import attach_place
from portal.innovations.views import blueprint
from portal.reference.queries.sites import find_sites, site_by_code, site_label
from portal.web.filters import Filters
from portal.web.limits import limiter

MAX_SUGGESTED = 8
MIN_PREFIX_LENGTH = 2


@blueprint.get("/innovations/places/suggest")
@limiter.limit("240 per minute")
def suggest_places() -> Response:
    """Give the places that fit what is typed: `{"items": [{"text", "kind"}, …]}`."""
    typed = request.args.get("q", "")[:60]
    is_long = len(typed.strip()) >= MIN_PREFIX_LENGTH
    found = find_sites(typed, limit=MAX_SUGGESTED).sites if is_long else ()
    items = [{"text": site_label(one), "kind": f"{one.kind.label}, {one.code}"} for one in found]
    return jsonify(items=items)


@blueprint.get("/innovations/places/named")
def named_places() -> str:
    """List the places of use that were entered by name, for staff who find them."""
    filters = Filters(request.path, request.args, words="q")
    listed = NAMED_USES.on_page(db.session, named_uses(current_actor(), filters.text), filters)
    return render_template("innovations/named_places.html", found=listed, filters=filters)


@blueprint.get("/innovations/places/named.<any(csv, xlsx):kind>")
def named_places_file(kind: str) -> AnyResponse:
    """Give the same list as a file."""
    filters = Filters(url_for("innovations.named_places"), request.args, words="q")
    found = named_uses(current_actor(), filters.text)
    return NAMED_USES.file(kind, db.session, found, filters)


@blueprint.route("/innovations/places/named/<int:use_id>", methods=["GET", "POST"])
def attach_named_place(use_id: int) -> str | AnyResponse:
    """Say which place of the directory one that was entered by name is."""
    use, innovation = use_to_place(current_actor(), use_id)
    form = AttachPlaceForm.for_name(use.organisation_named)
    if form.is_submitted_and_valid():
        with form.refusals():
            site = site_by_code(form.site.data)
            attach_place(innovation=innovation, use=use, site=site, by=current_actor())
            db.session.commit()
            flash(f"The place is {site.name} now.", "success")
            return redirect(url_for("innovations.named_places"))
    return render_template(
        "innovations/attach_place.html", form=form, use=use, innovation=innovation
    )
