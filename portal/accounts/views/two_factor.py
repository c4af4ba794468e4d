"""Two-factor sign-in: setting up an authenticator app, recovery codes, turning it off."""

import re
from io import BytesIO

import qrcode
from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user
from flask_security.proxies import _security
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.forms.factors import FactorForm, SetUpForm
from portal.accounts.models.security import SecurityKind
from portal.accounts.queries import recovery_codes_left
from portal.accounts.session import asks_proof, factor_due, opens_without_factor, step_up
from portal.accounts.views.passkeys import added
from portal.accounts.views.proving import proved_by, refused_factor, to_use
from portal.accounts.views.start import BY_EMAIL, blueprint
from portal.clock import now
from portal.db import db
from portal.web.forms import PortalForm
from portal.web.limits import limiter


@blueprint.get("/two-factor")
@opens_without_factor
def two_factor() -> str:
    """Say what is asked for at sign-in beside the password, and how to change that."""
    left = recovery_codes_left(current_user.id)
    due = factor_due()
    return render_template(
        "accounts/two_factor.html", left=left, due=due, is_overdue=due is not None and due <= now()
    )


@blueprint.route("/two-factor/set-up", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
@opens_without_factor
@asks_proof
def set_up_two_factor() -> str | Response:
    """Show the secret to an authenticator app, and check that it gives the right codes."""
    if current_user.tf_totp_secret:
        return redirect(url_for("accounts.two_factor"))
    form = SetUpForm()
    # Encrypted with the portal's secret; the person sees it anyway.
    secret = services.secret_to_set_up(stored=session.get("totp", ""))
    session["totp"] = secret
    if form.is_submitted_and_valid():
        if services.is_code_right(user=current_user, code=form.code.data, secret=secret):
            codes = services.set_up_two_factor(user=current_user, secret=session.pop("totp"))
            step_up()
            db.session.commit()
            return added(codes, "The authenticator app has been set up.")
        form.refuse("Enter the code that your app shows now", "code")
    return render_template(
        "accounts/two_factor_set_up.html",
        form=form,
        picture=_picture(_security.totp_factory.get_totp_uri(current_user.email, secret)),
        key=_security.totp_factory.get_totp_pretty_key(secret),
    )


def _picture(uri: str) -> Markup:
    """Return the address as a QR code, drawn in the page: no image is fetched."""
    with BytesIO() as file:
        qrcode.make(uri, image_factory=SvgPathImage, border=4).save(file)
        svg = file.getvalue().decode()
    inner = re.sub(r"^<\?xml[^>]*\?>\s*", "", svg)
    named = inner.replace("<svg ", '<svg class="app-qr" role="img" aria-label="QR code" ', 1)
    return Markup(named)  # noqa: S704 - drawn by the library from an encoded address


@blueprint.route("/two-factor/recovery-codes", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
@asks_proof
def new_recovery_codes() -> str | Response:
    """Replace the recovery codes."""
    if not current_user.has_factor:
        return redirect(url_for("accounts.two_factor"))
    form = PortalForm()
    if form.is_submitted_and_valid():
        codes = services.new_recovery_codes(user=current_user)
        step_up()
        db.session.commit()
        return render_template("accounts/recovery_codes.html", codes=codes, is_new=False)
    return render_template("accounts/new_recovery_codes.html", form=form)


@blueprint.route("/two-factor/turn-off", methods=["GET", "POST"])
@limiter.limit(BY_EMAIL, methods=["POST"])
def turn_off_two_factor() -> str | Response:
    """Turn the authenticator app off, by any of one's factors: the password is not enough."""
    if not current_user.tf_totp_secret:
        return redirect(url_for("accounts.two_factor"))
    form = FactorForm()
    if form.is_submitted_and_valid():
        if proved_by(current_user, form):
            services.turn_off_two_factor(user=current_user)
            step_up()
            db.session.commit()
            flash("We no longer ask for codes of your authenticator app.", "success")
            return redirect(url_for("accounts.two_factor"))
        refused_factor(current_user, form, SecurityKind.CONFIRM_FAILED)
    return render_template("accounts/two_factor_off.html", form=form, **to_use(current_user))
