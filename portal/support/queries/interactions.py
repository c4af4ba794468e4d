"""Read interactions: who may read which, what was spent, and what an engagement asks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import (
    InstrumentedAttribute,
    aliased,
    contains_eager,
    joinedload,
    selectinload,
)

from portal.accounts.models import Actor, Organisation, User
from portal.accounts.queries.alike import built, values_of
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import Innovation
from portal.reference.models import Hin, Term, Vocabulary
from portal.support.models import (
    BudgetAnswer,
    BudgetAsk,
    Engagement,
    EngagementState,
    Interaction,
    InteractionShare,
    Participant,
    interaction_term,
)
from portal.support.queries.on_day import is_live_on
from portal.support.rules.interactions import allowed_minutes
from portal.text import folded

# Who may read


MAX_OFFERED = 20
"""Innovations that the form of an event offers at once: more are found by words."""


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may read the interaction's words": `policy.can_read_interaction`.

    Whether they may read the record at all is for the record's own door to say.
    """
    if actor.is_hin and actor.hin_id is not None:
        return or_(Interaction.hin_id == actor.hin_id, Interaction.is_private.is_(False))
    return Interaction.is_private.is_(False)


def counted(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "the interaction counts": not withdrawn, and nothing else stands for it.

    With `as_of`, as it was known at that moment: what was logged later is left out, and what was
    corrected later counts as it stood.
    """
    newer = aliased(Interaction)
    corrected = newer.corrects_id == Interaction.id
    if as_of is not None:
        corrected &= newer.logged_at <= as_of
    clause = Interaction.is_void.is_(False) & ~exists().where(corrected)
    return clause if as_of is None else clause & (Interaction.logged_at <= as_of)


# One record


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """An interaction as the page of a record shows it."""

    interaction: Interaction
    minutes: int
    """The record's share."""
    corrected_at: datetime | None
    """When another was logged that stands for it."""
    kinds: Sequence[str]
    """The kinds of support that it gave."""
    participants: Sequence[str]


def interactions(innovation_id: int, actor: Actor) -> list[LoggedRow]:
    """Return the interactions about a record that the actor may read, newest day first: those that
    were corrected or withdrawn as well. Two statements."""
    asked = {"record": innovation_id, **values_of(actor)}
    rows = db.session.execute(built(actor, "interactions of a record", _of_record), asked).all()
    named = _named([row[0].id for row in rows])
    return [
        LoggedRow(one, minutes, corrected_at, *named[one.id]) for one, minutes, corrected_at in rows
    ]


def _of_record(actor: Actor) -> Select[*tuple[Any, ...]]:
    about = (
        select(InteractionShare.interaction_id, func.sum(InteractionShare.minutes).label("minutes"))
        .join(InteractionShare.engagement)
        .where(Engagement.innovation_id == bindparam("record"))
        .group_by(InteractionShare.interaction_id)
        .subquery()
    )
    # Looked for row by row: hardly any has it, so that SQLite, which counts a column by its
    # average, would go through all interactions for each row of a join.
    newer = aliased(Interaction)
    corrected_at = select(newer.logged_at).where(newer.corrects_id == Interaction.id)
    return (
        select(Interaction, about.c.minutes, corrected_at.scalar_subquery())
        .join(about, about.c.interaction_id == Interaction.id)
        .where(readable_by(actor))
        .options(
            joinedload(Interaction.hin),
            joinedload(Interaction.logged_by).load_only(User.name),
            joinedload(Interaction.corrects),
        )
        .order_by(Interaction.on.desc(), Interaction.id.desc())
    )


def _named(ids: Collection[int]) -> Mapping[int, tuple[list[str], list[str]]]:
    """Return the kinds of support of each of these interactions, and who took part."""
    found: dict[int, tuple[list[str], list[str]]] = {number: ([], []) for number in ids}
    rows = db.session.execute(_names(), {"ids": list(ids)}) if ids else ()
    for number, is_participant, _place, name in rows:
        found[number][is_participant].append(name)
    return found


@cache
def _names() -> CompoundSelect[int, int, int, str]:
    """Return the statement of `_named`, built once: both are words of an interaction."""
    asked = bindparam("ids", type_=Integer(), expanding=True)
    term = interaction_term.c
    kinds = (
        select(term.interaction_id, literal(0), Term.position.label("place"), Term.label)
        .join(Term, Term.id == term.term_id)
        .where(term.interaction_id.in_(asked))
    )
    people = select(
        Participant.interaction_id, literal(1), Participant.id.label("place"), Participant.name
    ).where(Participant.interaction_id.in_(asked))
    return union_all(kinds, people).order_by("place")


def interaction_for(actor: Actor, interaction_id: int) -> Interaction:
    """Return an interaction of the actor's own HIN: the only door to edit or correct one.

    Raises NotFound for another HIN's, so that nobody learns that it is there.
    """
    found = db.session.get(Interaction, interaction_id)
    if found is None or not actor.is_hin or found.hin_id != actor.hin_id:
        raise NotFound("There is no such interaction of your network.")
    return found


def last_kinds(engagement_id: int) -> list[int]:
    """Return the kinds of support of the newest interaction: what the next one most likely
    gives."""
    newest = db.session.scalar(
        select(Interaction)
        .join(Interaction.shares)
        .where(InteractionShare.engagement_id == engagement_id, counted())
        .order_by(Interaction.on.desc(), Interaction.id.desc())
        .limit(1)
        .options(selectinload(Interaction.kinds))
    )
    return [term.id for term in newest.kinds] if newest else []


def own_engagements(actor: Actor, ids: Collection[int] | None = None) -> Sequence[Engagement]:
    """Return the open engagements of the actor's HIN, by the name of their innovation."""
    if actor.hin_id is None:
        return []
    chosen = true() if ids is None else Engagement.id.in_(ids)
    return db.session.scalars(
        select(Engagement)
        .join(Engagement.innovation)
        .options(contains_eager(Engagement.innovation))
        .where(Engagement.hin_id == actor.hin_id, is_live_on(None), chosen)
        .order_by(by_name(Innovation.name), Engagement.id)
    ).all()


def engagements_to_choose(
    actor: Actor, words: str, chosen: Collection[int]
) -> Sequence[Engagement]:
    """Return whom an event may have been with: the open engagements of the actor's HIN that were
    chosen already, then those whose innovation or organisation has the words; without words those
    that the HIN was in touch with last. At most `MAX_OFFERED` besides the chosen."""
    if actor.hin_id is None:
        return []
    kept = own_engagements(actor, chosen) if chosen else []
    last = (
        select(func.max(InteractionShare.id))
        .where(InteractionShare.engagement_id == Engagement.id)
        .correlate(Engagement)
        .scalar_subquery()
    )
    order = (Innovation.name,) if words else (last.is_(None), last.desc(), Innovation.name)
    more = (
        select(Engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .options(contains_eager(Engagement.innovation).contains_eager(Innovation.organisation))
        .where(
            Engagement.hin_id == actor.hin_id,
            is_live_on(None),
            Engagement.id.not_in(chosen),
            Innovation.name.icontains(words, autoescape=True)
            | Organisation.name.icontains(words, autoescape=True),
        )
        .order_by(*order, Engagement.id)
        .limit(MAX_OFFERED)
    )
    return [*kept, *db.session.scalars(more)]


def organisations_called(names: Iterable[str]) -> dict[str, int]:
    """Return the organisations that bear these names, by folded name."""
    wanted = {folded(name) for name in names}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Organisation.name_key, func.coalesce(Organisation.merged_into_id, Organisation.id)
        ).where(Organisation.name_key.in_(wanted))
    )
    return {row[0]: row[1] for row in rows}


