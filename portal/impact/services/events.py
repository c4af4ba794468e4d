"""Enter what happened, and withdraw what was wrong."""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import PartialDate, now, today
from portal.db import db, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.impact.models import EventKind, ImpactEvent
from portal.impact.policy import can_tell, can_withdraw


def tell(
    *,
    kind: EventKind,
    title: str,
    day: PartialDate,
    hin_id: int | None,
    programme_id: int | None = None,
    people: int | None = None,
    other: str = "",
    source: str = "",
    link: str = "",
    by: Actor,
) -> ImpactEvent:
    """Enter a milestone, an agreement, an award or an event that was held.

    Raises Forbidden but for a network's own and the national team, Invalid for a day to come, for
    an event without its number of people, and for such a number of anything else.
    """
    if not can_tell(by, hin_id):
        raise Forbidden("A network enters what is its own; the national team all.")
    if day.first > today():
        raise Invalid("The date must be today or in the past", field="on")
    if kind is EventKind.HELD and people is None:
        raise Invalid("Enter how many people took part", field="people")
    if kind is not EventKind.HELD and people is not None:
        raise Invalid("Only an event has people who took part", field="people")
    row = ImpactEvent(
        kind=kind,
        title=title,
        on=day.first,
        on_precision=day.precision,
        hin_id=hin_id,
        programme_id=programme_id,
        people=people,
        other=other,
        source=source,
        link=link,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(row, "told", f"entered: {kind.label.lower()}", by=by)
    return row


def withdraw(*, event: ImpactEvent, why: str, by: Actor) -> None:
    """Take an entry off the pages and figures from now on; frozen figures keep it.

    Raises Forbidden for other networks' entries, Invalid without why, Conflict where it was
    withdrawn already.
    """
    if not can_withdraw(by, event):
        raise Forbidden("A network withdraws what is its own; the national team all.")
    if not why:
        raise Invalid("Enter why", field="why")
    done = use_once(
        ImpactEvent,
        ImpactEvent.id == event.id,
        ImpactEvent.withdrawn_at.is_(None),
        withdrawn_at=now(),
        withdrawn_by_id=by.user_id,
        withdrawn_why=why,
    )
    if not done:
        raise Conflict("It was withdrawn already.")
    db.session.expire(event)
    audit.note(event, "withdrawn", "withdrew an entry", by=by)
