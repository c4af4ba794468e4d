"""Search in SQL: what may be chosen, what a reader may see, and the rows that a page shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
from portal.db import by_name, db
from portal.innovations.models import Evidence, Innovation, RecordStatus, Use
from portal.innovations.queries import proven, visible_to
from portal.reference.models import Hin, Ics, Region, Term, Vocabulary
from portal.search.models import IndexChange
from portal.search.rules import NOT_PROVEN, PROVEN, Order, SearchQuery

_VOCABULARIES = {
    Vocabulary.DEVELOPMENT_STAGE: "stage",
    Vocabulary.CATEGORY: "category",
    Vocabulary.CARE_SETTING: "care_setting",
    Vocabulary.CONDITION: "condition",
}
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters may be set to: for each facet the values with their labels, in order."""

    labels: Mapping[str, Mapping[str, str]]
    proven_days: frozenset[str] = field(default_factory=frozenset)
    """The days, as ISO dates, until which any record counts as proven."""


def choices() -> Choices:
    """Return every value that a filter may take, in one statement."""
    days = select(Innovation.is_proven_until).where(Innovation.is_proven_until.is_not(None))
    day = days.distinct().subquery().c.is_proven_until
    found = union_all(
        select(
            type_coerce(Term.vocabulary, String).label("facet"),
            Term.code.label("value"),
            Term.label.label("label"),
            Term.group.label("heading"),
            Term.position.label("position"),
        ).where(Term.vocabulary.in_(list(_VOCABULARIES))),
        _place("region", Region.code, Region.name),
        _place("hin", Hin.code, Hin.name),
        _place("proven_until", cast(day, Text), cast(day, Text)),
    ).subquery()
    ordered = select(found).order_by(found.c.position, found.c.label, found.c.value)
    labels: dict[str, dict[str, str]] = {}
    for facet, value, label, heading, _ in db.session.execute(ordered):
        _add(labels, facet, value, label, heading)
    proven_days = frozenset(labels.pop("proven_until", ()))
    return Choices({"proven": _PROVEN_LABELS, **labels}, proven_days)


_PROVEN_LABELS = {PROVEN: "Proven today", NOT_PROVEN: "Not proven, or no longer"}


Texts = ColumnElement[str] | InstrumentedAttribute[str]


def _place(facet: str, value: Texts, label: Texts) -> Select[str, str, str, str, int]:
    return select(literal(facet), value, label, literal(""), literal(0))


def _add(
    labels: dict[str, dict[str, str]], facet: str, value: str, label: str, heading: str
) -> None:
    name = _VOCABULARIES.get(facet, facet)  # type: ignore[call-overload]  # its values are texts
    if name == "stage":
        label = f"{heading}: {label}"
    if name == "condition":
        labels.setdefault("condition_group", {}).setdefault(heading, heading)
    labels.setdefault(name, {})[value] = label


def terms_of(chosen: Mapping[str, Sequence[str]]) -> Sequence[Term]:
    """Return the care settings and conditions that filters choose."""
    holds = or_(
        and_(
            Term.vocabulary == Vocabulary.CARE_SETTING,
            Term.code.in_(chosen.get("care_setting", ())),
        ),
        and_(
            Term.vocabulary == Vocabulary.CONDITION,
            Term.code.in_(chosen.get("condition", ())),
        ),
    )
    return db.session.scalars(select(Term).where(holds).order_by(Term.position)).all()


# What a reader may see ------------------------------------------------------------------------


def findable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "search may show this row to the actor": submitted, and visible to them."""
    return and_(Innovation.status == RecordStatus.SUBMITTED, visible_to(actor))


def has_hidden_changes(actor: Actor) -> bool:
    """Whether the index may still show what a waiting change hides from the actor."""
    seen = select(Innovation.id).where(findable_by(actor))
    behind = select(IndexChange.id).where(IndexChange.innovation_id.not_in(seen)).limit(1)
    return db.session.scalar(behind) is not None


def findable_ids(actor: Actor) -> Sequence[int]:
    """Return the ids of all records that search may show to the actor."""
    return db.session.scalars(select(Innovation.id).where(findable_by(actor))).all()


def ordered_ids(actor: Actor, order: Order, today: date) -> Sequence[int]:
    """Return the ids of all records that search may show to the actor, in an order of SQL's."""
    found = select(Innovation.id).where(findable_by(actor))
    return db.session.scalars(found.order_by(*_by(order, today))).all()


