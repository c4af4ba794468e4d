"""Finding one's organisation: joining, setting one up, accepting an invitation."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.forms import FindOrganisationForm, InvitedForm, NewOrganisationForm
from portal.accounts.models import Invitation, OrganisationKind
from portal.accounts.policy import can_accept
from portal.accounts.session import current_actor
from portal.accounts.views.signing_in import go_on
from portal.accounts.views.start import BY_ADDRESS, blueprint, dead_link
from portal.db import db
from portal.errors import Forbidden
from portal.web.access import public
from portal.web.forms import PortalForm
from portal.web.limits import limiter


@blueprint.get("/join")
def join() -> str:
    """Look for the organisation that one works for."""
    form = FindOrganisationForm()
    form.validate()
    found = queries.organisations_to_join(form.q.data or "") if not form.errors else []
    return render_template("accounts/join.html", form=form, found=found)


@blueprint.post("/join/<int:organisation_id>")
@limiter.limit("10 per hour")
def ask_to_join(organisation_id: int) -> Response:
    """Ask the lead of an organisation to be let in."""
    organisation = queries.organisation_to_join(organisation_id)
    services.ask_to_join(user=current_user, organisation=organisation, by=current_actor())
    db.session.commit()
    flash(f"We have asked the lead of {organisation.name}. You get an email when they decide.")
    return redirect(url_for("accounts.home"))


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
def new_organisation() -> str | Response:
    """Set up one's own organisation and lead it."""
    form = NewOrganisationForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            made = services.create_organisation(
                kind=OrganisationKind(form.kind.data),
                lead=current_user,
                by=current_actor(),
                **form.details(),
            )
            db.session.commit()
            flash(f"{made.name} has been set up. You lead it.", "success")
            return redirect(url_for("accounts.home"))
    return render_template("accounts/new_organisation.html", form=form)


@blueprint.route("/invitations/<token>", methods=["GET", "POST"])
@limiter.limit(BY_ADDRESS, methods=["POST"])
@public
def invitation(token: str) -> str | tuple[str, int] | Response:
    """Accept an invitation: with the account signed in, else with a new one."""
    invited = queries.open_invitation(token)
    if invited is None:
        return dead_link()
    if current_user.is_authenticated:
        return _accept_signed_in(invited)
    has_account = queries.has_account(invited.email)
    form = InvitedForm()
    form.about = (invited.email,)
    if not has_account and form.is_submitted_and_valid():
        with form.refusals():
            user = services.open_invited_account(
                invitation=invited,
                name=form.name.data,
                stored=services.hashed(form.password.data),
            )
            db.session.commit()
            return go_on(user)
    return render_template(
        "accounts/invitation.html", form=form, invitation=invited, has_account=has_account
    )


def _accept_signed_in(invited: Invitation) -> str | Response:
    """Show the invitation to somebody signed in, and add it to their account when they accept."""
    if not can_accept(current_user, invited):
        raise Forbidden(services.OTHER_ADDRESS)
    form = PortalForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.accept_invitation(invitation=invited, user=current_user)
            db.session.commit()
            flash(f"You now act for {invited.organisation.name}, too.", "success")
            return redirect(url_for("accounts.home"))
    return render_template("accounts/invitation_accept.html", form=form, invitation=invited)
