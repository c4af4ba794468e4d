"""Record what was agreed at level 4, and what each review found."""

from datetime import date, datetime
from typing import Any

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.support import outbox, policy
from portal.support.models import Engagement, Partnership, PartnershipReview
from portal.support.queries.partnerships import partnership_of

LEVEL = 4
FIELDS = frozenset({"aims", "partners", "agreed_on", "ends_on", "review_on"})


def agree(
    *,
    engagement: Engagement,
    version: int,
    by: Actor,
    at: datetime | None = None,
    **values: Any,
) -> Partnership:
    """Record the agreement of an engagement at level 4, or change it; `version` is 0 at first.

    The innovator's side is told of a new one. Raises Forbidden for other HINs, Conflict when it
    was changed meanwhile, Invalid below level 4 and for days that run backwards.
    """
    at = at or now()
    if not policy.can_decide(by, engagement):
        raise Forbidden("Only the network whose engagement it is records its partnership.")
    _check(engagement, values, at)
    row = partnership_of(engagement.id)
    is_new = row is None
    if row is None:
        row = Partnership(engagement=engagement, created_at=at, created_by_id=by.user_id)
        db.session.add(row)
    else:
        lock(row, seen=version)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    _note(row, "agreed" if is_new else "changed", by, at)
    if is_new:
        _tell("partnership", row, at=at, by=by)
    return row


def review(
    *,
    partnership: Partnership,
    on: date,
    outcomes: str,
    by: Actor,
    is_shared: bool = False,
    next_on: date | None = None,
    at: datetime | None = None,
) -> PartnershipReview:
    """Record a review: what came of the partnership, and when to look again.

    The innovator's side reads what is shared, and is told so.
    """
    at = at or now()
    if not policy.can_decide(by, partnership.engagement):
        raise Forbidden("Only the network whose partnership it is records its reviews.")
    if on > day_of(at):
        raise Invalid("The day must be today or in the past", field="on")
    if next_on is not None and next_on <= on:
        raise Invalid("The next review must be after this one", field="next_on")
    if not outcomes:
        raise Invalid("Enter what came of it", field="outcomes")
    row = PartnershipReview(
        partnership=partnership,
        on=on,
        outcomes=outcomes,
        is_shared=is_shared,
        at=at,
        by_id=by.user_id,
    )
    db.session.add(row)
    partnership.review_on = next_on
    db.session.flush()
    _note(partnership, "reviewed", by, at)
    if is_shared:
        _tell("partnership_review", partnership, at=at, by=by, review=row)
    return row


def _check(engagement: Engagement, values: dict[str, Any], at: datetime) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field of a partnership: {', '.join(sorted(unknown))}")
    if engagement.level != LEVEL:
        raise Invalid("A strategic partnership is support at level 4: change the level first")
    agreed, ends = values["agreed_on"], values.get("ends_on")
    if agreed > day_of(at):
        raise Invalid("The day must be today or in the past", field="agreed_on")
    if ends is not None and ends < agreed:
        raise Invalid("The end must be on or after the day of the agreement", field="ends_on")


def _tell(template: str, row: Partnership, *, at: datetime, **words: Any) -> None:
    """Tell the innovator's side of a page of theirs."""
    innovation, page = row.engagement.innovation, f"support/partnerships/{row.id}"
    outbox.tell_owners(template, innovation, at=at, page=page, partnership=row, **words)


def _note(row: Partnership, verb: str, by: Actor, at: datetime) -> None:
    outbox.note(
        f"partnership.{verb}",
        row.engagement.innovation,
        f"{verb} a strategic partnership" if verb != "agreed" else "recorded a partnership",
        by=by,
        at=at,
        audience=Audience.HIN,
    )
