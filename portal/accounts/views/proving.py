"""Proving who one is, at sign-in and before what matters: by password, code or passkey."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms.factors import CodeForm, FactorForm, ProofForm
from portal.accounts.models import User
from portal.accounts.models.security import SecurityKind
from portal.accounts.services import Challenge, Site
from portal.accounts.session import (
    CHALLENGE,
    is_own_password,
    opens_without_factor,
    step_up,
)
from portal.accounts.views.start import BY_EMAIL, blueprint
from portal.db import db
from portal.notifications.outbox import full_address
from portal.web.addresses import safe_next
from portal.web.limits import limiter

WRONG_CODE = "Enter the code that your app shows now. Each code works once"
WRONG_PASSKEY = "Your passkey was not accepted. Try again, or enter a code"


def site() -> Site:
    """Return this service as devices know it: by its own name, where the setting says it."""
    parts = urlsplit(full_address("/"))
    return Site(
        parts.hostname or "", f"{parts.scheme}://{parts.netloc}", current_app.config["SERVICE_NAME"]
    )


def new_challenge() -> Challenge:
    """Return a challenge that this browser keeps until a device has signed it."""
    made = Challenge.new()
    session[CHALLENGE] = [made.text, made.at]
    return made


def taken_challenge() -> Challenge:
    """Return the browser's challenge and forget it; where there is none, one that nobody signed."""
    kept = session.pop(CHALLENGE, None)
    return Challenge(*kept) if kept else Challenge.new()


def to_use(user: User | None) -> dict[str, Any]:
    """Return what a page needs that asks for a passkey: of a person, or of whoever has one."""
    if user is not None and not user.passkeys:
        return {}
    options = services.options_to_use(user=user, site=site(), challenge=new_challenge())
    return {"options": json.loads(options)}


def signed_by(credential: str, user: User | None = None) -> User | None:
    """Return who answered this browser's challenge by their passkey, None when nobody did."""
    return services.user_of_passkey(
        credential=credential, challenge=taken_challenge(), site=site(), user=user
    )


def proved_by(user: User, form: CodeForm | FactorForm | ProofForm) -> str:
    """Return by which factor the person proved who they are, "" when they did not."""
    if form.credential.data:
        return "a passkey" if signed_by(form.credential.data, user) else ""
    typed = form.code.data or ""
    if typed and services.is_code_right(user=user, code=typed):
        return "a code"
    if isinstance(form, CodeForm) or not typed:
        return ""
    return "a recovery code" if services.is_recovery_code_right(user=user, code=typed) else ""


def refused_factor(
    user: User, form: CodeForm | FactorForm, kind: SecurityKind = SecurityKind.SIGN_IN_FAILED
) -> None:
    """Say that no factor was right, and note it."""
    by_passkey = bool(form.credential.data)
    user_id = user.id
    services.security.note_apart(
        kind, "wrong passkey" if by_passkey else "wrong code", user_id=user_id
    )
    if by_passkey:
        form.refuse(WRONG_PASSKEY)
    else:
        form.refuse(WRONG_CODE, "code")
    form.credential.data = ""


@blueprint.route("/prove", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
@opens_without_factor
def prove() -> str | Response:
    """Ask once more who one is, before a change of security, and lead back to it."""
    form = ProofForm(next=request.args.get("next"))
    if form.is_submitted_and_valid():
        if _is_proof(form):
            services.note_proof(row=g.user_session)
            step_up()
            db.session.commit()
            return redirect(safe_next(form.next.data) or url_for("accounts.home"))
        _refuse_proof(form)
    return render_template(
        "accounts/prove.html", form=form, user=current_user, **to_use(current_user)
    )


def _is_proof(form: ProofForm) -> bool:
    """Whether the password is right, or a factor: what was given."""
    if form.password.data and not form.credential.data:
        return is_own_password(form.password.data)
    return bool(proved_by(current_user, form))


def _refuse_proof(form: ProofForm) -> None:
    if form.password.data and not form.credential.data:
        form.refuse("Enter your correct password", "password")
    elif form.code.data or form.credential.data:
        refused_factor(current_user, form, SecurityKind.CONFIRM_FAILED)
    else:
        form.refuse(
            "Enter your password or a code", "password" if current_user.password else "code"
        )
