"""What needs a second administrator: asked here, and agreed to or refused."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.admin_views.start import blueprint
from portal.accounts.forms.factors import LiftFactorForm
from portal.accounts.models.approvals import Approval
from portal.accounts.queries.approvals import approval_for, approvals
from portal.accounts.services.approvals import WAITS, title_of
from portal.accounts.session import asks_proof, current_actor
from portal.db import db


@blueprint.get("/approvals")
def approval_list() -> str:
    """List what waits for a second administrator, and what waited last."""
    actor = current_actor()
    return render_template(
        "accounts/admin/approvals.html",
        waiting=approvals(actor, are_open=True),
        ended=approvals(actor, are_open=False),
        title_of=title_of,
    )


@blueprint.get("/approvals/<int:approval_id>")
def approval(approval_id: int) -> str:
    """Show one request, to agree to it or refuse it."""
    row = approval_for(current_actor(), approval_id)
    return render_template("accounts/admin/approval.html", row=row, title=title_of(row))


@blueprint.post("/approvals/<int:approval_id>/agree")
@asks_proof
def agree(approval_id: int) -> Response:
    """Agree, as the second: it is done at once."""
    row = approval_for(current_actor(), approval_id)
    services.agree(approval=row, by=current_actor())
    return _decided(row, "You agreed. It has been done.")


@blueprint.post("/approvals/<int:approval_id>/refuse")
@asks_proof
def refuse(approval_id: int) -> Response:
    """Refuse it, or take one's own back."""
    row = approval_for(current_actor(), approval_id)
    services.refuse(approval=row, by=current_actor())
    is_own = row.asked_by_id == current_actor().user_id
    done = "You took it back" if is_own else "It has been refused"
    return _decided(row, f"{done}. Nothing has changed.")


def _decided(row: Approval, message: str) -> Response:
    db.session.commit()
    flash(message, "success")
    return redirect(url_for("people_admin.approval", approval_id=row.id))


@blueprint.route("/people/<int:user_id>/two-factor/off", methods=["GET", "POST"])
@asks_proof
def lift_factor(user_id: int) -> str | Response:
    """Ask to let somebody in by password who lost every factor and the recovery codes."""
    user, form = queries.person_for(current_actor(), user_id), LiftFactorForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.ask_to_lift_factor(user=user, reason=form.reason.data, by=current_actor())
            db.session.commit()
            flash(WAITS)
            return redirect(url_for("people_admin.person", user_id=user.id))
    return render_template("accounts/admin/lift_factor.html", form=form, person=user)
