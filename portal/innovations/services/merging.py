"""Make two records one: propose it, agree, do it.

All is one transaction: the two rows are held in the order of their numbers, so that of two people
who merge at once, in whatever direction, the second finds what the first did.
"""

from collections.abc import Collection

from portal.accounts.models import Actor, User
from portal.accounts.queries.acting import leads_of_hins
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations import outbox
from portal.innovations.models import Innovation
from portal.innovations.queries import merging as queries
from portal.innovations.queries.merging import QUESTIONS, MergeOfRecords
from portal.innovations.queries.people import own_people
from portal.innovations.queries.supporters import supporting_hin_ids
from portal.innovations.rules.merging import kept_and_other, problem
from portal.innovations.services import joining
from portal.innovations.services.duplicates import remember
from portal.merging import Merge, Noun, move_all
from portal.notifications.outbox import tell


def hold(kept: Innovation, other: Innovation) -> None:
    """Hold both rows until the transaction ends, the older one first."""
    for record in sorted((kept, other), key=lambda row: row.id):
        lock(record)


def merge_records(
    *, one: Innovation, another: Innovation, why: str, chosen: Collection[str], by: Actor
) -> Merge:
    """Make two records one, or ask those to agree who have to (`queries.must_be_asked`).

    The older one is kept; `chosen` name the questions to which it shows the other one's answer from
    then on. Raises Forbidden, Invalid, and Conflict when somebody was first.
    """
    kept, other = kept_and_other(one, another)
    if not queries.may_merge(by, kept, other):
        raise Forbidden("These two records are not yours to make one.")
    hold(kept, other)
    if said := problem(kept, other):
        raise Conflict(said)
    if queries.open_merge_of(kept.id, other.id) is not None:
        raise Conflict("It was proposed before that these two become one: their people are asked.")
    if unknown := set(chosen) - set(QUESTIONS):
        raise Invalid(f"There is no question {sorted(unknown)[0]}")
    merge = Merge(noun=Noun.INNOVATION, kept_id=kept.id, other_id=other.id, why=why)
    merge.proposed_by_id, merge.chosen = by.user_id, dict.fromkeys(sorted(chosen), True)
    db.session.add(merge)
    _ask(merge, kept, other, by)
    db.session.flush()
    if merge.kept_agreed_at and merge.other_agreed_at:
        _carry_out(merge, kept, other, by)
    else:
        _tell_asked(merge, kept, other, by)
    return merge


def _ask(merge: Merge, kept: Innovation, other: Innovation, by: Actor) -> None:
    """Note who need not be asked."""
    if not queries.must_be_asked(kept, other, by):
        merge.kept_agreed_at = now()
    if not queries.must_be_asked(other, kept, by):
        merge.other_agreed_at = now()


def answer(*, found: MergeOfRecords, agrees: bool, why: str, by: Actor) -> Merge:
    """Say for one's side whether the two become one; when both agree, they do.

    Raises Forbidden for whoever is not asked, Conflict when it was decided meanwhile.
    """
    merge = found.merge
    hold(found.kept, found.other)
    lock(merge)
    if not merge.is_open:
        raise Conflict("It was decided meanwhile.")
    sides = queries.sides_to_answer(by, found)
    if not sides:
        raise Forbidden("You are not asked about these records.")
    if not agrees:
        _refuse(found, why, by)
        return merge
    for side in sides:
        setattr(merge, f"{side}_agreed_at", now())
    if merge.kept_agreed_at and merge.other_agreed_at:
        if said := problem(found.kept, found.other):
            raise Conflict(said)
        _carry_out(merge, found.kept, found.other, by)
    db.session.flush()
    return merge


def _refuse(found: MergeOfRecords, why: str, by: Actor) -> None:
    merge = found.merge
    merge.refused_at, merge.refused_by_id, merge.refused_why = now(), by.user_id, why
    remember(found.kept, found.other, is_same=False, by=by)
    asked = db.session.get(User, merge.proposed_by_id) if merge.proposed_by_id else None
    tell(
        [asked] if asked else [],
        "innovations/emails/merge_refused.txt",
        url=f"/merges/{merge.id}",
        kept=found.kept,
        other=found.other,
        why=why,
        by=by,
    )
    db.session.flush()


def _carry_out(merge: Merge, kept: Innovation, other: Innovation, by: Actor) -> None:
    """Make them one now: the rows move, the other one leads to the kept one."""
    at = now()
    told = {*own_people(kept, besides=by), *own_people(other, besides=by)}
    merge.at, merge.by_id = at, by.user_id
    merge.before = joining.before(kept, other)
    outbox.merging.send(kept, other=other, merge=merge, at=at)
    move_all(merge, at)
    joining.lead_to(merge, kept, other, by=by, at=at)
    joining.join_people(merge, kept, other, by=by)
    joining.join_drafts(kept)
    joining.show_chosen(merge, kept, by=by)
    remember(kept, other, is_same=True, by=by)
    audience = Audience.STAFF
    audit.note(kept, "merged", f"made one with “{other.name}”", by=by, audience=audience)
    audit.note(other, "merged", f"made one with “{kept.name}”", by=by, audience=audience)
    db.session.flush()
    told |= set(leads_of_hins(supporting_hin_ids(kept.id)))
    _tell_done(merge, kept, other, told, by)


def _tell_asked(merge: Merge, kept: Innovation, other: Innovation, by: Actor) -> None:
    asked: set[User] = set()
    for record, agreed_at in ((kept, merge.kept_agreed_at), (other, merge.other_agreed_at)):
        if agreed_at is None:
            asked |= set(queries.asked_people(record, by))
    tell(
        asked,
        "innovations/emails/merge_asked.txt",
        url=f"/merges/{merge.id}",
        kept=kept,
        other=other,
        why=merge.why,
        by=by,
    )


def _tell_done(
    merge: Merge, kept: Innovation, other: Innovation, told: Collection[User], by: Actor
) -> None:
    tell(
        told,
        "innovations/emails/merged.txt",
        url=f"/merges/{merge.id}",
        kept=kept,
        other=other,
        why=merge.why,
        by=by,
    )
