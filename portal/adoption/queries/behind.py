"""The pairs of place and product behind a number, found in SQL so that a list of them is counted
and cut there.

Which pairs belong to a number is said by rules: `rules.history` (where a place stands, since when,
whether that is stalled), `rules.spread` (how it moved) and `rules.wanted`. What they say of states
alone is asked of them here as well; only what follows from rows is said again in SQL.
`tests/adoption/test_behind.py` holds the two equal over random histories.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select

from portal.adoption.models import CohortPlace, EligiblePlace, Funding
from portal.adoption.queries.areas import Areas, Leads, ics_on, lies_with
from portal.adoption.queries.lists import entries_of, is_on_list
from portal.adoption.queries.money import money_standing
from portal.adoption.queries.spread import Narrowing, Spread, money_rows, stage_rows
from portal.adoption.rules.history import STALLING, stalled_since
from portal.adoption.rules.money import NOT_STATED
from portal.adoption.rules.spread import move
from portal.adoption.rules.wanted import SiteFilter
from portal.db import by_name
from portal.innovations.models import Adoption, AdoptionState, Innovation
from portal.innovations.queries.adoption import counts, is_waiting, rank_of
from portal.innovations.rules.adoption import RANK
from portal.reference.models import Site

UNKNOWN = RANK[AdoptionState.STAGE_0]
EVERYTHING = SiteFilter()


@dataclass(frozen=True, slots=True)
class PairsQuery:
    """Which pairs are asked for: of a list, on a day, of some places, behind a number."""

    list_id: int
    innovations: Sequence[int]
    on: date
    since: date
    narrowing: Narrowing
    """Its `cohort` is not looked at: `cohort_id` names it."""
    cohort_id: int | None = None
    wanted: SiteFilter = EVERYTHING


def pairs(asked: PairsQuery) -> Select[*tuple[Any, ...]]:
    """Return the number of the place and of the product of each pair that is asked for, by the name
    of the place."""
    now = stood(asked.on, asked.innovations)
    found = (
        select(EligiblePlace.site_id, Innovation.id)
        .join(Site, Site.id == EligiblePlace.site_id)
        .join(Innovation, Innovation.id.in_(asked.innovations))
        .outerjoin(now, _is_at(now))
        .where(*_could_use_it(asked, asked.on), *_fits(asked, now))
        .order_by(by_name(Site.name), Site.id, EligiblePlace.valid_from, Innovation.id)
    )
    if asked.wanted.move:
        found = _moved(found, asked, now)
    if asked.wanted.money:
        money = money_standing(
            Funding.innovation_id.expression,
            asked.on,
            None,
            Funding.innovation_id.in_(asked.innovations),
        )
        code = func.coalesce(money.c.code, NOT_STATED)
        found = found.outerjoin(money, _is_at(money)).where(code == asked.wanted.money)
    return found


def _is_at(rows: Subquery) -> ColumnElement[bool]:
    return and_(rows.c.site_id == EligiblePlace.site_id, rows.c.innovation_id == Innovation.id)


def _could_use_it(asked: PairsQuery, on: date) -> list[ColumnElement[bool]]:
    """The twin of `Spread.eligible`, over `EligiblePlace` and `Site`."""
    narrowing = asked.narrowing
    found = [EligiblePlace.list_id == asked.list_id, is_on_list(on)]
    if narrowing.kind is not None:
        found.append(Site.kind == narrowing.kind)
    if asked.cohort_id is not None:
        places = select(CohortPlace.site_id).where(CohortPlace.cohort_id == asked.cohort_id)
        found.append(Site.id.in_(places))
    if narrowing.ics_id is not None:
        found.append(ics_on(on) == narrowing.ics_id)
    elif narrowing.hin_id is not None:
        found.append(lies_with(narrowing.hin_id, on))
    return found


def _fits(asked: PairsQuery, now: Subquery) -> Iterable[ColumnElement[bool]]:
    """The twin of `SiteFilter.fits`, but for moves and money."""
    wanted, rank = asked.wanted, func.coalesce(now.c.rank, UNKNOWN)
    if len(wanted.states) < len(AdoptionState):
        yield rank.in_(_ranks(wanted.states))
    if wanted.stalled:
        yield now.c.rank.in_(_ranks(STALLING))
        yield now.c.since < stalled_since(asked.on)
    if wanted.claimed:
        yield _is_claimed(asked.on)


def _ranks(states: Collection[AdoptionState]) -> list[int]:
    return sorted(RANK[state] for state in states)


def _is_claimed(on: date) -> ColumnElement[bool]:
    """A claim of use of the pair waits to be confirmed: `queries.picture.claimed`."""
    return (
        select(Adoption.id)
        .where(
            Adoption.site_id == EligiblePlace.site_id,
            Adoption.innovation_id == Innovation.id,
            is_waiting(on),
        )
        .correlate(EligiblePlace, Innovation)
        .exists()
    )


def _moved(
    found: Select[*tuple[Any, ...]], asked: PairsQuery, now: Subquery
) -> Select[*tuple[Any, ...]]:
    """Narrow pairs to those that moved in one way: between which states, the rule says."""
    could = (
        select(EligiblePlace.site_id)
        .join(Site, Site.id == EligiblePlace.site_id)
        .where(*_could_use_it(asked, asked.since))
        .correlate(None)
    )
    then = stood(asked.since, asked.innovations)
    before, after = (func.coalesce(rows.c.rank, UNKNOWN) for rows in (then, now))
    ways = [
        len(RANK) * RANK[one] + RANK[other]
        for one in AdoptionState
        for other in AdoptionState
        if move(one, other) == asked.wanted.move
    ]
    return found.outerjoin(then, _is_at(then)).where(
        EligiblePlace.site_id.in_(could), (before * len(RANK) + after).in_(ways)
    )


def stood(on: date, innovations: Collection[int]) -> Subquery:
    """Return where each place stood with some products at the end of a day, of those of which
    something was known: `innovation_id`, `site_id`, `rank` (see `rules.adoption.ORDER`) and
    `since`, the day from which it stood there. The twin of `rules.history.History.at`."""
    parts = _parts(_days(on, innovations))
    of = (parts.c.innovation_id, parts.c.site_id)
    first = func.row_number().over(
        partition_by=of,
        order_by=(parts.c.rank.desc(), parts.c.said_on.desc(), parts.c.since.desc()),
    )
    rows = select(*of, parts.c.rank, parts.c.since, first.label("place")).subquery()
    return select(rows).where(rows.c.place == 1).subquery()


def _days(on: date, innovations: Collection[int]) -> Subquery:
    """Of each part of a place the last row of each day, with what the one before it said and the
    day of the one that follows."""
    part = (Adoption.innovation_id, Adoption.site_id, Adoption.unit)
    later = func.lead(Adoption.id).over(partition_by=(*part, Adoption.on), order_by=Adoption.id)
    told = (
        select(*part, Adoption.state, Adoption.on, later.label("later"))
        .where(Adoption.innovation_id.in_(innovations), counts(), Adoption.on <= on)
        .subquery()
    )
    of = (told.c.innovation_id, told.c.site_id, told.c.unit)
    was = func.lag(told.c.state).over(partition_by=of, order_by=told.c.on)
    follows = func.lead(told.c.on).over(partition_by=of, order_by=told.c.on)
    columns = (*of, told.c.state, told.c.on, was.label("was"), follows.label("follows"))
    return select(*columns).where(told.c.later.is_(None)).subquery()


def _parts(days: Subquery) -> Subquery:
    """Where each part of a place stands: its rank, when that was last said, and since when."""
    of = (days.c.innovation_id, days.c.site_id, days.c.unit)
    is_last = days.c.follows.is_(None)
    begins = days.c.was.is_(None) | (days.c.was != days.c.state)
    return (
        select(
            *of,
            func.max(case((is_last, rank_of(days.c.state)))).label("rank"),
            func.max(case((is_last, days.c.on))).label("said_on"),
            func.max(case((begins, days.c.on))).label("since"),
        )
        .group_by(*of)
        .subquery()
    )


def spread_of_places(asked: PairsQuery, sites: Collection[int], leads: Leads) -> Spread:
    """Return what is known of some places of a list alone: four statements."""
    places = entries_of([asked.list_id], sites)[asked.list_id]
    own = [(one.site_id, one.ics_id) for one in places]
    return Spread(
        asked.innovations,
        places,
        Areas(select(Site.id).where(Site.id.in_(sites)), own, leads),
        stage_rows(asked.innovations, sites),
        money_rows(asked.innovations, sites),
    )