# The list


def listed(actor: Actor) -> Select[InteractionShare]:
    """Return what the actor may read of all interactions, one row per innovation, not in order.

    HIN staff read their own network's, the national team what is not private of all.
    """
    own = Interaction.hin_id == actor.hin_id if actor.is_hin else readable_by(actor)
    if not actor.is_staff:
        own = false()
    interaction = contains_eager(InteractionShare.interaction)
    return (
        with_records()
        .options(
            interaction.joinedload(Interaction.logged_by),
            interaction.selectinload(Interaction.corrected_by),
            interaction.selectinload(Interaction.kinds),
        )
        .where(own)
    )


def with_records() -> Select[InteractionShare]:
    """Return interactions, one row per innovation, with their HIN and the record, not in order."""
    return (
        select(InteractionShare)
        .join(InteractionShare.interaction)
        .join(Interaction.hin)
        .join(InteractionShare.engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .options(
            contains_eager(InteractionShare.interaction).contains_eager(Interaction.hin),
            contains_eager(InteractionShare.engagement)
            .contains_eager(Engagement.innovation)
            .contains_eager(Innovation.organisation),
        )
    )


def hins_with_interactions(actor: Actor) -> Sequence[Hin]:
    """Return the HINs whose interactions the actor may list, by name."""
    if actor.is_hin:
        return db.session.scalars(select(Hin).where(Hin.id == actor.hin_id)).all()
    return db.session.scalars(
        select(Hin).where(Hin.id.in_(select(Interaction.hin_id))).order_by(by_name(Hin.name))
    ).all()


# Budgets


@dataclass(frozen=True, slots=True)
class Budget:
    """What an engagement spent, what its level allows, and whether it asks what to do."""

    spent: int
    """Minutes, all interactions of the engagement."""
    allowed: int | None
    """Minutes; None at a level without hours, or without a level."""
    ask: BudgetAsk | None = None


def spent(engagement_id: int) -> int:
    """Return the minutes spent on an engagement so far."""
    return spent_on([engagement_id]).get(engagement_id, 0)


def spent_on(engagement_ids: Collection[int]) -> dict[int, int]:
    """Return the minutes spent on each engagement that had an interaction."""
    rows = db.session.execute(
        _spent(InteractionShare.engagement_id)
        .where(InteractionShare.engagement_id.in_(engagement_ids))
        .group_by(InteractionShare.engagement_id)
    )
    return {engagement_id: int(total) for engagement_id, total in rows}


def _spent(*columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """Return the statement that adds up what counts, after these columns."""
    return (
        select(*columns, func.sum(InteractionShare.minutes))
        .select_from(InteractionShare)
        .join(InteractionShare.interaction)
        .where(counted())
    )


def open_asks(engagement_ids: Collection[int]) -> dict[int, BudgetAsk]:
    """Return what waits for an answer, by engagement."""
    rows = db.session.scalars(
        select(BudgetAsk).where(
            BudgetAsk.engagement_id.in_(engagement_ids), BudgetAsk.answered_at.is_(None)
        )
    )
    return {ask.engagement_id: ask for ask in rows}


def budget(engagement: Engagement) -> Budget:
    """Return how an engagement stands with its hours: it may go up to its level's, or more where
    somebody carried on at this level."""
    asked = {"engagement": engagement.id, "level": engagement.level}
    row = db.session.execute(_budget(), asked).first()
    if row is None:
        return Budget(spent=0, allowed=None)
    spent_minutes, hours, carried_on_at, ask = row
    level_minutes = int(float(hours) * 60) if hours else None
    return Budget(int(spent_minutes or 0), allowed_minutes(level_minutes, carried_on_at), ask)


@cache
def _budget() -> Select[*tuple[Any, ...]]:
    """Return the statement of `budget`, built once: the minutes spent, the hours of the level by
    the reference, at how many minutes somebody carried on at it, and what waits for an answer."""
    one, level = (bindparam(name, type_=Integer()) for name in ("engagement", "level"))
    hours = select(Term.value).where(
        Term.vocabulary == Vocabulary.SUPPORT_LEVEL, Term.position == level
    )
    before = aliased(BudgetAsk)
    carried_on_at = (
        select(before.spent)
        .where(before.engagement_id == one, before.level == level)
        .where(before.answer == BudgetAnswer.CARRIED_ON)
        .order_by(before.id.desc())
        .limit(1)
    )
    is_open = (BudgetAsk.engagement_id == Engagement.id) & BudgetAsk.answered_at.is_(None)
    return (
        select(
            _spent().where(InteractionShare.engagement_id == one).scalar_subquery(),
            hours.scalar_subquery(),
            carried_on_at.scalar_subquery(),
            BudgetAsk,
        )
        .select_from(Engagement)
        .outerjoin(BudgetAsk, is_open)
        .where(Engagement.id == one)
    )


def is_asking(engagement: Engagement) -> bool:
    """Whether the engagement is one that may ask at all: it is engaging, at a level."""
    return engagement.state is EngagementState.ENGAGING and engagement.level is not None


def answers(engagement_ids: Collection[int]) -> Sequence[BudgetAsk]:
    """Return what was answered when hours were spent, newest first."""
    return db.session.scalars(
        select(BudgetAsk)
        .where(BudgetAsk.engagement_id.in_(engagement_ids), BudgetAsk.answered_at.is_not(None))
        .options(joinedload(BudgetAsk.answered_by))
        .order_by(BudgetAsk.answered_at.desc(), BudgetAsk.id.desc())
    ).all()
