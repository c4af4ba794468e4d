"""Read interactions: who may read which, what was spent, and what an engagement asks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
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


def interactions(innovation_id: int, actor: Actor) -> Sequence[Interaction]:
    """Return the interactions about a record that the actor may read, newest day first: those that
    were corrected or withdrawn as well."""
    about = (
        select(InteractionShare.interaction_id)
        .join(InteractionShare.engagement)
        .where(Engagement.innovation_id == innovation_id)
    )
    return db.session.scalars(
        select(Interaction)
        .where(Interaction.id.in_(about), readable_by(actor))
        .options(*_whole())
        .order_by(Interaction.on.desc(), Interaction.id.desc())
    ).all()


def _whole() -> tuple[Any, ...]:
    # What corrects one is looked for by a list of ids: hardly any has it, so that SQLite, which
    # counts a column by its average, would go through all interactions for each row of a join.
    return (
        joinedload(Interaction.hin).selectinload(Hin.names),
        joinedload(Interaction.logged_by),
        joinedload(Interaction.corrects),
        selectinload(Interaction.corrected_by),
        selectinload(Interaction.kinds),
        selectinload(Interaction.participants),
        selectinload(Interaction.shares),
    )


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


def level_minutes(level: int | None) -> int | None:
    """Return the hours of a level in minutes: the reference's, None where it states none."""
    hours = db.session.scalar(
        select(Term.value).where(
            Term.vocabulary == Vocabulary.SUPPORT_LEVEL, Term.position == level
        )
    )
    return int(float(hours) * 60) if hours else None


def spent(engagement_id: int) -> int:
    """Return the minutes spent on an engagement so far."""
    return spent_on([engagement_id]).get(engagement_id, 0)


def spent_on(engagement_ids: Collection[int]) -> dict[int, int]:
    """Return the minutes spent on each engagement that had an interaction."""
    rows = db.session.execute(
        select(InteractionShare.engagement_id, func.sum(InteractionShare.minutes))
        .join(InteractionShare.interaction)
        .where(InteractionShare.engagement_id.in_(engagement_ids), counted())
        .group_by(InteractionShare.engagement_id)
    )
    return {engagement_id: int(total) for engagement_id, total in rows}


def open_asks(engagement_ids: Collection[int]) -> dict[int, BudgetAsk]:
    """Return what waits for an answer, by engagement."""
    rows = db.session.scalars(
        select(BudgetAsk).where(
            BudgetAsk.engagement_id.in_(engagement_ids), BudgetAsk.answered_at.is_(None)
        )
    )
    return {ask.engagement_id: ask for ask in rows}


def allowed(engagement: Engagement) -> int | None:
    """Return up to how much the engagement may go: its level's hours, or more where somebody
    carried on at this level."""
    carried_on_at = db.session.scalar(
        select(BudgetAsk.spent)
        .where(
            BudgetAsk.engagement_id == engagement.id,
            BudgetAsk.level == engagement.level,
            BudgetAsk.answer == BudgetAnswer.CARRIED_ON,
        )
        .order_by(BudgetAsk.id.desc())
        .limit(1)
    )
    return allowed_minutes(level_minutes(engagement.level), carried_on_at)


def budget(engagement: Engagement) -> Budget:
    """Return how an engagement stands with its hours."""
    asks = open_asks([engagement.id])
    return Budget(spent(engagement.id), allowed(engagement), asks.get(engagement.id))


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
