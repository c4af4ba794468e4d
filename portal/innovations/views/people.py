"""Who works on a record: collaborators by invitation, ownership by offer."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.innovations.forms.ownership import AnswerForm, InviteForm, TransferForm
from portal.innovations.models import Innovation
from portal.innovations.policy import can_manage, is_own
from portal.innovations.queries import people as queries
from portal.innovations.queries.people import innovation_of_own_people, innovation_to_manage
from portal.innovations.queries.supporters import may_read_addresses
from portal.innovations.services import people as services
from portal.innovations.views import blueprint
from portal.web.access import removes
from portal.web.limits import limiter

BASE = "/innovations/<int:innovation_id>"
Page = tuple[str, int]


@blueprint.get(f"{BASE}/people")
def people(innovation_id: int) -> Page:
    """Show owner, organisation and collaborators, and who was asked."""
    innovation = innovation_of_own_people(current_actor(), innovation_id)
    return _people_page(innovation, InviteForm())


@blueprint.post(f"{BASE}/people")
@limiter.limit("30 per hour")
def invite(innovation_id: int) -> Page | Response:
    """Ask somebody to work on the record; the answer is the same whoever has the address."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    form = InviteForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.invite_collaborator(innovation=innovation, email=form.email.data, by=actor)
            db.session.commit()
            flash(f"We have written to {form.email.data}", "success")
            return _back(innovation)
    return _people_page(innovation, form)


def _people_page(innovation: Innovation, form: InviteForm) -> Page:
    actor = current_actor()
    may_manage = can_manage(actor, innovation)
    page = render_template(
        "innovations/people.html",
        innovation=innovation,
        form=form,
        may_manage=may_manage,
        me=actor.user_id,
        with_addresses=may_read_addresses(actor, innovation),
        colleagues=queries.colleagues(innovation),
        collaborators=queries.collaborators(innovation),
        invitations=queries.open_invitations(innovation) if is_own(actor, innovation) else [],
        transfer=queries.open_transfer(innovation) if is_own(actor, innovation) else None,
    )
    return page, form.status


def _back(innovation: Innovation) -> Response:
    return redirect(url_for("innovations.people", innovation_id=innovation.id))


@blueprint.post(f"{BASE}/people/invitations/<int:invitation_id>/withdraw")
@removes("innovations.people")
def withdraw_invitation(innovation_id: int, invitation_id: int) -> Response:
    """Take an invitation back."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    invitation = queries.invitation_of(innovation, invitation_id)
    services.withdraw_invitation(invitation=invitation, by=actor)
    db.session.commit()
    flash(f"The invitation of {invitation.email} is withdrawn", "success")
    return _back(innovation)


@blueprint.post(f"{BASE}/people/<int:collaborator_id>/remove")
@removes("innovations.people")
def remove_collaborator(innovation_id: int, collaborator_id: int) -> Response:
    """End somebody's work on the record; a collaborator may leave by it too."""
    actor = current_actor()
    innovation = innovation_of_own_people(actor, innovation_id)
    collaborator = queries.collaborator_of(innovation, collaborator_id)
    name, leaves = collaborator.user.name, collaborator.user_id == actor.user_id
    services.remove_collaborator(innovation=innovation, collaborator=collaborator, by=actor)
    db.session.commit()
    if leaves:
        flash(f"You no longer work on {innovation.name}", "success")
        return redirect(url_for("innovations.catalogue"))
    flash(f"{name} no longer works on the record", "success")
    return _back(innovation)


@blueprint.route(f"{BASE}/people/transfer", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def offer(innovation_id: int) -> Page | Response:
    """Offer the record to somebody else, or take the offer back."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    form = TransferForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.offer_transfer(innovation=innovation, email=form.email.data, by=actor)
            db.session.commit()
            flash(f"We have written to {form.email.data}", "success")
            return _back(innovation)
    page = render_template(
        "innovations/offer.html",
        form=form,
        innovation=innovation,
        transfer=queries.open_transfer(innovation),
    )
    return page, form.status


@blueprint.post(f"{BASE}/people/transfer/<int:transfer_id>/withdraw")
@removes("innovations.people")
def withdraw_offer(innovation_id: int, transfer_id: int) -> Response:
    """Take the offer of ownership back."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    transfer = queries.transfer_of(innovation, transfer_id)
    services.withdraw_transfer(transfer=transfer, by=actor)
    db.session.commit()
    flash("The offer is withdrawn", "success")
    return _back(innovation)


@blueprint.route(f"{BASE}/invitation", methods=["GET", "POST"])
def answer_invitation(innovation_id: int) -> Page | Response:
    """Let the person who was asked accept or decline to work on the record."""
    actor = current_actor()
    invitation = queries.invitation_to(actor, innovation_id)
    form = AnswerForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.answer_invitation(invitation=invitation, accept=form.accept.data, by=actor)
            db.session.commit()
            return _answered(invitation.innovation, accepted=form.accept.data)
    page = render_template("innovations/invitation.html", form=form, invitation=invitation)
    return page, form.status


@blueprint.route(f"{BASE}/transfer", methods=["GET", "POST"])
def answer_transfer(innovation_id: int) -> Page | Response:
    """Let the person to whom the record was offered accept or decline it."""
    actor = current_actor()
    transfer = queries.transfer_to(actor, innovation_id)
    form = AnswerForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.answer_transfer(transfer=transfer, accept=form.accept.data, by=actor)
            db.session.commit()
            return _answered(transfer.innovation, accepted=form.accept.data)
    page = render_template("innovations/transfer.html", form=form, transfer=transfer, actor=actor)
    return page, form.status


def _answered(innovation: Innovation, *, accepted: bool) -> Response:
    if not accepted:
        flash("You declined. There is nothing else for you to do", "success")
        return redirect("/")
    flash(f"{innovation.name} is with you now", "success")
    return _back(innovation)
