"""What the administrators' pages share: their blueprint, open to nobody else."""

from flask import Blueprint, request

from portal.accounts.policy import can_administer
from portal.accounts.queries.merging import may_merge
from portal.accounts.session import current_actor
from portal.errors import Forbidden

blueprint = Blueprint(
    "people_admin", "portal.accounts", template_folder="templates", url_prefix="/admin"
)


PAGES = ("look_alikes", "merge_organisations", "tell_apart", "part_organisations")
NATIONAL_TOO = frozenset(f"people_admin.{page}" for page in PAGES)


@blueprint.before_request
def administrators_only() -> None:
    """Refuse everybody else; strangers were sent to sign in before. The national team may make
    organisations one."""
    if request.endpoint in NATIONAL_TOO and may_merge(current_actor()):
        return
    if not can_administer(current_actor()):
        raise Forbidden("Only administrators may see this page.")