def _by(order: Order, today: date) -> tuple[SQLColumnExpression[Any], ...]:
    newest = (Innovation.submitted_at.desc(), Innovation.id.desc())
    if order is Order.NAME:
        return (by_name(Innovation.name), Innovation.id)
    if order is Order.NEWEST:
        return newest
    first = case((proven(today), 0), else_=1)
    return (first, *newest)


def cards(
    actor: Actor, innovation_ids: Collection[int], *, with_terms: bool = False
) -> dict[int, Innovation]:
    """Return, by id, those of these records that the actor may see, with what a card shows.

    `with_terms` loads care settings and conditions as well, for downloads.
    """
    options = (*_CARD, selectinload(Innovation.terms)) if with_terms else _CARD
    found: dict[int, Innovation] = {}
    ids = list(innovation_ids)
    for start in range(0, len(ids), _CHUNK):
        rows = db.session.scalars(
            select(Innovation)
            .where(Innovation.id.in_(ids[start : start + _CHUNK]), findable_by(actor))
            .options(*options)
        ).unique()
        found |= {row.id: row for row in rows}
    return found


_CARD = (
    joinedload(Innovation.organisation),
    joinedload(Innovation.stage),
    joinedload(Innovation.category),
    joinedload(Innovation.hin),
    joinedload(Innovation.uses).joinedload(Use.organisation),
    joinedload(Innovation.uses).joinedload(Use.directory_site),
    selectinload(Innovation.evidence).joinedload(Evidence.type),
)


# Without the index ----------------------------------------------------------------------------


def plainly(actor: Actor, wanted: SearchQuery, today: date) -> Select[int]:
    """Return the ids that plain SQL finds: every word in name, maker, summary or need.

    What the page falls back on while there is no index: no relevance, no spelling, no reasons.
    """
    found = (
        select(Innovation.id)
        .join(Innovation.organisation)
        .where(findable_by(actor))
        .where(*(_holds(word) for word in wanted.text.split()[:_MAX_WORDS]))
        .where(*(_chosen(name, values, today) for name, values in wanted.filters.items() if values))
    )
    return found.order_by(*_by(wanted.order, today))


_MAX_WORDS = 20


def _holds(word: str) -> ColumnElement[bool]:
    texts = (Innovation.name, Organisation.name, Innovation.summary, Innovation.need)
    return or_(*(text.icontains(word.strip("\"'()"), autoescape=True) for text in texts))


def _chosen(name: str, values: Sequence[str], today: date) -> ColumnElement[bool]:
    """Return SQL for one filter: any of its values."""
    if name == "proven":
        is_proven = func.coalesce(proven(today), False)
        return or_(*(is_proven if value == PROVEN else ~is_proven for value in values))
    if name == "stage":
        return Innovation.stage.has(Term.code.in_(values))
    if name == "category":
        return Innovation.category.has(Term.code.in_(values))
    if name == "hin":
        return Innovation.hin.has(Hin.code.in_(values))
    if name == "region":
        from_hin = Innovation.ics_id.is_(None) & Innovation.hin.has(
            Hin.region.has(Region.code.in_(values))
        )
        return or_(Innovation.ics.has(Ics.region.has(Region.code.in_(values))), from_hin)
    column = Term.group if name == "condition_group" else Term.code
    vocabulary = Vocabulary.CARE_SETTING if name == "care_setting" else Vocabulary.CONDITION
    return Innovation.terms.any(and_(Term.vocabulary == vocabulary, column.in_(values)))
