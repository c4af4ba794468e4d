"""Administrators' pages: everybody with an account, and every organisation."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.admin_views.start import blueprint
from portal.accounts.forms import AddMemberForm, AnyOrganisationForm, LeavingForm, OrganisationForm
from portal.accounts.models import OrganisationKind, Role
from portal.accounts.queries.acting import memberships_acting
from portal.accounts.queries.leaving import questions_about
from portal.accounts.serialise import ORGANISATIONS, PEOPLE
from portal.accounts.services.approvals import told
from portal.accounts.session import asks_proof, current_actor
from portal.db import db
from portal.web.filters import Filter, Filters, Option


@blueprint.get("/people")
def people() -> str:
    """Search everybody with an account."""
    filters = _people_filters()
    found = queries.people(current_actor(), filters.text)
    listed = PEOPLE.on_page(db.session, found, filters)
    return render_template("accounts/admin/people.html", found=listed, filters=filters)


@blueprint.get("/people.<any(csv, xlsx):kind>")
def people_file(kind: str) -> Response:
    """Give the same list as a file."""
    filters = _people_filters()
    found = queries.people(current_actor(), filters.text)
    return PEOPLE.file(kind, db.session, found, filters)


def _people_filters() -> Filters:
    return Filters(url_for("people_admin.people"), request.args, words="q")


@blueprint.get("/people/<int:user_id>")
def person(user_id: int) -> str:
    """Show one person, what they may do and what happened to their account."""
    user = queries.person_for(current_actor(), user_id)
    return render_template(
        "accounts/admin/person.html",
        person=user,
        memberships=queries.memberships_of(user.id),
        events=queries.trail_of(current_actor(), user),
    )


@blueprint.route("/people/<int:user_id>/deactivate", methods=["GET", "POST"])
@asks_proof
def deactivate(user_id: int) -> str | Response:
    """Close somebody's account, and say who takes over what hangs on them."""
    user = queries.person_for(current_actor(), user_id)
    questions = questions_about(memberships_acting(user.id))
    form = LeavingForm.asking([one for one in questions if one.is_asked])
    if form.is_submitted_and_valid():
        with form.refusals():
            services.deactivate(user=user, successors=form.chosen(), by=current_actor())
            db.session.commit()
            flash(f"The account of {user.name} is closed.", "success")
            return redirect(url_for("people_admin.person", user_id=user.id))
    return render_template(
        "accounts/admin/close_account.html", form=form, person=user, questions=questions
    )


@blueprint.post("/people/<int:user_id>/sign-out")
@asks_proof
def sign_out(user_id: int) -> Response:
    """Sign somebody out of every browser: a lost device, or a session that is not theirs."""
    user = queries.person_for(current_actor(), user_id)
    services.sign_out_everywhere(user=user, by=current_actor())
    db.session.commit()
    flash(f"{user.name} is signed out of every browser.", "success")
    return redirect(url_for("people_admin.person", user_id=user.id))


@blueprint.post("/people/<int:user_id>/reactivate")
@asks_proof
def reactivate(user_id: int) -> Response:
    """Open somebody's account again."""
    user = queries.person_for(current_actor(), user_id)
    services.reactivate(user=user, by=current_actor())
    db.session.commit()
    flash(f"The account of {user.name} is open again.", "success")
    return redirect(url_for("people_admin.person", user_id=user.id))


@blueprint.route("/people/<int:user_id>/memberships/new", methods=["GET", "POST"])
@asks_proof
def add_membership(user_id: int) -> str | Response:
    """Let somebody act for an organisation."""
    user, form = queries.person_for(current_actor(), user_id), AddMemberForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            asked = services.ask_for_membership(
                user=user,
                organisation=queries.organisation_by_name(form.organisation.data),
                role=Role(form.role.data),
                is_lead=form.is_lead.data,
                by=current_actor(),
            )
            db.session.commit()
            flash(*told(asked, "The membership has been added."))
            return redirect(url_for("people_admin.person", user_id=user.id))
    return render_template("accounts/admin/add_membership.html", form=form, person=user)


@blueprint.get("/organisations")
def organisations() -> str:
    """Search every organisation."""
    filters = _organisation_filters()
    listed = ORGANISATIONS.on_page(db.session, _organisations(filters), filters)
    return render_template("accounts/admin/organisations.html", found=listed, filters=filters)


@blueprint.get("/organisations.<any(csv, xlsx):kind>")
def organisations_file(kind: str) -> Response:
    """Give the same list as a file."""
    filters = _organisation_filters()
    return ORGANISATIONS.file(kind, db.session, _organisations(filters), filters)


def _organisation_filters() -> Filters:
    options = [Option(kind.value, kind.label) for kind in OrganisationKind]
    kinds = [Filter("kind", "Kind", options, multiple=False)]
    return Filters(url_for("people_admin.organisations"), request.args, kinds, words="q")


def _organisations(filters: Filters) -> Select[Any]:
    kind = filters.one("kind")
    return queries.organisations(
        current_actor(), filters.text, OrganisationKind(kind) if kind else None
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
def new_organisation() -> str | Response:
    """Set up an organisation of any kind."""
    form = AnyOrganisationForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            made = services.create_organisation(
                kind=OrganisationKind(form.kind.data), by=current_actor(), **form.details()
            )
            db.session.commit()
            flash(f"{made.name} has been set up. Invite its lead.", "success")
            return redirect(url_for("people_admin.organisation", organisation_id=made.id))
    return render_template("accounts/admin/new_organisation.html", form=form)


@blueprint.get("/organisations/<int:organisation_id>")
def organisation(organisation_id: int) -> str:
    """Show one organisation and its people."""
    found = queries.organisation_for(current_actor(), organisation_id)
    return render_template(
        "accounts/admin/organisation.html",
        organisation=found,
        people=queries.people_of(found),
    )


@blueprint.route("/organisations/<int:organisation_id>/details", methods=["GET", "POST"])
def edit_organisation(organisation_id: int) -> str | tuple[str, int] | Response:
    """Change an organisation's details."""
    found = queries.organisation_for(current_actor(), organisation_id)
    form = OrganisationForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.edit_organisation(
                organisation=found,
                version=form.version.data,
                by=current_actor(),
                **form.details(),
            )
            db.session.commit()
            flash("The details have been changed.", "success")
            return redirect(url_for("people_admin.organisation", organisation_id=found.id))
    page = render_template("accounts/organisation_details.html", form=form, organisation=found)
    return page, form.status
