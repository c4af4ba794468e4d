"""Count the figures of support as `rules.figures` defines them, and find the rows behind."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import aliased, contains_eager

from portal.db import db
from portal.figures.queries import by_group, grouped, values_of
from portal.figures.rules import Figure, Period, Value, with_nation
from portal.innovations.models import Innovation
from portal.reference.models import BankHoliday, Term
from portal.reference.rules import Quarter
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    Interaction,
    InteractionEvent,
    LevelChange,
    interaction_event_term,
)
from portal.support.queries import on_day, surveys
from portal.support.queries.interactions import counted, with_records
from portal.support.queries.person_figures import by_lead, hours_by_person, is_open
from portal.support.rules import figures
from portal.support.rules.figures import Step, Wait, medians, waits
from portal.support.rules.interactions import USUAL_LEVEL


def count(period: Period) -> list[Value]:
    """Return every figure of support of a quarter, of every HIN and the nation.

    With `period.as_of`, which freezing gives, contacts count as they were known at that moment.
    What tells of this very day is there for the quarter of today, and when a quarter is frozen.
    """
    quarter, as_of = period.quarter, period.as_of
    values = [
        *_contacts(quarter, as_of),
        *with_nation(_supports(quarter, as_of)),
        *with_nation(_engagements(figures.ENGAGEMENTS, opened_in(quarter))),
        *_waited(figures.PICK_UP, quarter),
        *_waited(figures.DECIDE, quarter),
        *with_nation(_engagements(figures.PARTNERSHIPS, partnered_in(quarter))),
        *hours_by_person(in_quarter(quarter, as_of)),
        *with_nation(_engagements(figures.CLOSED, surveys.closed_in(quarter))),
        *with_nation(values_of(figures.SURVEYS, surveys.answered_in(quarter))),
    ]
    if period.tells_of_today:
        values += by_lead(figures.LOAD, is_open())
        values += by_lead(figures.OVERDUE, on_day.is_overdue_on(period.today))
    return values


def first_day() -> date | None:
    """Return the day of the oldest engagement or contact."""
    opened = db.session.scalar(select(func.min(Engagement.opened_at)))
    oldest = db.session.scalar(select(func.min(InteractionEvent.on)))
    days = [day for day in (opened.date() if opened else None, oldest) if day]
    return min(days, default=None)


# Contacts


def level_on_the_day() -> ColumnElement[int]:
    """Return SQL for the level that an interaction's engagement held at the end of its day."""
    held = on_day.level_by(
        Interaction.engagement_id, InteractionEvent.on, Interaction, InteractionEvent
    )
    return func.coalesce(held, USUAL_LEVEL)


def in_quarter(quarter: Quarter, as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "the contact counts in this quarter"."""
    return InteractionEvent.on.between(quarter.first, quarter.last) & counted(as_of)


def _contacts(quarter: Quarter, as_of: datetime | None) -> list[Value]:
    rows = (
        select(
            InteractionEvent.id.label("event_id"),
            InteractionEvent.hin_id,
            InteractionEvent.kind,
            Innovation.organisation_id,
            Interaction.quarters,
            level_on_the_day().label("level"),
        )
        .select_from(Interaction)
        .join(Interaction.event)
        .join(Interaction.engagement)
        .join(Engagement.innovation)
        .where(in_quarter(quarter, as_of))
        .cte("contact")
    ).c
    companies = func.count(rows.organisation_id.distinct())
    events = func.count(rows.event_id.distinct())
    hours = func.sum(rows.quarters) / 4.0
    return [
        *grouped(figures.COMPANIES, companies, rows.hin_id, rows.level),
        *grouped(figures.INTERACTIONS, events, rows.hin_id, rows.kind),
        *grouped(figures.HOURS, hours, rows.hin_id, rows.level),
        *by_group(figures.HOURS_BY_KIND, hours, rows.hin_id, rows.kind),
    ]


def _supports(quarter: Quarter, as_of: datetime | None) -> list[Value]:
    link = interaction_event_term.c
    value = func.sum(InteractionEvent.quarters) / 4.0
    return values_of(
        figures.HOURS_BY_SUPPORT,
        select(InteractionEvent.hin_id, Term.code, value)
        .join(interaction_event_term, link.event_id == InteractionEvent.id)
        .join(Term, Term.id == link.term_id)
        .where(in_quarter(quarter, as_of))
        .group_by(InteractionEvent.hin_id, Term.code),
    )


# Engagements


def opened_in(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "the engagement was opened in the quarter"."""
    return (Engagement.opened_at >= quarter.begins_at) & (Engagement.opened_at < quarter.ends_at)


def partnered_in(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "the engagement reached level 4 for the first time in the quarter"."""
    first = (
        select(func.min(LevelChange.on))
        .where(LevelChange.engagement_id == Engagement.id, LevelChange.level == 4)
        .correlate(Engagement)
        .scalar_subquery()
    )
    return first.between(quarter.first, quarter.last)


def _engagements(figure: Figure, clause: ColumnElement[bool]) -> list[Value]:
    count = select(Engagement.hin_id, literal(""), func.count()).where(clause)
    return values_of(figure, count.group_by(Engagement.hin_id))


def waited(figure: Figure, quarter: Quarter, hin_id: int | None = None) -> list[Wait]:
    """Return the waits that ended in the quarter, of one HIN or of all."""
    ended = aliased(EngagementChange)
    those = select(ended.engagement_id).where(
        ended.at >= quarter.begins_at, ended.at < quarter.ends_at
    )
    stmt = (
        select(
            EngagementChange.engagement_id,
            Engagement.hin_id,
            EngagementChange.state,
            EngagementChange.at,
            EngagementChange.by_id,
        )
        .join(EngagementChange.engagement)
        .where(EngagementChange.engagement_id.in_(those), EngagementChange.at < quarter.ends_at)
        .order_by(EngagementChange.engagement_id, EngagementChange.at, EngagementChange.id)
    )
    if hin_id is not None:
        stmt = stmt.where(Engagement.hin_id == hin_id)
    steps = [
        Step(engagement_id, hin, EngagementState(state), at, by_id is not None)
        for engagement_id, hin, state, at, by_id in db.session.execute(stmt)
    ]
    holidays = set(db.session.scalars(select(BankHoliday.on)))
    return waits(steps, figure, quarter, holidays)


def _waited(figure: Figure, quarter: Quarter) -> list[Value]:
    return medians(figure, waited(figure, quarter))


# Rows behind a figure


def contacts_behind(quarter: Quarter, as_of: datetime | None = None) -> Select[Interaction, int]:
    """Return the interactions that a quarter counts with the level of each, by day."""
    return (
        with_records()
        .add_columns(level_on_the_day())
        .where(in_quarter(quarter, as_of))
        .order_by(InteractionEvent.on, Interaction.id)
    )


def gave(code: str) -> ColumnElement[bool]:
    """Return SQL for "the contact gave this kind of support"."""
    link = interaction_event_term.c
    return InteractionEvent.id.in_(
        select(link.event_id).join(Term, Term.id == link.term_id).where(Term.code == code)
    )


def engagements_where(clause: ColumnElement[bool]) -> Select[Engagement]:
    """Return the engagements behind a figure, oldest first."""
    return (
        select(Engagement)
        .join(Engagement.innovation)
        .join(Innovation.organisation)
        .join(Engagement.hin)
        .options(
            contains_eager(Engagement.innovation).contains_eager(Innovation.organisation),
            contains_eager(Engagement.hin),
        )
        .where(clause)
        .order_by(Engagement.opened_at, Engagement.id)
    )
