"""The organisation that one leads: its people, invitations and details."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.forms import DeclineForm, InviteForm, LeavingForm, OrganisationForm
from portal.accounts.models import Actor, Membership, Organisation, Role
from portal.accounts.policy import can_invite
from portal.accounts.queries.leaving import questions_about
from portal.accounts.rules import roles_of
from portal.accounts.services.approvals import told
from portal.accounts.session import current_actor
from portal.accounts.views.start import blueprint
from portal.db import db
from portal.web.access import removes
from portal.web.limits import limiter


def back_to(organisation: Organisation) -> Response:
    """Return to the page from which the organisation's people are led."""
    actor = current_actor()
    if organisation.id == actor.organisation_id and actor.is_lead:
        return redirect(url_for("accounts.organisation"))
    if actor.is_administrator:
        return redirect(url_for("people_admin.organisation", organisation_id=organisation.id))
    return redirect(url_for("accounts.home"))


def invite_form(actor: Actor, organisation: Organisation) -> InviteForm:
    """Return the form with the roles that the actor may give there."""
    form = InviteForm()
    may = [role for role in roles_of(organisation.kind) if can_invite(actor, organisation, role)]
    form.role.choices = may
    if len(may) == 1 and not form.role.data:
        form.role.data = may[0].value
    return form


@blueprint.get("/organisation")
def organisation() -> str:
    """Show the people of the organisation that one leads."""
    mine = queries.organisation_for(current_actor(), current_actor().organisation_id)
    return render_template(
        "accounts/organisation.html",
        organisation=mine,
        people=queries.people_of(mine),
    )


@blueprint.route("/organisation/details", methods=["GET", "POST"])
def edit_organisation() -> str | tuple[str, int] | Response:
    """Change its details."""
    mine = queries.organisation_for(current_actor(), current_actor().organisation_id)
    form = OrganisationForm(obj=mine)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.edit_organisation(
                organisation=mine,
                version=form.version.data,
                by=current_actor(),
                **form.details(),
            )
            db.session.commit()
            flash("The details have been changed.", "success")
            return redirect(url_for("accounts.organisation"))
    page = render_template("accounts/organisation_details.html", form=form, organisation=mine)
    return page, form.status


@blueprint.route("/organisations/<int:organisation_id>/invite", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def invite(organisation_id: int) -> str | Response:
    """Invite somebody by email."""
    target = queries.organisation_for(current_actor(), organisation_id)
    form = invite_form(current_actor(), target)
    if form.is_submitted_and_valid():
        with form.refusals():
            asked = services.ask_to_invite(
                email=form.email.data,
                organisation=target,
                role=Role(form.role.data),
                is_lead=form.is_lead.data,
                by=current_actor(),
            )
            db.session.commit()
            flash(*told(asked, f"We have invited {form.email.data}."))
            return back_to(target)
    return render_template("accounts/invite.html", form=form, organisation=target)


@blueprint.post("/invitations/<int:invitation_id>/withdraw")
@removes("accounts.organisation")
def withdraw(invitation_id: int) -> Response:
    """Take an invitation back."""
    row = queries.invitation_for(current_actor(), invitation_id)
    services.withdraw(invitation=row, by=current_actor())
    db.session.commit()
    flash(f"The invitation of {row.email} has been withdrawn.", "success")
    return back_to(row.organisation)


@blueprint.post("/members/<int:membership_id>/accept")
def accept(membership_id: int) -> Response:
    """Let in somebody who asked."""
    row = queries.membership_for(current_actor(), membership_id)
    services.accept(membership=row, by=current_actor())
    return _done(row, f"{row.user.name} is now a member.")


@blueprint.route("/members/<int:membership_id>/decline", methods=["GET", "POST"])
@removes("accounts.organisation")
def decline(membership_id: int) -> tuple[str, int] | Response:
    """Refuse somebody who asked, with a message."""
    row, form = queries.membership_for(current_actor(), membership_id), DeclineForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.decline(membership=row, message=form.message.data, by=current_actor())
            return _done(row, f"{row.user.name} has been told.")
    return render_template("accounts/decline.html", form=form, membership=row), form.status


@blueprint.route("/members/<int:membership_id>/end", methods=["GET", "POST"])
@removes("accounts.organisation")
def end_membership(membership_id: int) -> tuple[str, int] | Response:
    """End somebody's membership, or one's own, and say who takes over."""
    row = queries.membership_to_end(current_actor(), membership_id)
    questions = questions_about([row])
    form = LeavingForm.asking([one for one in questions if one.is_asked])
    if form.is_submitted_and_valid():
        with form.refusals():
            successor_id = form.chosen().get(row.id)
            services.end_membership(membership=row, successor_id=successor_id, by=current_actor())
            return _done(row, f"{row.user.name} no longer acts for {row.organisation.name}.")
    page = render_template("accounts/end_membership.html", form=form, row=row, questions=questions)
    return page, form.status


@blueprint.post("/members/<int:membership_id>/make-lead")
def make_lead(membership_id: int) -> Response:
    """Make a member a lead."""
    row = queries.membership_for(current_actor(), membership_id)
    services.make_lead(membership=row, by=current_actor())
    return _done(row, f"{row.user.name} is now a lead.")


def _done(row: Membership, message: str) -> Response:
    db.session.commit()
    flash(message, "success")
    return back_to(row.organisation)
