"""The JSON API: its operations, its document, and how it is put into the application."""

from flask import Flask

from portal.api.views import (
    allowance,
    challenges,
    changes,
    document,
    imports,
    innovations,
    measures,
    reference,
    support,
    webhooks,
)
from portal.api.views.document import EXTENSION, pages
from portal.api.views.problems import problem
from portal.api.views.start import PREFIX, PortalApi, blueprint
from portal.db import MAX_ID
from portal.web import csrf, programs
from portal.web.addresses import RowId

ABOUT = """What the portal publishes, for everybody; with a token what its owner may see in the role
for which it was made. Figures, searches and rules are those of the pages."""


def init_app(app: Flask) -> None:
    """Give the application the API under `/api/v1`; its refusals are told as problems there, and
    cookies count nothing."""
    programs.register(app, programs.Programs("/api/", f"{PREFIX}/docs", problem))
    csrf.csrf.exempt(blueprint)
    allowance.init_app(app)
    api = PortalApi(
        spec_kwargs={
            "title": f"{app.config['SERVICE_NAME']} API",
            "version": "v1",
            "openapi_version": "3.1.0",
            "info": {"description": ABOUT},
        }
    )
    api.init_app(app)
    scheme = {"type": "http", "scheme": "bearer", "description": "Made at /account/tokens"}
    api.spec.components.security_scheme("token", scheme)
    api.register_converter(RowId, _row_id)
    api.register_blueprint(blueprint)
    app.extensions[EXTENSION] = api


def _row_id(_converter: RowId) -> dict[str, object]:
    return {"type": "integer", "minimum": 0, "maximum": MAX_ID}


__all__ = [
    "challenges",
    "changes",
    "document",
    "imports",
    "init_app",
    "innovations",
    "measures",
    "pages",
    "reference",
    "support",
    "webhooks",
]
