"""Where places stand with innovations on a day, in SQL: the twin of `rules.adoption`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from portal.db import db
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState, Innovation
from portal.innovations.rules.adoption import RANK, TRIAL
from portal.merging import holder_at, moment_of

Rows = type[Adoption]
"""The table of rows, or an alias of it."""


def _is_corrected(row: Rows, known: datetime | None = None) -> ColumnElement[bool]:
    """Return SQL for "a row known before the moment corrects it"."""
    by = aliased(Adoption)
    found = select(by.id).where(by.corrects_id == row.id)
    return (found if known is None else found.where(by.at < known)).correlate(row).exists()


def counts(known: datetime | None = None, row: Rows = Adoption) -> ColumnElement[bool]:
    """Return SQL for "it counts as known before the moment", for sites only."""
    found = (
        row.site_id.is_not(None)
        & (row.source != AdoptionSource.INNOVATOR)
        & ~_is_corrected(row, known)
    )
    return found if known is None else found & (row.at < known)


def is_waiting(on: date) -> ColumnElement[bool]:
    """Return SQL over `Adoption` for "it is a claim of use that waits to be confirmed at the end of
    the day": `rules.adoption.waiting`."""
    newer, told = aliased(Adoption), aliased(Adoption)
    newer_word = _at_part_of(newer, Adoption) & _tells(newer, Adoption) & _is_unconfirmed(newer, on)
    # Of these states the names are in the order of their ranks.
    is_as_far = told.state.in_(CLAIMED) & (told.state >= Adoption.state)
    answer = and_(
        _at_place_of(told, Adoption),
        told.on <= on,
        (told.id > Adoption.id) | (is_as_far & _is_last(told, on)),
        counts(None, told),
    )
    return and_(
        Adoption.state.in_(CLAIMED),
        _is_unconfirmed(Adoption, on),
        ~_exists(told, answer),
        ~_exists(newer, newer_word),
    )


CLAIMED = frozenset(state for state in AdoptionState if state.level >= TRIAL)
"""What a claim of use says."""


def _is_unconfirmed(row: Rows, on: date) -> ColumnElement[bool]:
    by = aliased(Adoption)
    confirmed = select(by.id).where(by.confirms_id == row.id).correlate(row).exists()
    return and_(
        row.source == AdoptionSource.INNOVATOR,
        row.site_id.is_not(None),
        row.on <= on,
        ~_is_corrected(row),
        ~confirmed,
    )


def _is_last(row: Rows, on: date) -> ColumnElement[bool]:
    """Of what counts, no other row tells where its part of the place stands on the day."""
    after = aliased(Adoption)
    told = _at_part_of(after, row) & (after.on <= on) & _tells(after, row) & counts(None, after)
    return ~_exists(after, told, row)


def _at_place_of(one: Rows, other: Rows) -> ColumnElement[bool]:
    return (one.innovation_id == other.innovation_id) & (one.site_id == other.site_id)


def _at_part_of(one: Rows, other: Rows) -> ColumnElement[bool]:
    return _at_place_of(one, other) & (one.unit == other.unit)


def _tells(one: Rows, before: Rows) -> ColumnElement[bool]:
    """It tells in place of another of the same part: `rules.adoption.newest`."""
    return (one.on > before.on) | ((one.on == before.on) & (one.id > before.id))


def _exists(of: Rows, where: ColumnElement[bool], outer: Rows = Adoption) -> ColumnElement[bool]:
    return select(of.id).where(where).correlate(outer).exists()


def rank_of(state: ColumnElement[AdoptionState]) -> ColumnElement[int]:
    """Return SQL for how much a state tells (`rules.adoption.ORDER`)."""
    return case(*((state == one, rank) for one, rank in RANK.items()))


def positions_on(
    on: date, known: datetime | None = None, *narrowed: ColumnElement[bool]
) -> Subquery:
    """Return a row for each innovation and site of which something is known by the end of the day:
    `innovation_id`, `site_id`, `rank` (see `rules.adoption.ORDER`)."""
    return _best_of_parts(_told(on, known).where(*narrowed).subquery()).subquery()


def positions_of_record(on: date) -> Subquery:
    """Return the same for the record of the statement around it: by its index, record by record."""
    mine = _told(on, None).where(Adoption.innovation_id == Innovation.id)
    return _best_of_parts(mine.correlate(Innovation).subquery()).subquery()


