"""Say of two similar records whether they are the same thing."""

from sqlalchemy import or_, select

from portal.accounts.models import Actor
from portal.accounts.queries.acting import leads_of_hins
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.innovations import policy
from portal.innovations.models import DuplicateDecision, Innovation
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.notifications.outbox import tell


def judge(
    *, innovation: Innovation, other: Innovation, is_same: bool, by: Actor
) -> DuplicateDecision:
    """Keep what the actor says of the pair; a later word replaces an earlier one.

    An innovator who says that somebody else's record is the same claims it: the HINs that look
    after that record are told and help. Raises Forbidden, and Invalid for a record and itself.
    """
    if not policy.can_judge_duplicates(by, innovation):
        raise Forbidden("You may not judge duplicates of this record.")
    if innovation.id == other.id:
        raise Invalid("A record is always the same as itself.")
    decision = remember(innovation, other, is_same=is_same, by=by)
    audit.note(
        innovation,
        "duplicate_judged",
        f"said that it is {'the same as' if is_same else 'different from'} “{other.name}”",
        by=by,
        # The other record's name is not for everybody who may see this one.
        audience=Audience.HIN if by.is_staff else Audience.PRIVATE,
    )
    if is_same and policy.is_own(by, innovation) and not policy.is_own(by, other):
        _claim(innovation, other, by)
    db.session.flush()
    return decision


def remember(
    innovation: Innovation, other: Innovation, *, is_same: bool, by: Actor
) -> DuplicateDecision:
    """Keep what was said of a pair: of those that are different nobody is asked again."""
    decision = _decision(innovation, other)
    decision.is_same, decision.at, decision.by_id = is_same, now(), by.user_id
    return decision


def _decision(innovation: Innovation, other: Innovation) -> DuplicateDecision:
    either = or_(
        (DuplicateDecision.innovation_id == innovation.id)
        & (DuplicateDecision.other_id == other.id),
        (DuplicateDecision.innovation_id == other.id)
        & (DuplicateDecision.other_id == innovation.id),
    )
    decision = db.session.scalar(select(DuplicateDecision).where(either).limit(1))
    if decision is None:
        decision = DuplicateDecision(innovation_id=innovation.id, other_id=other.id)
        db.session.add(decision)
    return decision


def _claim(innovation: Innovation, other: Innovation, by: Actor) -> None:
    hin_ids = supporting_hin_ids(other.id) | ({other.hin_id} if other.hin_id else set())
    tell(
        leads_of_hins(hin_ids),
        "innovations/emails/duplicate_claimed.txt",
        url=f"/innovations/{other.id}",
        innovation=innovation,
        other=other,
        by=by,
    )
