"""One's own tokens of the API: make, look at, revoke."""

from flask import flash, g, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, services
from portal.accounts.forms.tokens import TokenForm
from portal.accounts.models.tokens import TokenScope
from portal.accounts.queries.tokens import token_for, tokens_of
from portal.accounts.rules import MAX_TOKEN_DAYS
from portal.accounts.session import asks_proof, current_actor, step_up
from portal.accounts.views.start import blueprint
from portal.db import db

MADE = "token_made"
"""Where in the cookie a new token waits to be shown."""


@blueprint.get("/tokens")
def tokens() -> str:
    """List one's tokens that work."""
    return render_template(
        "accounts/tokens.html", tokens=tokens_of(current_user.id), scopes=TokenScope
    )


@blueprint.route("/tokens/new", methods=["GET", "POST"])
@asks_proof
def make_token() -> str | tuple[str, int] | Response:
    """Make a token that acts as one acts now, and show it once."""
    actor = current_actor()
    membership = queries.own_membership(actor, actor.membership_id or 0)
    form = TokenForm(data={"days": 90, "scopes": [TokenScope.READ]})
    if form.is_submitted_and_valid():
        with form.refusals():
            token = services.make_token(
                user=current_user,
                membership=membership,
                name=form.name.data or "",
                scopes=form.scopes.data or [],
                days=form.days.data or MAX_TOKEN_DAYS,
                by=actor,
                factor_elsewhere=g.user_session.factor_elsewhere,
            )
            step_up()
            db.session.commit()
            session[MADE] = token
            return redirect(url_for("accounts.token_made"))
    return render_template("accounts/token_new.html", form=form, membership=membership), form.status


@blueprint.get("/tokens/made")
def token_made() -> str | Response:
    """Show a token that was just made, once: only the cookie of the browser that made it has it."""
    token = session.pop(MADE, None)
    if token is None:
        return redirect(url_for("accounts.tokens"))
    return render_template("accounts/token_made.html", token=token)


@blueprint.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Response:
    """Let one's token work no more."""
    actor = current_actor()
    services.revoke_token(token=token_for(actor, token_id), by=actor)
    db.session.commit()
    flash("The token has been revoked. It does not work any more.", "success")
    return redirect(url_for("accounts.tokens"))
