"""The pages about people's data: one's own, and those of administrators."""

from flask import Blueprint

from portal.accounts.policy import can_administer
from portal.accounts.session import current_actor
from portal.errors import Forbidden

blueprint = Blueprint("privacy", __name__, template_folder="../templates", url_prefix="/account")
admin_blueprint = Blueprint(
    "privacy_admin", __name__, template_folder="../templates", url_prefix="/admin"
)


@admin_blueprint.before_request
def _administrators_only() -> None:
    if not can_administer(current_actor()):
        raise Forbidden("Only administrators may see this page.")


# They hang their pages on the blueprints, so these must be there first.
from portal.privacy.views import admin, mine  # noqa: E402

__all__ = ["admin", "admin_blueprint", "blueprint", "mine"]
