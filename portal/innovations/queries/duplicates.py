"""Find the records that are likely the same thing as one, quickly among a hundred thousand."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor, Organisation
from portal.accounts.queries.alike import built, values_of
from portal.db import db
from portal.innovations.models import (
    DuplicateDecision,
    Innovation,
    InnovationKey,
    RecordStatus,
    Section,
)
from portal.innovations.policy import is_own
from portal.innovations.queries import visible_to
from portal.innovations.rules.duplicates import Likeness, RecordTexts, compare, keys_of
from portal.innovations.sections.answers import copy_of

MAX_RECORDS_OF_KEY = 400
"""A key that more records share tells nothing and would cost much: it is left out."""
MAX_COMPARED_RECORDS = 120
"""How many of the records that share most are compared."""
MAX_SHOWN_DUPLICATES = 10
WEIGHTS = (("n:", 12), ("c:", 12), ("t:", 4), ("d:", 3), ("o:", 3), ("w:", 2))
EDGE_WEIGHT = 1

Candidate = Row[tuple[str, str, str, str, int, RecordStatus, str]]


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A record that the reader may see and that is likely the same thing."""

    innovation_id: int
    name: str
    organisation: str
    summary: str
    status: RecordStatus
    likeness: Likeness
    decision: DuplicateDecision | None
    """What somebody said of the pair, if anybody did."""


@dataclass(frozen=True, slots=True)
class LikelyDuplicates:
    """What was found of what the reader may see, best first.

    What they may not see moves nothing here: whoever types another's name must not learn from the
    answer that there is a record of that name.
    """

    seen: tuple[LikelyDuplicate, ...]

    def __bool__(self) -> bool:
        return bool(self.seen)

    @property
    def undecided(self) -> int:
        """How many of the seen nobody has judged yet."""
        return sum(1 for found in self.seen if found.decision is None)


def likely_duplicates(actor: Actor, innovation: Innovation) -> LikelyDuplicates:
    """Return the likely duplicates of `innovation` for this reader. Two short statements."""
    record = _as_described(actor, innovation)
    candidates = _candidates(actor, innovation.id, keys_of(record))
    likely = [
        (row, likeness)
        for row in candidates
        if (likeness := compare(record, _described(row))).is_likely
    ]
    likely.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    decisions = decisions_about(innovation.id) if likely else {}
    return LikelyDuplicates(
        tuple(
            _shown(row, likeness, decisions.get(row.id))
            for row, likeness in likely[:MAX_SHOWN_DUPLICATES]
        )
    )


def texts_by_id(connection: Connection, which: ColumnElement[bool]) -> dict[int, RecordTexts]:
    """Return what is compared of the records for which a condition holds, by their ids."""
    rows = connection.execute(
        select(
            Innovation.id,
            Innovation.name,
            Organisation.name,
            Innovation.website,
            Innovation.summary + " " + Innovation.need,
            Organisation.company_number,
        )
        .join(Organisation, Organisation.id == Innovation.organisation_id)
        .where(which)
    )
    return {
        number: RecordTexts(name, organisation, website, text, company_number)
        for number, name, organisation, website, text, company_number in rows
    }


def most_like(actor: Actor, record: RecordTexts) -> LikelyDuplicate | None:
    """Return the record that is most likely the same thing as what is described and is not there
    yet, None where none is likely. One short statement."""
    candidates = _candidates(actor, 0, keys_of(record))
    found = [(compare(record, _described(row)), row) for row in candidates]
    likely = [pair for pair in found if pair[0].is_likely]
    if not likely:
        return None
    likeness, row = max(likely, key=lambda pair: (pair[0].score, -pair[1].id))
    return _shown(row, likeness, None)


def _as_described(actor: Actor, innovation: Innovation) -> RecordTexts:
    """The record in the words of its newest draft for its own people, as submitted for others."""
    organisation = innovation.organisation.name
    if not is_own(actor, innovation):
        text = f"{innovation.summary} {innovation.need}"
        return RecordTexts(innovation.name, organisation, innovation.website, text)
    name, summary, website = (
        _newest(innovation, Section.ABOUT, question) for question in ("name", "summary", "website")
    )
    text = f"{summary} {_newest(innovation, Section.NEED, 'need')}"
    return RecordTexts(name, organisation, website, text)


def _newest(innovation: Innovation, section: Section, question: str) -> str:
    """Return one answer in words: the draft's, or what was submitted where no draft has it."""
    copy = copy_of(innovation, section)
    drafted = (copy.draft if copy else None) or {}
    return str(drafted.get(question, getattr(innovation, question)) or "")


def decisions_about(innovation_id: int) -> dict[int, DuplicateDecision]:
    """Return what was said of the record, by the id of the record it was compared with."""
    rows = db.session.scalars(
        select(DuplicateDecision)
        .options(joinedload(DuplicateDecision.by))
        .where(
            or_(
                DuplicateDecision.innovation_id == innovation_id,
                DuplicateDecision.other_id == innovation_id,
            )
        )
        .order_by(DuplicateDecision.at)
    )
    return {
        row.other_id if row.innovation_id == innovation_id else row.innovation_id: row
        for row in rows
    }


def _candidates(actor: Actor, innovation_id: int, keys: frozenset[str]) -> list[Candidate]:
    asked = {"keys": list(keys), "record": innovation_id, **values_of(actor)}
    return list(db.session.execute(built(actor, "likely duplicates", _sharing_keys), asked))


def _telling(actor: Actor) -> Select[str]:
    """Return the keys asked for that not too many records share."""
    return (
        select(InnovationKey.key)
        .join(Innovation, Innovation.id == InnovationKey.innovation_id)
        .where(InnovationKey.key.in_(bindparam("keys", expanding=True)), visible_to(actor))
        .group_by(InnovationKey.key)
        .having(func.count() <= MAX_RECORDS_OF_KEY)
    )


def _sharing_keys(actor: Actor) -> Select[*tuple[Any, ...]]:
    weight = case(
        *((InnovationKey.key.startswith(kind), points) for kind, points in WEIGHTS),
        else_=EDGE_WEIGHT,
    )
    sharing = (
        select(InnovationKey.innovation_id)
        .join(Innovation, Innovation.id == InnovationKey.innovation_id)
        .where(
            InnovationKey.key.in_(_telling(actor)),
            InnovationKey.innovation_id != bindparam("record"),
            visible_to(actor),
        )
        .group_by(InnovationKey.innovation_id)
        .order_by(func.sum(weight).desc(), InnovationKey.innovation_id)
        .limit(MAX_COMPARED_RECORDS)
        .subquery()
    )
    return (
        select(
            Innovation.name,
            Organisation.name.label("organisation"),
            Innovation.website,
            (Innovation.summary + " " + Innovation.need).label("text"),
            Innovation.id,
            Innovation.status,
            Innovation.summary,
        )
        .join(sharing, sharing.c.innovation_id == Innovation.id)
        .join(Organisation, Organisation.id == Innovation.organisation_id)
    )


def _described(row: Candidate) -> RecordTexts:
    return RecordTexts(row.name, row.organisation, row.website, row.text)


def _shown(
    row: Candidate,
    likeness: Likeness,
    decision: DuplicateDecision | None,
) -> LikelyDuplicate:
    return LikelyDuplicate(
        innovation_id=row.id,
        name=row.name,
        organisation=row.organisation,
        summary=row.summary,
        status=row.status,
        likeness=likeness,
        decision=decision,
    )
