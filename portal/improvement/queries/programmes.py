"""Read safety programmes as wholes: which belong together, and what a quarter says of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.figures.queries.kept import FigureCache
from portal.improvement.models import Cycle, Diagram
from portal.improvement.queries.diagrams import diagrams
from portal.improvement.queries.teams import TeamRow, TeamsTakingPart, taking_part
from portal.improvement.rules.teams import Retention, retention
from portal.programmes.models import Measure, Programme, ProgrammeKind, ProgrammeValue, ValueKind
from portal.programmes.queries import visible_to
from portal.programmes.queries.aims import AimState, states_of_all
from portal.programmes.rules.values import number_words, standing
from portal.reference.rules import Quarter


def parts_of_all() -> dict[int, set[int]]:
    """Return each programme with every part of it, itself too, by number: one statement."""
    above = dict(db.session.execute(select(Programme.id, Programme.parent_id)).all())
    found: dict[int, set[int]] = defaultdict(set)
    for number in above:
        at: int | None = number
        while at is not None and number not in found[at]:
            found[at].add(number)
            at = above.get(at)
    return dict(found)


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """A programme in a line: its aims, who tests, what was decided, of England and one network."""

    diagram: Diagram
    aims: Sequence[AimState]
    england: TeamsTakingPart
    own: TeamsTakingPart
    kept: Retention
    cycles: int
    """Cycles decided on in the quarter, of the network where one is asked for, else of England."""
    programme_ids: Collection[int]

    @property
    def programme(self) -> Programme:
        """Return the programme."""
        return self.diagram.programme


def glances(
    found: Sequence[Diagram],
    teams: Sequence[TeamRow],
    cycles: Sequence[Cycle],
    on: date,
    hin_id: int | None,
    kept: FigureCache,
) -> list[ProgrammeSummary]:
    """Return the safety programmes of some diagrams, each with all its parts, in their order."""
    quarter = Quarter.of(on)
    parts = kept.answer(("parts of programmes",), parts_of_all)
    decided = [
        one
        for one in cycles
        if one.decided_on is not None and quarter.first <= one.decided_on <= on
        if hin_id is None or one.team.hin_id == hin_id
    ]
    shown = [one for one in found if one.programme.kind is ProgrammeKind.SAFETY_PROGRAMME]
    aims = states_of_all({one.programme_id for one in shown}, on)
    return [
        _glance(one, aims[one.programme_id], parts[one.programme_id], teams, decided, hin_id)
        for one in shown
    ]


def _glance(
    diagram: Diagram,
    aims: Sequence[AimState],
    ids: set[int],
    teams: Sequence[TeamRow],
    decided: Sequence[Cycle],
    hin_id: int | None,
) -> ProgrammeSummary:
    mine = [one for one in teams if one.team.programme_id in ids]
    own = [one for one in mine if one.team.hin_id == hin_id]
    return ProgrammeSummary(
        diagram=diagram,
        aims=[one for one in aims if not one.aim.replaced_by_id],
        england=taking_part(mine),
        own=taking_part(own),
        kept=retention(one.state for one in (own if hin_id else mine)),
        cycles=sum(one.team.programme_id in ids for one in decided),
        programme_ids=ids,
    )


@dataclass(frozen=True, slots=True)
class ReportedNumber:
    """A number that a quarter reports of England, with where it is from."""

    programme: Programme
    value: ProgrammeValue

    @property
    def label(self) -> str:
        """Return what it is of: the part where it has one, else the programme."""
        part = self.value.part
        return f"{part[0].upper()}{part[1:]}" if part else self.programme.name

    @property
    def words(self) -> str:
        """Return the number as people read it."""
        return number_words(self.value, is_exact=True)

    @property
    def number(self) -> float:
        """Return the number."""
        return self.value.value or 0.0


def reported(
    quarter: Quarter, codes: Collection[str], programme_ids: Collection[int]
) -> dict[str, list[ReportedNumber]]:
    """Return what was counted of England in a quarter for some measures, by the measure's code."""
    rows = db.session.scalars(
        select(ProgrammeValue)
        .join(ProgrammeValue.measure)
        .where(
            Measure.code.in_(codes),
            ProgrammeValue.programme_id.in_(programme_ids),
            ProgrammeValue.quarter_on == quarter.first,
            ProgrammeValue.hin_id.is_(None),
            ProgrammeValue.kind == ValueKind.ACTUAL,
            ProgrammeValue.value.is_not(None),
        )
        .options(joinedload(ProgrammeValue.measure), joinedload(ProgrammeValue.programme))
        .order_by(ProgrammeValue.id)
    ).all()
    found: dict[str, list[ReportedNumber]] = defaultdict(list)
    for row in standing(rows):
        found[row.measure.code].append(ReportedNumber(row.programme, row))
    return found


def quarters_told(programme_ids: Collection[int], today: date) -> list[Quarter]:
    """Return the quarters of which the page has something: those with a value, and the last four,
    the newest first."""
    days = db.session.scalars(
        select(ProgrammeValue.quarter_on)
        .where(
            ProgrammeValue.programme_id.in_(programme_ids),
            ProgrammeValue.quarter_on.is_not(None),
            ProgrammeValue.quarter_on <= today,
        )
        .distinct()
    ).all()
    found = {Quarter(day) for day in days if day is not None}
    at = Quarter.of(today)
    for _ in range(4):
        found.add(at)
        at = at.previous
    return sorted(found, key=lambda one: one.first, reverse=True)


def safety_ids(actor: Actor) -> set[int]:
    """Return the safety programmes that have a diagram, with all their parts, by number."""
    parts = parts_of_all()
    found = [
        parts[one.programme_id]
        for one in diagrams(actor)
        if one.programme.kind is ProgrammeKind.SAFETY_PROGRAMME
    ]
    return set().union(*found)


def safety_programmes(actor: Actor) -> list[Programme]:
    """Return the programmes for which teams test: safety programmes with a diagram, their parts,
    and regional ones with a diagram, by name."""
    parts = parts_of_all()
    ids = set().union(*(parts[one.programme_id] for one in diagrams(actor)))
    return list(
        db.session.scalars(
            select(Programme)
            .where(Programme.id.in_(ids), visible_to(actor))
            .order_by(by_name(Programme.name), Programme.id)
        )
    )
