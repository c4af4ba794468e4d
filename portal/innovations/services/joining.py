"""The steps by which one record becomes part of another, and those back; none checks who may."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import (
    Collaborator,
    Innovation,
    ProvenStatus,
    RecordStatus,
    StatusChange,
)
from portal.innovations.queries.merging import answers_of
from portal.innovations.rules.merging import changed_since
from portal.innovations.sections.answers import copy_of, submitted_answers
from portal.innovations.sections.questions import PARTS
from portal.innovations.services.submission import apply_answers
from portal.merging import Merge


def before(kept: Innovation, other: Innovation) -> dict[str, Any]:
    """Return what undoing needs: both records' answers as they were."""
    return {"kept": answers_of(kept), "other": answers_of(other)}


def lead_to(merge: Merge, kept: Innovation, other: Innovation, *, by: Actor, at: datetime) -> None:
    """Take the other record off the pipeline from the moment on: its addresses lead to the kept
    one."""
    other.merged_into_id = kept.id
    _set_status(other, RecordStatus.ARCHIVED, merge.why, by, at)
    kept.changed_at = at
    flag_modified(kept, "status")  # its rows moved in the database: whoever listens is to look
    for record in (kept, other):
        _tell_proven(record)


def lead_back(
    merge: Merge, kept: Innovation, other: Innovation, *, why: str, by: Actor, at: datetime
) -> None:
    """Put the other record on the pipeline again."""
    other.merged_into_id = None
    _set_status(other, RecordStatus.SUBMITTED, why, by, at)
    kept.changed_at = at
    flag_modified(kept, "status")
    for record in (kept, other):
        _tell_proven(record)


def _set_status(
    record: Innovation, status: RecordStatus, why: str, by: Actor, at: datetime
) -> None:
    record.status, record.changed_at = status, at
    db.session.add(
        StatusChange(innovation_id=record.id, status=status, at=at, by_id=by.user_id, why=why)
    )


def _tell_proven(record: Innovation) -> None:
    """Repeat in the column until when the verifications say that the record counts as proven."""
    record.is_proven_until = db.session.scalar(
        select(func.max(ProvenStatus.valid_until)).where(
            ProvenStatus.innovation_id == record.id, ProvenStatus.withdrawn_at.is_(None)
        )
    )


# People


def join_people(merge: Merge, kept: Innovation, other: Innovation, *, by: Actor) -> None:
    """Let the owner of the other record go on working: they become a collaborator."""
    working = {kept.owner_id, *(one.user_id for one in kept.collaborators)}
    if other.owner_id is None or other.owner_id in working:
        return
    kept.collaborators.append(Collaborator(user_id=other.owner_id, added_by_id=by.user_id))
    merge.before = {**merge.before, "joined": other.owner_id}


def part_people(merge: Merge, kept: Innovation) -> None:
    """Take back who came by the merge."""
    joined = merge.before.get("joined")
    for one in [row for row in kept.collaborators if row.user_id == joined]:
        kept.collaborators.remove(one)


# Answers


def join_drafts(kept: Innovation) -> None:
    """Put the rows that came into the drafts of lists that wait: a draft is the whole list, and
    would take out what it does not name."""
    for part in (one for one in PARTS.values() if one.is_list):
        copy = copy_of(kept, part.section)
        if copy is None or copy.draft is None:
            continue
        named = {item.get("id") for item in copy.draft["items"]}
        rows = submitted_answers(kept, part)["items"]
        new = [row for row in rows if row["id"] not in named]
        copy.draft = {**copy.draft, "items": [*copy.draft["items"], *new]}


def part_drafts(kept: Innovation) -> None:
    """Take the rows that went back out of the drafts that wait."""
    for part in (one for one in PARTS.values() if one.is_list):
        copy = copy_of(kept, part.section)
        if copy is None or copy.draft is None:
            continue
        there = {row.id for row in getattr(kept, part.rows)}
        items = [one for one in copy.draft["items"] if one.get("id") in there | {None}]
        copy.draft = {**copy.draft, "items": items}


def show_chosen(merge: Merge, kept: Innovation, *, by: Actor) -> None:
    """Let the kept record show the other one's answers to the questions chosen."""
    _answer(kept, {name: merge.before["other"].get(name) for name in merge.chosen}, by)


def show_own(merge: Merge, kept: Innovation, *, take_back: Collection[str], by: Actor) -> None:
    """Let the kept record show its own answers again: those that nobody changed since, and those
    of `take_back`."""
    changed = set(changed_since(merge, answers_of(kept)))
    names = [name for name in merge.chosen if name not in changed or name in take_back]
    _answer(kept, {name: merge.before["kept"].get(name) for name in names}, by)


def _answer(kept: Innovation, answers: dict[str, Any], by: Actor) -> None:
    for part in (one for one in PARTS.values() if not one.is_list):
        own = submitted_answers(kept, part)
        new = {q.name: answers[q.name] for q in part.questions if q.name in answers}
        if new and any(own.get(name) != value for name, value in new.items()):
            apply_answers(kept, part, {**own, **new}, by=by)
