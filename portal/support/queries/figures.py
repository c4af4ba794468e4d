"""Count the figures of support as `rules.figures` defines them, and find the rows behind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    exists,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, contains_eager

from portal.accounts.models import Organisation, OrganisationKind
from portal.db import db
from portal.figures.queries import counted_by, freeze_of, summed_by, values_of
from portal.figures.rules import Figure, Period, Value, with_nation
from portal.innovations.models import Innovation
from portal.merging import holder_at, moment_of
from portal.reference.models import BankHoliday, Term
from portal.reference.rules import Quarter
from portal.support.models import (
    Engagement,
    EngagementChange,
    EngagementState,
    Interaction,
    InteractionShare,
    LevelChange,
    interaction_term,
)
from portal.support.queries import on_day, surveys
from portal.support.queries.directory import count_signposted
from portal.support.queries.interactions import counted
from portal.support.queries.person_figures import by_lead, hours_by_person, is_open
from portal.support.rules import figures
from portal.support.rules.figures import Step, Wait, medians, waits
from portal.support.rules.interactions import USUAL_LEVEL


def count(period: Period) -> list[Value]:
    """Return every figure of support of a quarter, of every HIN and the nation.

    With `period.as_of`, which freezing gives, interactions count as they were known at that moment.
    What tells of this very day is there for the quarter of today, and when a quarter is frozen.
    """
    quarter = period.quarter
    interactions = contact_query(quarter, period.as_of)
    values = [
        *_interactions(interactions),
        *with_nation(_supports(interactions)),
        *with_nation(_engagements(figures.ENGAGEMENTS, opened_in(quarter))),
        *_waited(figures.PICK_UP, quarter),
        *_waited(figures.DECIDE, quarter),
        *with_nation(_engagements(figures.PARTNERSHIPS, partnered_in(quarter))),
        *hours_by_person(signed(interactions)),
        *with_nation(_engagements(figures.CLOSED, surveys.closed_in(quarter))),
        *with_nation(values_of(figures.SURVEYS, surveys.answered_in(quarter))),
        *count_signposted(quarter, record_then(quarter)),
    ]
    if period.tells_of_today:
        values += by_lead(figures.LOAD, is_open())
        values += by_lead(figures.OVERDUE, on_day.is_overdue_on(period.today))
    return values


def first_day() -> date | None:
    """Return the day of the oldest engagement or contact."""
    opened = db.session.scalar(select(func.min(Engagement.opened_at)))
    oldest = db.session.scalar(select(func.min(Interaction.on)))
    days = [day for day in (opened.date() if opened else None, oldest) if day]
    return min(days, default=None)


# Interactions


def level_on_the_day() -> ColumnElement[int]:
    """Return SQL for the level that an interaction's engagement held at the end of its day."""
    held = on_day.level_by(
        InteractionShare.engagement_id, Interaction.on, InteractionShare, Interaction
    )
    return func.coalesce(held, USUAL_LEVEL)


@dataclass(frozen=True, slots=True)
class ContactQuery:
    """Which interactions a quarter counts: see `rules.figures` for the rule of late entries."""

    quarter: Quarter
    as_of: datetime | None
    """As was known at this moment; None is now."""
    is_by_day: bool
    """Whether a frozen quarter is told live: by the days of its interactions, as they stand now."""


def contact_query(quarter: Quarter, as_of: datetime | None = None) -> ContactQuery:
    """Return how the interactions of a quarter are counted. One statement, unless as of a
    moment."""
    return ContactQuery(quarter, as_of, as_of is None and freeze_of(quarter) is not None)