def _told(on: date, known: datetime | None) -> Select[Any]:
    """Number the rows that count of each part of a place, the one that tells first. A row counts
    for the record whose it was at the end of the day: two may have become one since."""
    holder = holder_at(Adoption, "innovation_id", moment_of(on))
    place = func.row_number().over(
        partition_by=(holder, Adoption.site_id, Adoption.unit),
        order_by=(Adoption.on.desc(), Adoption.id.desc()),
    )
    return select(
        holder.label("innovation_id"),
        Adoption.site_id,
        rank_of(Adoption.state.expression).label("rank"),
        place.label("place"),
    ).where(counts(known), Adoption.on <= on)


def moves_between(
    since: date,
    on: date,
    known: datetime | None = None,
    of: int | None = None,
    reached: Collection[AdoptionState] = (),
) -> Subquery:
    """Return `positions_on` of the later day with where each stood at the end of the earlier one,
    None where nothing was known: `innovation_id`, `site_id`, `before`, `rank`.

    Where no record became another since the earlier day, both are found in one pass over the rows,
    of the record `of` alone over its own; with `reached` pairs may be left out of which no row ever
    said one of these states.
    """
    was, held = (holder_at(Adoption, "innovation_id", moment_of(day)) for day in (since, on))
    if was is not held:
        return _joined(positions_on(since, known), positions_on(on, known))
    follows = func.lead(Adoption.on).over(
        partition_by=(held, Adoption.site_id, Adoption.unit),
        order_by=(Adoption.on, Adoption.id),
    )
    told = select(
        held.label("innovation_id"),
        Adoption.site_id,
        Adoption.state,
        Adoption.on,
        follows.label("follows"),
    ).where(counts(known), Adoption.on <= on)
    if reached:
        told = told.where(tuple_(held, Adoption.site_id).in_(_that_reached(reached, on)))
    rows = (told if of is None else told.where(held == of)).subquery()
    is_last = rows.c.follows.is_(None)
    stood = (rows.c.on <= since) & (is_last | (rows.c.follows > since))
    rank = rank_of(rows.c.state)  # of the rows that tell alone: most do not
    return (
        select(
            rows.c.innovation_id,
            rows.c.site_id,
            func.max(case((stood, rank))).label("before"),
            func.max(case((is_last, rank))).label("rank"),
        )
        .where(is_last | stood)
        .group_by(rows.c.innovation_id, rows.c.site_id)
        .subquery()
    )


def _that_reached(states: Collection[AdoptionState], on: date) -> Select[Any]:
    """Return the pairs of record and site of which any row ever said one of these states."""
    row = aliased(Adoption)
    held = holder_at(row, "innovation_id", moment_of(on))
    return select(held, row.site_id).where(row.state.in_(states), row.site_id.is_not(None))


def _joined(before: Subquery, after: Subquery) -> Subquery:
    is_same = (before.c.innovation_id == after.c.innovation_id) & (
        before.c.site_id == after.c.site_id
    )
    return (
        select(
            after.c.innovation_id,
            after.c.site_id,
            before.c.rank.label("before"),
            after.c.rank.label("rank"),
        )
        .select_from(after)
        .outerjoin(before, is_same)
        .subquery()
    )


def _best_of_parts(rows: Subquery) -> Select[Any]:
    """Of several parts of a place the one that tells most."""
    return (
        select(rows.c.innovation_id, rows.c.site_id, func.max(rows.c.rank).label("rank"))
        .where(rows.c.place == 1)
        .group_by(rows.c.innovation_id, rows.c.site_id)
    )


def rows_of(innovation_id: int) -> Sequence[Adoption]:
    """Return every row of an innovation, in the order in which they were recorded."""
    return db.session.scalars(
        select(Adoption)
        .where(Adoption.innovation_id == innovation_id)
        .options(joinedload(Adoption.site), joinedload(Adoption.organisation))
        .order_by(Adoption.id)
    ).all()


def rows_at(innovation_id: int, site_id: int) -> Sequence[Adoption]:
    """Return every row of an innovation at a site, in the order in which they were recorded."""
    return db.session.scalars(
        select(Adoption)
        .where(Adoption.innovation_id == innovation_id, Adoption.site_id == site_id)
        .options(joinedload(Adoption.said_by), joinedload(Adoption.reason), joinedload(Adoption.by))
        .order_by(Adoption.id)
    ).all()
