"""Register an innovation for its company."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import OrganisationKind
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.imports.forms import on_behalf_form
from portal.imports.policy import can_register_on_behalf
from portal.imports.services.behalf import described, register_on_behalf
from portal.imports.views import blueprint
from portal.innovations.queries.duplicates import LikelyDuplicate, most_like


@blueprint.route("/on-behalf", methods=["GET", "POST"])
def on_behalf() -> Response | tuple[str, int]:
    """Ask on one page what it takes, and whom to invite."""
    actor = current_actor()
    if not can_register_on_behalf(actor):
        raise Forbidden("HIN and national staff register for companies.")
    form = on_behalf_form(actor)
    if form.is_submitted_and_valid():
        like = most_like(actor, described(form.answers, form["organisation"].data))
        if like is not None and not form["is_another"].data:
            words = f"“{like.name}” by {like.organisation} is here already. Select yes if yours is"
            form.refuse(f"{words} another one", "is_another")
            return make_page(form, actor.organisation_name, like), form.status
        with form.refusals():
            made = register_on_behalf(
                answers=form.answers,
                organisation=form["organisation"].data,
                organisation_kind=OrganisationKind(form["organisation_kind"].data),
                consent=form["consent"].data,
                email=form["email"].data or "",
                by=actor,
            )
            db.session.commit()
            asked = f" {email} is asked by email." if (email := form["email"].data) else ""
            flash(
                f"“{made.name}” is registered. You keep it until its company takes it over.{asked}"
            )
            return redirect(url_for("innovations.overview", innovation_id=made.id))
    return make_page(form, actor.organisation_name), form.status


def make_page(form: object, keeper: str, like: LikelyDuplicate | None = None) -> str:
    """Return the page that asks; `like` is a record that may be the same."""
    return render_template("imports/on_behalf.html", form=form, keeper=keeper, like=like)