def booked_in(quarter: Quarter, as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "the interaction counts in this quarter", late entries among them."""
    return (Interaction.counts_in == quarter.first) & counted(as_of)


def signed(query: ContactQuery) -> tuple[tuple[int, ColumnElement[bool]], ...]:
    """Return which interactions a quarter adds (1) and which it takes off (-1)."""
    if query.is_by_day:
        on = Interaction.on.between(query.quarter.first, query.quarter.last)
        return ((1, on & counted()),)
    return (1, booked_in(query.quarter, query.as_of)), (-1, _taken_off(query))


def _taken_off(query: ContactQuery) -> ColumnElement[bool]:
    """Return SQL for "the interaction was corrected in this quarter, after its own was frozen": it
    counted there, and what stands for it counts here, so here it counts less than nothing."""
    newer = aliased(Interaction)
    corrected = newer.corrects_id == Interaction.id
    corrected &= newer.reverses_in == query.quarter.first
    if query.as_of is not None:
        corrected &= newer.logged_at <= query.as_of
    return Interaction.is_void.is_(False) & exists().where(corrected)


def supports_organisation(query: ContactQuery) -> ColumnElement[bool]:
    """Return SQL for "the interaction counts its organisations": a correction of another quarter's
    interaction does not make them supported in this one."""
    return true() if query.is_by_day else Interaction.reverses_in.is_(None)


def record_then(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "the record that the engagement was about at the quarter's end": two records,
    or two organisations, that were made one since counted as two."""
    return Innovation.id == holder_at(Engagement, "innovation_id", moment_of(quarter.last))


def maker_then(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "the organisation whose record it was at the quarter's end"."""
    return Organisation.id == holder_at(Innovation, "organisation_id", moment_of(quarter.last))


def logged_rows(query: ContactQuery) -> Sequence[Any]:
    """Return the shares of interactions that a quarter counts, each with its sign: -1 is taken
    off. They are read once, and counted in every way that figures ask for."""
    parts = [
        select(
            Interaction.id.label("interaction_id"),
            Interaction.hin_id,
            Interaction.kind,
            Organisation.id.label("organisation_id"),
            Organisation.kind.label("organisation_kind"),
            (InteractionShare.minutes * sign).label("minutes"),
            level_on_the_day().label("level"),
            literal(sign).label("sign"),
            (supports_organisation(query) if sign > 0 else false()).label("supports"),
        )
        .select_from(InteractionShare)
        .join(InteractionShare.interaction)
        .join(InteractionShare.engagement)
        .join(Innovation, record_then(query.quarter))
        .join(Organisation, maker_then(query.quarter))
        .where(clause)
        for sign, clause in signed(query)
    ]
    return db.session.execute(union_all(*parts)).all()


def _interactions(query: ContactQuery) -> list[Value]:
    rows = logged_rows(query)
    supported = [row for row in rows if row.supports]
    companies = [r for r in supported if r.organisation_kind == OrganisationKind.COMPANY]
    others = [r for r in supported if r.organisation_kind != OrganisationKind.COMPANY]
    added, taken = (
        [(r.hin_id, r.kind, r.interaction_id) for r in rows if r.sign == sign] for sign in (1, -1)
    )
    by_level = [(r.hin_id, r.level, r.minutes) for r in rows]
    by_kind = [(r.hin_id, r.kind, r.minutes) for r in rows]
    return [
        *counted_by(figures.COMPANIES, _organisations(companies, "level")),
        *counted_by(figures.ORGANISATIONS, _organisations(supported, "level")),
        *counted_by(figures.OTHER_ORGANISATIONS, _organisations(others, "organisation_kind")),
        *counted_by(figures.INTERACTIONS, added, less=taken),
        *summed_by(figures.HOURS, by_level, 60.0, is_whole=True),
        *summed_by(figures.HOURS_BY_KIND, by_kind, 60.0, is_whole=False),
    ]


def _organisations(rows: Sequence[Any], group: str) -> Iterator[tuple[int, object, int]]:
    return ((row.hin_id, getattr(row, group), row.organisation_id) for row in rows)


def _supports(query: ContactQuery) -> list[Value]:
    link = interaction_term.c
    sums: dict[tuple[int, str], float] = {}
    for sign, clause in signed(query):
        rows = db.session.execute(
            select(Interaction.hin_id, Term.code, func.sum(Interaction.minutes))
            .join(interaction_term, link.interaction_id == Interaction.id)
            .join(Term, Term.id == link.term_id)
            .where(clause)
            .group_by(Interaction.hin_id, Term.code)
        )
        for hin, code, minutes in rows:
            sums[hin, code] = sums.get((hin, code), 0.0) + sign * minutes / 60
    code = figures.HOURS_BY_SUPPORT.code
    return [Value(code, hin, group, value) for (hin, group), value in sums.items() if value]


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


def interactions_behind(
    clause: ColumnElement[bool], quarter: Quarter
) -> Select[InteractionShare, int, Innovation, Organisation]:
    """Return the interactions of a condition by day, each with its level and with the record and
    the organisation that it was about at the quarter's end."""
    return (
        select(InteractionShare, level_on_the_day(), Innovation, Organisation)
        .join(InteractionShare.interaction)
        .join(Interaction.hin)
        .join(InteractionShare.engagement)
        .join(Innovation, record_then(quarter))
        .join(Organisation, maker_then(quarter))
        .options(contains_eager(InteractionShare.interaction).contains_eager(Interaction.hin))
        .where(clause)
        .order_by(Interaction.on, InteractionShare.id)
    )


def gave(code: str) -> ColumnElement[bool]:
    """Return SQL for "the interaction gave this kind of support"."""
    link = interaction_term.c
    return Interaction.id.in_(
        select(link.interaction_id).join(Term, Term.id == link.term_id).where(Term.code == code)
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
