"""Count the figures of support as `rules.figures` defines them: live, frozen, and row by row."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, null, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.innovations.models import Innovation
from portal.proof.queries import validation_counts
from portal.reference.models import BankHoliday, Term
from portal.reference.rules import Quarter
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    FigureFreeze,
    FrozenFigure,
    Interaction,
    InteractionEvent,
    LevelChange,
    interaction_event_term,
)
from portal.support.queries import surveys
from portal.support.queries.interactions import counted, with_records
from portal.support.queries.person_figures import by_lead, hours_by_person, is_open
from portal.support.rules.figures import (
    PERSONAL,
    Figure,
    Measure,
    Step,
    Wait,
    in_all,
    medians,
    waits,
)
from portal.support.rules.interactions import USUAL_LEVEL


def live_figures(quarter: Quarter, today: date, as_of: datetime | None = None) -> list[Figure]:
    """Return every figure of a quarter, of every HIN and the nation, as the rows stand.

    With `as_of`, which freezing gives, contacts count as they were known at that moment. What
    tells of this very day is there for the quarter of `today`, and when a quarter is frozen.
    """
    figures = [
        *_contacts(quarter, as_of),
        *in_all(_supports(quarter, as_of)),
        *in_all(_engagements(quarter)),
        *_waited(Measure.PICK_UP, quarter),
        *_waited(Measure.DECIDE, quarter),
        *in_all(_validations(quarter)),
        *in_all(_partnerships(quarter)),
        *hours_by_person(in_quarter(quarter, as_of)),
        *in_all(_count_engagements(Measure.CLOSED, surveys.closed_in(quarter))),
        *in_all(_figures(Measure.SURVEYS, surveys.answered_in(quarter))),
    ]
    if as_of is not None or Quarter.of(today) == quarter:
        figures += by_lead(Measure.LOAD, is_open())
        figures += by_lead(Measure.OVERDUE, overdue_on(today))
    return figures


def freeze_of(quarter: Quarter) -> FigureFreeze | None:
    """Return when and by whom a quarter was frozen, if it was."""
    return db.session.scalar(
        select(FigureFreeze)
        .where(FigureFreeze.quarter_on == quarter.first)
        .options(joinedload(FigureFreeze.frozen_by))
    )


def frozen_figures(freeze: FigureFreeze) -> list[Figure]:
    """Return the figures of a quarter as they were frozen."""
    rows = db.session.scalars(
        select(FrozenFigure).where(FrozenFigure.freeze_id == freeze.id).order_by(FrozenFigure.id)
    )
    return [Figure(Measure(row.measure), row.hin_id, row.group, row.value) for row in rows]


def for_reader(figures: Sequence[Figure], actor: Actor) -> list[Figure]:
    """Return what the actor may see: HIN staff their own HIN's and the nation's, the national
    team all but people by themselves."""
    if actor.is_national:
        return [f for f in figures if f.measure not in PERSONAL or not f.group]
    seen = {None, actor.hin_id} if actor.is_hin else {None}
    return [figure for figure in figures if figure.hin_id in seen]


def first_quarter() -> date | None:
    """Return the day of the oldest engagement: figures begin in its quarter."""
    opened = db.session.scalar(select(func.min(Engagement.opened_at)))
    oldest = db.session.scalar(select(func.min(InteractionEvent.on)))
    days = [day for day in (opened.date() if opened else None, oldest) if day]
    return min(days, default=None)


# Contacts


def level_on_the_day() -> ColumnElement[int]:
    """Return SQL for the level that an interaction's engagement held at the end of its day."""
    held = (
        select(LevelChange.level)
        .where(
            LevelChange.engagement_id == Interaction.engagement_id,
            LevelChange.on <= InteractionEvent.on,
        )
        .order_by(LevelChange.at.desc(), LevelChange.id.desc())
        .limit(1)
        .correlate(Interaction, InteractionEvent)
        .scalar_subquery()
    )
    return func.coalesce(held, USUAL_LEVEL)


def in_quarter(quarter: Quarter, as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "the contact counts in this quarter"."""
    return InteractionEvent.on.between(quarter.first, quarter.last) & counted(as_of)


def _contacts(quarter: Quarter, as_of: datetime | None) -> list[Figure]:
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
        *_grouped(Measure.COMPANIES, companies, rows.hin_id, rows.level),
        *_grouped(Measure.INTERACTIONS, events, rows.hin_id, rows.kind),
        *_grouped(Measure.HOURS, hours, rows.hin_id, rows.level),
        *_by_group(Measure.HOURS_BY_KIND, hours, rows.hin_id, rows.kind),
    ]


def _grouped(
    measure: Measure, value: ColumnElement[Any], hin: ColumnElement[Any], group: ColumnElement[Any]
) -> list[Figure]:
    """Count by HIN and group, by HIN, by group and in all: four counts, since who is counted
    once for a HIN or a group is counted once for the nation as well."""
    nobody, whole = null().label("hin_id"), literal("").label("of")
    return _figures(
        measure,
        select(hin, group.label("of"), value).group_by(hin, group),
        select(hin, whole, value).group_by(hin),
        select(nobody, group.label("of"), value).group_by(group),
        select(nobody, whole, value),
    )


def _by_group(
    measure: Measure, value: ColumnElement[Any], hin: ColumnElement[Any], group: ColumnElement[Any]
) -> list[Figure]:
    nobody = null().label("hin_id")
    return _figures(
        measure,
        select(hin, group.label("of"), value).group_by(hin, group),
        select(nobody, group.label("of"), value).group_by(group),
    )


def _figures(measure: Measure, *counts: Select[Any, Any, Any]) -> list[Figure]:
    """Run counts of (HIN, group, value); a nation in which there was nothing has no figure."""
    return [
        Figure(measure, hin_id, _code(group), float(value))
        for count in counts
        for hin_id, group, value in db.session.execute(count)
        if value
    ]


def _code(group: Any) -> str:
    return str(getattr(group, "value", group))


def _supports(quarter: Quarter, as_of: datetime | None) -> list[Figure]:
    link = interaction_event_term.c
    value = func.sum(InteractionEvent.quarters) / 4.0
    return _figures(
        Measure.HOURS_BY_SUPPORT,
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


def overdue_on(today: date) -> ColumnElement[bool]:
    """Return SQL for "its promised day has passed": the desk's own rule."""
    return is_open() & (Engagement.due_on < today)


def _engagements(quarter: Quarter) -> list[Figure]:
    return _count_engagements(Measure.ENGAGEMENTS, opened_in(quarter))


def _partnerships(quarter: Quarter) -> list[Figure]:
    return _count_engagements(Measure.PARTNERSHIPS, partnered_in(quarter))


def _count_engagements(measure: Measure, clause: ColumnElement[bool]) -> list[Figure]:
    count = select(Engagement.hin_id, literal(""), func.count()).where(clause)
    return _figures(measure, count.group_by(Engagement.hin_id))


def _validations(quarter: Quarter) -> list[Figure]:
    setting, whole = validation_counts.by_setting(quarter), validation_counts.in_all(quarter)
    return [
        *_figures(Measure.VALIDATIONS, setting, whole),
        *_figures(Measure.VALIDATIONS_BY_SUPPORT, validation_counts.by_kind(quarter)),
    ]


def waited(measure: Measure, quarter: Quarter, hin_id: int | None = None) -> list[Wait]:
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
    return waits(steps, measure, quarter, holidays)


def _waited(measure: Measure, quarter: Quarter) -> list[Figure]:
    return medians(measure, waited(measure, quarter))


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
