"""Two records side by side, and what is known of their becoming one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from portal.accounts.models import Actor, User
from portal.db import db
from portal.errors import NotFound
from portal.innovations import policy
from portal.innovations.models import Innovation
from portal.innovations.queries import kept_of, merged_ids
from portal.innovations.queries.people import own_people
from portal.innovations.queries.reading import AnswerRow, Reader
from portal.innovations.queries.supporters import may_read_confidential, supporting_hin_ids
from portal.innovations.rules.merging import sides_agree
from portal.innovations.sections.answers import Answers, is_blank, submitted_answers
from portal.innovations.sections.questions import PARTS, Question
from portal.merging import Merge, Noun

QUESTIONS: dict[str, Question] = {
    question.name: question
    for part in PARTS.values()
    if not part.is_list
    for question in part.questions
}
"""The questions that a record answers once; rows of lists go along with a merge."""


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """One question with both answers, as they are shown."""

    question: Question
    kept: AnswerRow
    other: AnswerRow
    differs: bool


def answers_of(innovation: Innovation) -> Answers:
    """Return what a record says to every question that it answers once."""
    return {
        name: value
        for part in PARTS.values()
        if not part.is_list
        for name, value in submitted_answers(innovation, part).items()
    }


def side_by_side(
    kept: Answers, other: Answers, *, confidential: bool, names: Sequence[str] = ()
) -> list[AnswerPair]:
    """Return the questions to which one of two records says something, with both answers; only
    those of `names`, if given."""
    shown = [
        question
        for name, question in QUESTIONS.items()
        if (confidential or not question.is_confidential) and (not names or name in names)
    ]
    reader = Reader((q, side.get(q.name)) for q in shown for side in (kept, other))
    found = []
    for question in shown:
        mine, theirs = kept.get(question.name), other.get(question.name)
        if is_blank(mine) and is_blank(theirs):
            continue
        pair = reader.shown(question, mine), reader.shown(question, theirs)
        found.append(AnswerPair(question, *pair, differs=mine != theirs))
    return found


def may_read_both(actor: Actor, kept: Innovation, other: Innovation) -> bool:
    """Whether the actor may read what is in confidence of both."""
    return may_read_confidential(actor, kept) and may_read_confidential(actor, other)


def is_in_area(actor: Actor, innovation: Innovation) -> bool:
    """Whether the record is for the actor's network to look after: it came to it or it works with
    it; every record is for the national team."""
    if policy.looks_first(actor, innovation):
        return True
    return actor.is_hin and actor.hin_id in supporting_hin_ids(innovation.id)


def may_merge(actor: Actor, kept: Innovation, other: Innovation) -> bool:
    """Whether the actor may make two records one, or ask their people to agree: staff in whose
    area one of them is, and who manages both."""
    if not (policy.can_see(actor, kept) and policy.can_see(actor, other)):
        return False
    manages = policy.can_manage(actor, kept) and policy.can_manage(actor, other)
    return manages or is_in_area(actor, kept) or is_in_area(actor, other)


def asked_people(innovation: Innovation, by: Actor) -> list[User]:
    """Return who is asked on the side of a record: those who manage it."""
    return own_people(innovation, besides=by)


def must_be_asked(innovation: Innovation, beside: Innovation, by: Actor) -> bool:
    """Whether the side of a record has to agree that it becomes one with another one: not where
    `rules.sides_agree`, not where the actor manages it, nor where nobody is there."""
    kept, other = sorted((innovation, beside), key=lambda record: record.id)
    if sides_agree(kept, other) or policy.can_manage(by, innovation):
        return False
    return bool(asked_people(innovation, by))


@dataclass(frozen=True, slots=True)
class NamedMerge:
    """A merge of a record, with the name of the record on the other side."""

    merge: Merge
    name: str


def merges_of(actor: Actor, innovation: Innovation) -> Sequence[NamedMerge]:
    """Return the merges of a record, proposed or done, for its people and staff; the newest
    first. Nobody else reads of them."""
    if not (policy.is_own(actor, innovation) or actor.is_staff):
        return []
    ids = merged_ids(innovation.id)
    rows = db.session.scalars(
        select(Merge)
        .where(Merge.noun == Noun.INNOVATION, or_(Merge.kept_id.in_(ids), Merge.other_id.in_(ids)))
        .order_by(Merge.id.desc())
    ).all()
    return [NamedMerge(row, _beside(row, innovation.id)) for row in rows]


def _beside(merge: Merge, innovation_id: int) -> str:
    other_id = merge.kept_id if merge.other_id == innovation_id else merge.other_id
    return db.session.get_one(Innovation, other_id).name


def open_merge_of(one_id: int, other_id: int) -> Merge | None:
    """Return the merge of two records that waits for somebody to agree."""
    kept_id, other_id = sorted((one_id, other_id))
    return db.session.scalar(
        select(Merge).where(
            Merge.noun == Noun.INNOVATION,
            Merge.kept_id == kept_id,
            Merge.other_id == other_id,
            Merge.at.is_(None),
            Merge.refused_at.is_(None),
        )
    )


@dataclass(frozen=True, slots=True)
class MergeOfRecords:
    """A merge with its two records, of which the other one may be seen here alone."""

    merge: Merge
    kept: Innovation
    other: Innovation
    by: User | None


def merge_for(actor: Actor, merge_id: int) -> MergeOfRecords:
    """Return a merge of two records if the actor may read of it: staff, and the people of either.

    The only door. Raises NotFound.
    """
    merge = db.session.get(Merge, merge_id)
    if merge is None or merge.noun is not Noun.INNOVATION:
        raise NotFound("There is no such merge.")
    kept = db.session.get_one(Innovation, merge.kept_id)
    other = db.session.get_one(Innovation, merge.other_id)
    standing = kept_of(kept)
    is_theirs = policy.is_own(actor, standing) or policy.is_own(actor, other)
    if not (is_theirs or (actor.is_staff and policy.can_see(actor, standing))):
        raise NotFound("There is no such merge that you may read.")
    by = db.session.get(User, merge.by_id or merge.proposed_by_id or 0)
    return MergeOfRecords(merge, kept, other, by)


def sides_to_answer(actor: Actor, found: MergeOfRecords) -> list[str]:
    """Return which sides wait for the actor's answer: "kept", "other"."""
    merge = found.merge
    if not merge.is_open:
        return []
    waiting = {"kept": merge.kept_agreed_at is None, "other": merge.other_agreed_at is None}
    records: dict[str, Any] = {"kept": found.kept, "other": found.other}
    return [side for side, waits in waiting.items() if waits and _may_answer(actor, records[side])]


def _may_answer(actor: Actor, innovation: Innovation) -> bool:
    return policy.can_manage(actor, innovation)
