"""Organisations that look alike: make them one, tell them apart, take a merge back."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import merging
from portal.accounts.admin_views.start import blueprint
from portal.accounts.forms import MergeOrganisationsForm, PartOrganisationsForm
from portal.accounts.queries import merging as queries
from portal.accounts.services import merging as services
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict

Page = tuple[str, int]


@blueprint.get("/organisations/alike")
def look_alikes() -> str:
    """List the organisations that look alike, and the merges that can be taken back."""
    return render_template(
        "accounts/admin/look_alikes.html",
        pairs=queries.look_alikes(),
        merges=queries.merges_that_stand(),
    )


@blueprint.post("/organisations/<int:first_id>/different/<int:second_id>")
def tell_apart(first_id: int, second_id: int) -> Response:
    """Remember that two organisations are different."""
    one, other = queries.two_organisations(first_id, second_id)
    services.say_different(one=one, other=other, by=current_actor())
    db.session.commit()
    flash("Saved: they are different, and nobody is asked again", "success")
    return redirect(url_for("people_admin.look_alikes"))


@blueprint.route("/organisations/<int:first_id>/merge/<int:second_id>", methods=["GET", "POST"])
def merge_organisations(first_id: int, second_id: int) -> Page | Response:
    """Compare two organisations, say what moves, and make them one."""
    kept, other = queries.two_organisations(first_id, second_id)
    if said := queries.problem(kept, other):
        raise Conflict(said)
    form = MergeOrganisationsForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.merge_organisations(
                kept=kept, other=other, why=form.why.data, by=current_actor()
            )
            db.session.commit()
            flash(f"{other.name} is part of {kept.name} now", "success")
            return redirect(url_for("people_admin.look_alikes"))
    page = render_template(
        "accounts/admin/merge_organisations.html",
        kept=kept,
        other=other,
        form=form,
        counts=merging.counts("organisation", other.id),
    )
    return page, form.status


@blueprint.route("/organisation-merges/<int:merge_id>/undo", methods=["GET", "POST"])
def part_organisations(merge_id: int) -> Page | Response:
    """Take back that two organisations are one."""
    merge, kept, other = queries.merge_of_organisations(merge_id)
    if not queries.can_be_undone(merge, kept):
        raise Conflict("It cannot be taken back any more.")
    form = PartOrganisationsForm()
    form.also.choices = [(one.key, one.label) for one in merging.later_rows(merge)]
    if form.is_submitted_and_valid():
        with form.refusals():
            services.part_organisations(
                merge=merge,
                kept=kept,
                other=other,
                why=form.why.data,
                also=form.also.data or [],
                by=current_actor(),
            )
            db.session.commit()
            flash(f"{other.name} and {kept.name} are two organisations again", "success")
            return redirect(url_for("people_admin.look_alikes"))
    page = render_template(
        "accounts/admin/part_organisations.html", kept=kept, other=other, form=form
    )
    return page, form.status
