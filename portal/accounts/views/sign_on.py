"""Signing in by the word of an identity provider, and linking one to one's account."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms import ValidationError

from portal.accounts import queries, services
from portal.accounts.models import User
from portal.accounts.queries.identities import identities_of, identity_for, identity_of
from portal.accounts.rules.sign_on import Claimed, Provider
from portal.accounts.session import asks_proof, current_actor, finish_session
from portal.accounts.views.providers import (
    Intent,
    answer_of,
    label_of,
    provider_named,
    providers,
    send_to,
)
from portal.accounts.views.signing_in import go_on, let_in, may_sign_in
from portal.accounts.views.start import BY_ADDRESS, blueprint
from portal.db import db
from portal.errors import Forbidden
from portal.web.access import public, removes
from portal.web.addresses import safe_next
from portal.web.limits import limiter


@blueprint.context_processor
def ways_in() -> dict[str, Any]:
    """Let the pages of this room show a button for each provider."""
    return {"providers": providers(), "label_of": label_of}


@blueprint.get("/sign-on/<name>/start")
@limiter.limit(BY_ADDRESS)
@public
def sign_on(name: str) -> Response:
    """Go to a provider's own pages to sign in, perhaps with an invitation to accept: from our pages
    alone, as with linking."""
    provider, target = provider_named(name), safe_next(request.args.get("next"))
    invitation = request.args.get("invitation", "")
    if current_user.is_authenticated:
        return redirect(target or "/")
    if not _is_from_our_page():
        return redirect(
            url_for("accounts.invitation", token=invitation)
            if invitation
            else url_for("accounts.sign_in", next=target)
        )
    return send_to(provider, Intent(target, invitation))


def _is_from_our_page() -> bool:
    """Whether the address carries the token of forms, and the browser says that a page of ours led
    here (those that say nothing are older). It is a link and no form, as our pages may send forms
    to ourselves alone, and browsers count where they are sent on to."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    try:
        validate_csrf(request.args.get("token"))
    except ValidationError:
        return False
    return True


@blueprint.get("/sign-on/<name>/answer")
@limiter.limit(BY_ADDRESS)
@public
def sign_on_answer(name: str) -> str | tuple[str, int] | Response:
    """Come back from a provider. The standard's own GET; it acts, once, for whoever asked here."""
    provider = provider_named(name)
    claimed, intent = answer_of(provider)
    if intent.link_to is not None:
        return _link(provider, claimed, intent)
    found = identity_of(claimed.provider, claimed.issuer, claimed.subject)
    if found is not None:
        user = services.note_used(identity=found, label=provider.label)
        db.session.commit()
        return _enter(user, claimed, _where(intent))
    invited = queries.open_invitation(intent.invitation) if intent.invitation else None
    if invited is None or queries.has_account(invited.email):
        page = render_template("accounts/sign_on_unknown.html", provider=provider, invited=invited)
        return page, 403
    user = services.open_account_with_identity(
        invitation=invited, claimed=claimed, label=provider.label
    )
    db.session.commit()
    return _enter(user, claimed, intent.target)


def _where(intent: Intent) -> str | None:
    """Return where somebody known goes on: to the invitation, which asks whether it is theirs."""
    if intent.invitation:
        return url_for("accounts.invitation", token=intent.invitation)
    return intent.target


def _enter(user: User, claimed: Claimed, target: str | None) -> Response:
    """Let them in; the account's own second factor is asked for unless the provider's counts."""
    if not may_sign_in(user):
        raise Forbidden("This account is closed.")
    finish_session()  # of somebody who signed in meanwhile in another tab
    db.session.commit()
    if claimed.has_second_factor:
        return let_in(user, target, "at an identity provider", factor_elsewhere=True)
    return go_on(user, target)


def _link(provider: Provider, claimed: Claimed, intent: Intent) -> Response:
    if not current_user.is_authenticated or current_user.id != intent.link_to:
        raise Forbidden("You were signed out meanwhile. Sign in and link it again.")
    services.link_identity(
        user=current_user, claimed=claimed, label=provider.label, by=current_actor()
    )
    db.session.commit()
    flash(f"You can now sign in with {provider.label}.", "success")
    return redirect(url_for("accounts.identities"))


@blueprint.get("/sign-on")
def identities() -> str:
    """Show by what one can sign in beside the password."""
    rows = identities_of(current_user.id)
    return render_template("accounts/identities.html", rows=rows)


@blueprint.get("/sign-on/<name>/link")
@asks_proof
def link_identity(name: str) -> str:
    """Say what linking a provider to one's account does."""
    return render_template("accounts/link_identity.html", provider=provider_named(name))


@blueprint.get("/sign-on/<name>/link/start")
@asks_proof
def start_linking(name: str) -> Response:
    """Go to the provider's own pages to link it, from our page alone."""
    provider = provider_named(name)
    if not _is_from_our_page():
        return redirect(url_for("accounts.link_identity", name=name))
    return send_to(provider, Intent(link_to=current_user.id))


@blueprint.route("/sign-on/<int:identity_id>/remove", methods=["GET", "POST"])
@asks_proof
@removes("accounts.identities")
def unlink_identity(identity_id: int) -> str | Response:
    """Remove a sign-in from one's account."""
    row = identity_for(current_actor(), identity_id)
    if request.method == "POST":
        services.unlink_identity(identity=row, label=label_of(row.provider), by=current_actor())
        db.session.commit()
        flash("The sign-in has been removed.", "success")
        return redirect(url_for("accounts.identities"))
    return render_template("accounts/unlink_identity.html", row=row)
