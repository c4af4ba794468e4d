"""The statements that every public service makes, and the health checks."""

from flask import Blueprint, current_app, render_template, url_for
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from portal.db import db
from portal.errors import NotFound
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.personal import address_readers
from portal.privacy.queries.retention import rules
from portal.web.access import asks_nobody, public

blueprint = Blueprint("pages", __name__, template_folder="../templates")


@blueprint.get("/accessibility")
@public
@for_strangers
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/cookies")
@public
@for_strangers
def cookies() -> str:
    """Say which cookies are set, and why none needs consent."""
    return render_template("pages/cookies.html")


@blueprint.get("/privacy")
@public
@for_strangers
def privacy() -> str:
    """Say what is kept about people, how long, and who sees it: the lists that the code follows."""
    return render_template("pages/privacy.html", readers=address_readers(), rules=rules())


@blueprint.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """Say whom to tell of a vulnerability, as RFC 9116 has it; 404 where nobody is set."""
    contact = current_app.config["DISCLOSURE_CONTACT"]
    if not contact:
        raise NotFound("Nobody is named here.")
    lines = {
        "Contact": contact,
        "Expires": current_app.config["DISCLOSURE_EXPIRES"],
        "Preferred-Languages": "en",
        "Canonical": full_address(url_for("pages.security_txt")),
    }
    text = "".join(f"{name}: {said}\n" for name, said in lines.items())
    return Response(text, mimetype="text/plain")


@blueprint.get("/healthz")
@asks_nobody
def healthz() -> Response:
    """Answer as long as this process lives."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@asks_nobody
def readyz() -> Response:
    """Answer 200 when the database answers, 503 when it does not."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        return Response("the database does not answer\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


# It hangs its pages on the blueprint, so it must be there first.
from portal.pages.views import announcements, terms  # noqa: E402

__all__ = ["announcements", "blueprint", "terms"]
