"""What the administrators' pages share: their blueprint, open to nobody else."""

from flask import Blueprint

from portal.accounts.policy import can_administer
from portal.accounts.session import current_actor
from portal.errors import Forbidden

blueprint = Blueprint(
    "people_admin", "portal.accounts", template_folder="templates", url_prefix="/admin"
)


@blueprint.before_request
def administrators_only() -> None:
    """Refuse everybody else; strangers were sent to sign in before."""
    if not can_administer(current_actor()):
        raise Forbidden("Only administrators may see this page.")
