"""Everybody's tokens of the API that work, and revoking them."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from portal.accounts import services
from portal.accounts.admin_views.start import blueprint
from portal.accounts.models.tokens import ApiToken
from portal.accounts.queries.tokens import every_token, token_for
from portal.accounts.serialise import TOKENS
from portal.accounts.session import current_actor
from portal.db import db
from portal.web.filters import Filters


@blueprint.get("/tokens")
def tokens() -> str:
    """Search the tokens."""
    filters = _filters()
    listed = TOKENS.on_page(db.session, _found(filters), filters)
    return render_template("accounts/admin/tokens.html", found=listed, filters=filters)


@blueprint.get("/tokens.<any(csv, xlsx):kind>")
def tokens_file(kind: str) -> Response:
    """Give the same list as a file."""
    filters = _filters()
    return TOKENS.file(kind, db.session, _found(filters), filters)


@blueprint.post("/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Response:
    """Let somebody's token work no more."""
    actor = current_actor()
    services.revoke_token(token=token_for(actor, token_id), by=actor)
    db.session.commit()
    flash("The token has been revoked. It does not work any more.", "success")
    return redirect(url_for("people_admin.tokens"))


def _filters() -> Filters:
    return Filters(url_for("people_admin.tokens"), request.args, words="q")


def _found(filters: Filters) -> Select[ApiToken]:
    return every_token(filters.text)
