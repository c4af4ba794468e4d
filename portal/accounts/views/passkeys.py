"""One's own passkeys: add, name, remove."""

import json

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms.factors import FactorForm, NewPasskeyForm, PasskeyNameForm
from portal.accounts.models.security import SecurityKind
from portal.accounts.queries.factors import passkey_for
from portal.accounts.session import (
    THEN,
    asks_proof,
    current_actor,
    opens_without_factor,
    step_up,
)
from portal.accounts.views.proving import (
    new_challenge,
    proved_by,
    refused_factor,
    site,
    taken_challenge,
    to_use,
)
from portal.accounts.views.start import BY_EMAIL, blueprint
from portal.db import db
from portal.web.access import removes
from portal.web.limits import limiter


@blueprint.route("/two-factor/passkeys/new", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
@opens_without_factor
@asks_proof
def add_passkey() -> str | Response:
    """Let the device make a passkey, and keep it under a name."""
    form = NewPasskeyForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            codes = services.add_passkey(
                user=current_user,
                name=form.name.data,
                credential=form.credential.data or "",
                challenge=taken_challenge(),
                site=site(),
            )
            step_up()
            db.session.commit()
            return added(codes, "The passkey has been added.")
    form.credential.data = ""
    return _ask_to_add(form)


def _ask_to_add(form: NewPasskeyForm) -> str:
    options = services.options_to_add(user=current_user, site=site(), challenge=new_challenge())
    return render_template("accounts/passkey_new.html", form=form, options=json.loads(options))


def added(codes: list[str], message: str) -> str | Response:
    """Show the recovery codes that came with the first factor, or say that another was added; then
    lead to what waited for it."""
    then = session.pop(THEN, None) or url_for("accounts.two_factor")
    if codes:
        return render_template("accounts/recovery_codes.html", codes=codes, is_new=True, then=then)
    flash(message, "success")
    return redirect(then)


@blueprint.route("/two-factor/passkeys/<int:passkey_id>/name", methods=["GET", "POST"])
@opens_without_factor
def rename_passkey(passkey_id: int) -> str | Response:
    """Call a passkey something else."""
    row = passkey_for(current_actor(), passkey_id)
    form = PasskeyNameForm(obj=row)
    if form.is_submitted_and_valid():
        services.rename_passkey(passkey=row, name=form.name.data)
        db.session.commit()
        flash("The passkey has been renamed.", "success")
        return redirect(url_for("accounts.two_factor"))
    return render_template("accounts/passkey_name.html", form=form, passkey=row)


@blueprint.route("/two-factor/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
@removes("accounts.two_factor")
def remove_passkey(passkey_id: int) -> str | Response:
    """Remove a passkey, by any of one's factors."""
    row, form = passkey_for(current_actor(), passkey_id), FactorForm()
    if form.is_submitted_and_valid():
        if proved_by(current_user, form):
            services.remove_passkey(user=current_user, passkey=row)
            step_up()
            db.session.commit()
            flash("The passkey has been removed.", "success")
            return redirect(url_for("accounts.two_factor"))
        refused_factor(current_user, form, SecurityKind.CONFIRM_FAILED)
    return render_template(
        "accounts/passkey_remove.html", form=form, passkey=row, **to_use(current_user)
    )
