"""Search in SQL: what may be chosen, what a reader may see, and the rows that a page shows."""

from array import array
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
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, load_only, selectinload

from portal.accounts.models import Actor, Organisation
from portal.accounts.queries.alike import built, values_of
from portal.db import by_name, db
from portal.figures.queries.kept import FigureCache
from portal.innovations.models import Evidence, Innovation, RecordStatus, Use
from portal.innovations.queries import proven, visible_to
from portal.reference.models import Hin, Ics, Region, Site, Term, Vocabulary
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
    """Return every value that a filter may take, kept until one of them changes."""
    found: Choices = FigureCache().settled(("choices of search",), _choices)
    return found


def _choices() -> Choices:
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
    behind = built(actor, "hidden changes", _hidden_changes)
    return db.session.scalar(behind, values_of(actor)) is not None


def _hidden_changes(actor: Actor) -> Select[int]:
    seen = select(Innovation.id).where(findable_by(actor))
    return select(IndexChange.id).where(IndexChange.innovation_id.not_in(seen)).limit(1)


def findable_ids(actor: Actor) -> Sequence[int]:
    """Return the ids of all records that search may show to the actor."""
    return db.session.scalars(select(Innovation.id).where(findable_by(actor))).all()


def ordered_ids(order: Order, today: date) -> Sequence[int]:
    """Return the ids of all records that search may show to anybody, in an order of SQL's; kept
    until a record changes. What a reader may see of them the index says, and `cards`."""
    found: Sequence[int] = FigureCache().settled(
        ("ordered ids", order, today), lambda: _ordered_ids(order, today)
    )
    return found


def _ordered_ids(order: Order, today: date) -> Sequence[int]:
    """As whole numbers of four bytes: there may be many records."""
    on_pipeline = Innovation.status == RecordStatus.SUBMITTED
    found = select(Innovation.id).where(on_pipeline, Innovation.merged_into_id.is_(None))
    return array("i", db.session.scalars(found.order_by(*_by(order, today))))


def _by(order: Order, today: date) -> tuple[SQLColumnExpression[Any], ...]:
    newest = (Innovation.submitted_at.desc(), Innovation.id.desc())
    if order is Order.NAME:
        return (by_name(Innovation.name), Innovation.id)
    if order is Order.NEWEST:
        return newest
    first = case((proven(today), 0), else_=1)
    return (first, *newest)


def cards(actor: Actor, innovation_ids: Collection[int]) -> dict[int, Innovation]:
    """Return, by id, those of these records that the actor may see, with what a card shows."""
    made = built(actor, "cards", _cards)
    found: dict[int, Innovation] = {}
    ids = list(innovation_ids)
    for start in range(0, len(ids), _CHUNK):
        some = {"ids": ids[start : start + _CHUNK], **values_of(actor)}
        found |= {row.id: row for row in db.session.scalars(made, some).unique()}
    return found


def _cards(actor: Actor) -> Select[Innovation]:
    asked = Innovation.id.in_(bindparam("ids", expanding=True))
    return select(Innovation).where(asked, findable_by(actor)).options(*_CARD)


_USES = joinedload(Innovation.uses).load_only(
    Use.from_on, Use.until_on, Use.is_trial, Use.organisation_named
)
# What a card says, and no more: a record and what belongs to it have more than
# a hundred columns.
_CARD = (
    load_only(
        Innovation.name,
        Innovation.status,
        Innovation.summary,
        Innovation.is_proven_until,
        Innovation.submitted_at,
    ),
    joinedload(Innovation.organisation).load_only(Organisation.name),
    joinedload(Innovation.stage).load_only(Term.label),
    joinedload(Innovation.category).load_only(Term.label),
    joinedload(Innovation.hin).load_only(Hin.name),
    _USES.joinedload(Use.organisation).load_only(Organisation.name),
    _USES.joinedload(Use.directory_site).load_only(Site.name),
    selectinload(Innovation.evidence)
    .load_only(Evidence.type_id)
    .joinedload(Evidence.type)
    .load_only(Term.code, Term.label, Term.position),
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
