"""Places of use that were entered by name: staff find them in the directory."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Innovation, RecordStatus, Use
from portal.innovations.policy import can_attach_places
from portal.innovations.queries import visible_to


def named_uses(actor: Actor, words: str = "") -> Select[Any]:
    """Return pairs of a use that names its place and its record, of submitted records that the
    actor may see. Raises Forbidden for anybody but HIN and national staff."""
    if not can_attach_places(actor):
        raise Forbidden("Only HIN and national staff find places that were entered by name.")
    pairs: Any = select(Use, Innovation)
    found: Select[Any] = pairs.join(Innovation, Innovation.id == Use.innovation_id).where(
        Use.organisation_named != "",
        Innovation.status == RecordStatus.SUBMITTED,
        visible_to(actor),
    )
    return found.where(Use.organisation_named.icontains(words, autoescape=True)) if words else found


def use_to_place(actor: Actor, use_id: int) -> tuple[Use, Innovation]:
    """Return a use that names its place, with its record; raises NotFound and Forbidden."""
    found = db.session.execute(named_uses(actor).where(Use.id == use_id)).one_or_none()
    if found is None:
        raise NotFound("There is no such place that was entered by name.")
    return found[0], found[1]
