"""The pages of administration; each module adds its own to a blueprint."""

from flask import Blueprint

from portal.accounts.session import current_actor
from portal.admin import queries

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="../templates")
deadlines_blueprint = Blueprint("deadlines", __name__, url_prefix="/support/deadlines")
"""Staff read it too, so it is no part of the front door of administrators."""


@blueprint.before_request
def _administrators_only() -> None:
    queries.administrator(current_actor())


# They hang their pages on the blueprints, so these must be there first.
from portal.admin.views import deadlines, log, metrics, networks, places, vocabularies  # noqa: E402

__all__ = [
    "blueprint",
    "deadlines",
    "deadlines_blueprint",
    "log",
    "metrics",
    "networks",
    "places",
    "vocabularies",
]
