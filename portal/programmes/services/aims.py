"""Set aims, replace them by later ones, and rate them otherwise than the rule, with a reason."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import Aim, Programme, Rating, RatingOverride
from portal.programmes.policy import can_edit
from portal.programmes.queries.aims import aims_of, overrides_of, state_of
from portal.programmes.queries.measuring import values_of

FIELDS = frozenset({"words", "measure", "part", "target", "unit", "baseline", "by_on"})


def set_aim(
    *, programme: Programme, by: Actor, valid_from: date | None = None, **values: Any
) -> Aim:
    """Give a programme an aim from a day on, today unless told.

    Raises Forbidden but for the national team, Invalid when it is due before it begins.
    """
    if not can_edit(by):
        raise Forbidden("The national team sets aims.")
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field of an aim: {', '.join(sorted(unknown))}")
    begin, due = valid_from or today(), values.get("by_on")
    if due is not None and due <= begin:
        raise Invalid("The day must be after the day from which the aim holds", field="by_on")
    number = db.session.scalar(select(func.max(Aim.number)).where(Aim.programme_id == programme.id))
    aim = Aim(
        programme=programme,
        number=(number or 0) + 1,
        valid_from=begin,
        at=now(),
        by_id=by.user_id,
        **values,
    )
    db.session.add(aim)
    db.session.flush()
    audit.note(programme, "aim_set", f"set the aim “{aim.words}”", by=by)
    return aim


def replace_aim(*, aim: Aim, version: int, why: str, by: Actor, **values: Any) -> Aim:
    """Replace an aim by a new one from today on; the old one stays, with why and by which.

    Raises Forbidden, Outdated when it changed meanwhile, Conflict when it was replaced already.
    """
    if not can_edit(by):
        raise Forbidden("The national team replaces aims.")
    lock(aim, seen=version)
    if aim.replaced_by_id is not None:
        raise Conflict("This aim was replaced already.")
    if not why:
        raise Invalid("Enter why it is replaced", field="why")
    new = set_aim(programme=aim.programme, by=by, **values)
    aim.replaced_by, aim.replaced_on, aim.replaced_why = new, today(), why
    db.session.flush()
    return new


def override_rating(*, aim: Aim, version: int, rating: Rating | None, why: str, by: Actor) -> None:
    """Rate an aim otherwise than the rule does, or (None) let the rule hold again; say why.

    What the rule said then is kept beside it. Raises Forbidden, Invalid without a reason, Outdated.
    """
    if not can_edit(by):
        raise Forbidden("The national team rates aims.")
    if not why:
        raise Invalid("Enter why", field="why")
    lock(aim, seen=version)
    if aim.replaced_by_id is not None:
        raise Conflict("This aim was replaced: rate the new one.")
    aims = aims_of(aim.programme_id)
    state = state_of(aim, values_of(aim.programme_id), overrides_of(aims).get(aim.id), today())
    row = RatingOverride(
        aim=aim, rating=rating, by_rule=state.by_rule.rating, why=why, at=now(), by_id=by.user_id
    )
    db.session.add(row)
    aim.rated_at = row.at
    db.session.flush()
    said = (
        f"rated “{aim.words}” as {rating.label}" if rating else f"let the rule rate “{aim.words}”"
    )
    audit.note(aim.programme, "aim_rated", f"{said}: {why}", by=by)
