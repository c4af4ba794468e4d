"""Make two organisations one, say that they differ, and take a merge back."""

from collections.abc import Collection

from sqlalchemy import select

from portal.accounts import outbox
from portal.accounts.models import Actor, Membership, MembershipState, Organisation
from portal.accounts.queries.merging import can_be_undone, may_merge, problem
from portal.accounts.services import trail
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden
from portal.merging import Merge, Noun, move_all, move_back

OPEN = (MembershipState.REQUESTED, MembershipState.ACTIVE)


def _require(by: Actor) -> None:
    if not may_merge(by):
        raise Forbidden("Administrators and the national team make organisations one.")


def _hold(kept: Organisation, other: Organisation) -> None:
    for row in sorted((kept, other), key=lambda one: one.id):
        lock(row)
    if said := problem(kept, other):
        raise Conflict(said)


def merge_organisations(*, kept: Organisation, other: Organisation, why: str, by: Actor) -> Merge:
    """Let everything of the other organisation be the kept one's from now on.

    Who acts for both keeps one membership. Raises Forbidden, and Conflict when somebody was first
    or one of them is of a kind that the reference data name.
    """
    _require(by)
    _hold(kept, other)
    at = now()
    merge = Merge(noun=Noun.ORGANISATION, kept_id=kept.id, other_id=other.id, why=why)
    merge.proposed_by_id = merge.by_id = by.user_id
    merge.at = merge.kept_agreed_at = merge.other_agreed_at = at
    db.session.add(merge)
    move_all(merge, at)
    merge.before = {"memberships": _end_left(other)}
    other.merged_into_id = kept.id
    outbox.merged.send(kept, at=at)
    summary = f"made one with {other.name}: {why}"
    trail.of_organisation("merged", kept, summary, by=by)
    trail.of_organisation("merged", other, f"made one with {kept.name}: {why}", by=by)
    db.session.flush()
    return merge


def _end_left(other: Organisation) -> dict[str, str]:
    """End the memberships that stayed, because their people act for the kept one already."""
    left = db.session.scalars(
        select(Membership).where(Membership.organisation_id == other.id, Membership.state.in_(OPEN))
    ).all()
    were = {str(one.id): one.state.value for one in left}
    for one in left:
        one.state = MembershipState.ENDED
    return were


def say_different(*, one: Organisation, other: Organisation, by: Actor) -> Merge:
    """Remember that two organisations are different: they are not listed again."""
    _require(by)
    _hold(one, other)
    kept, second = sorted((one, other), key=lambda row: row.id)
    merge = Merge(noun=Noun.ORGANISATION, kept_id=kept.id, other_id=second.id, why="")
    merge.proposed_by_id = merge.refused_by_id = by.user_id
    merge.refused_at = now()
    db.session.add(merge)
    trail.of_organisation("told_apart", kept, f"said that {second.name} is different", by=by)
    db.session.flush()
    return merge


def part_organisations(
    *,
    merge: Merge,
    kept: Organisation,
    other: Organisation,
    why: str,
    also: Collection[str] = (),
    by: Actor,
) -> Merge:
    """Take a merge back: all that moved and is still there goes back, and what came since and is
    named (`also`, as `LaterRow.key`). Raises Forbidden, Conflict when it is too late."""
    _require(by)
    for row in sorted((kept, other), key=lambda one: one.id):
        lock(row)
    lock(merge)
    if not can_be_undone(merge, kept):
        raise Conflict("It cannot be taken back any more.")
    at = now()
    merge.undone_at, merge.undone_by_id = at, by.user_id
    move_back(merge, at, also=also)
    other.merged_into_id = None
    for number, state in merge.before.get("memberships", {}).items():
        membership = db.session.get(Membership, int(number))
        if membership is not None and membership.state is MembershipState.ENDED:
            membership.state = MembershipState(state)
    for row in (kept, other):
        outbox.merged.send(row, at=at)
        trail.of_organisation("parted", row, f"taken back that they were one: {why}", by=by)
    db.session.flush()
    return merge
