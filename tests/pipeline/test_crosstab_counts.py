"""The cross-tab equals a plain count over the records that the reader may see."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise, permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal import rooms
from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.figures.dimensions import ANY, dimensions
from portal.pipeline.queries.cells import listed
from portal.pipeline.queries.counted import RecordFilter
from portal.pipeline.queries.crosstab import CrosstabQuery, Table, crosstab
from portal.pipeline.queries.crosstab import measured as measured_in_sql
from portal.pipeline.queries.values import all_values
from tests.cast import Cast
from tests.examples import examples
from tests.pipeline.catalogues import Record, World
from tests.pipeline.defined import (
    ENGAGEMENT,
    Engaged,
    cells_of,
    hours_of,
    measured,
    placed,
)

CODES = (
    *("stage", "category", "main_purpose", "care_setting", "condition_group", "condition"),
    *("area", "benefit", "inequality", "proven", "evidence_kind", "standard", "in_use"),
    *("hin", "level", "state", "hin_count", "first_hin", "ics", "region", "organisation_kind"),
    *("organisation_size", "year", "quarter", "programme"),
)
FIGURES = ("innovations", "organisations", "sites", "hours", "challenges")
PAIRS = list(combinations(CODES, 2))
TRIPLES = list(permutations(["stage", "condition_group", "in_use", "hin", "level", "quarter"], 3))
INNOVATIONS = ["innovations"]
READERS = ("innovator", "other_innovator", "ics", "hin", "national", "administrator")

health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
whole = settings(max_examples=2, suppress_health_check=health)
"""All 300 pairs at once: each is a statement of its own to compose, which takes its seconds."""
quick = settings(max_examples=examples(12), suppress_health_check=health)
seeds = st.integers(0, 2**32 - 1)
days = st.one_of(st.none(), st.integers(0, 1200).map(lambda n: today() - timedelta(days=n)))
readers = st.sampled_from(READERS)
measures = st.sampled_from(list(FIGURES))


ELSEWHERE = {
    **dict.fromkeys(
        ("adoption_regions", "adoption_sites", "adoption_stage"),
        "tests/adoption/test_dimensions.py",
    ),
    "safety_programme": "tests/improvement/test_dimensions.py",
}
"""Dimensions that a test of their own room counts."""


def test_every_dimension_is_counted_by_hand() -> None:
    every = {one.code for found in rooms.DIMENSIONS for one in found.dimensions}
    missing = every - set(CODES) - set(ELSEWHERE)
    assert not missing, (
        "add these to CODES here and what they mean to tests/pipeline/defined.py, or the test of"
        f" their room that counts them to ELSEWHERE: {missing}"
    )


def told(table: Table) -> dict[tuple[str, str], float]:
    """The table as `{(row code, column code): count}`, "" for a margin, without noughts."""
    return {
        (row.code if row else "", column.code if column else ""): count
        for (row, column), count in table.cells.items()
        if count
    }


def plainly(
    records: Sequence[Record],
    keys: Sequence[str],
    measure: str,
    day: date,
    actor: Actor,
) -> dict[tuple[str, str], float]:
    """The same, counted over plain records."""
    where: dict[tuple[str, str], list[tuple[Record, Engaged | None]]] = {}
    for record in records:
        for (row, column), engaged in placed(record, keys, day):
            for cell in {(row, column), (row, ""), ("", column), ("", "")}:
                where.setdefault(cell, []).append((record, engaged))
    is_engaged = measure == "hours" and engagement_in(keys)
    counts = {
        cell: hours_of(found, day, actor)
        if is_engaged
        else measured(list({id(r): r for r, _ in found}.values()), measure, day, actor)
        for cell, found in where.items()
    }
    return {cell: count for cell, count in counts.items() if count}


def engagement_in(keys: Iterable[str]) -> bool:
    """Whether a table by these tells of single engagements."""
    return any(key in ENGAGEMENT for key in keys)


def plainly_split(
    records: Sequence[Record], keys: Sequence[str], measure: str, day: date, actor: Actor
) -> dict[str, dict[tuple[str, str], float]]:
    """The table of all, under "", and one for each value of the third dimension."""
    where: dict[tuple[str, ...], list[tuple[Record, Engaged | None]]] = {}
    for record in records:
        for codes, engaged in placed(record, keys, day):
            for cell in set(product(*((code, "") for code in codes))):
                where.setdefault(cell, []).append((record, engaged))
    found: dict[str, dict[tuple[str, str], float]] = {}
    for (row, column, part), here in where.items():
        of = found.setdefault(part, {})
        if measure == "hours" and engagement_in(keys):
            count = hours_of(here, day, actor)
        else:
            count = measured(list({id(r): r for r, _ in here}.values()), measure, day, actor)
        if count:
            of[row, column] = count
    return found


def check(
    cast: Cast,
    seed: int,
    day: date | None,
    reader: str,
    measure: str,
    pairs: Iterable[tuple[str, str]],
) -> None:
    """Draw a catalogue and count it both ways."""
    actor, on = getattr(cast, reader).actor, day or today()
    nested = db.session.begin_nested()
    try:
        world = World(cast, seed, 12, today())
        values = all_values()
        for keys in pairs:
            found = crosstab(actor, CrosstabQuery(*keys, measure=measure, day=day), values)
            support = any(dimensions()[key].is_support for key in keys)
            records = world.visible(actor, on, about_support=support)
            assert told(found.whole) == plainly(records, keys, measure, on, actor), keys
    finally:
        nested.rollback()


@whole
@given(seed=seeds, day=days, reader=readers, measure=measures)
def test_every_pair_of_fields_is_counted_right(
    session: Session,
    cast: Cast,
    seed: int,
    day: date | None,
    reader: str,
    measure: str,
) -> None:
    check(cast, seed, day, reader, measure, PAIRS)


@pytest.mark.parametrize("measure", FIGURES)
@whole
@given(seed=seeds, day=days, reader=readers)
def test_every_field_is_counted_right_by_every_measure(
    session: Session, cast: Cast, measure: str, seed: int, day: date | None, reader: str
) -> None:
    check(cast, seed, day, reader, measure, pairwise(CODES))


@quick
@given(
    seed=seeds,
    day=days,
    reader=readers,
    measure=measures,
    pairs=st.lists(st.sampled_from(PAIRS), min_size=6, max_size=6),
)
def test_some_pairs_of_fields_are_counted_right_for_everybody_at_any_day(
    session: Session,
    cast: Cast,
    seed: int,
    day: date | None,
    reader: str,
    measure: str,
    pairs: list[tuple[str, str]],
) -> None:
    check(cast, seed, day, reader, measure, pairs)


@quick
@given(seed=seeds, day=days, reader=readers, measure=measures, keys=st.sampled_from(TRIPLES))
def test_every_part_of_a_split_table_is_counted_right(
    session: Session,
    cast: Cast,
    seed: int,
    day: date | None,
    reader: str,
    measure: str,
    keys: tuple[str, str, str],
) -> None:
    actor, on = getattr(cast, reader).actor, day or today()
    nested = db.session.begin_nested()
    try:
        world = World(cast, seed, 15, today())
        values = all_values()
        found = crosstab(actor, CrosstabQuery(*keys, measure=measure, day=day), values)
        records = world.visible(actor, on, about_support=engagement_in(keys))
        parts = {part.code: told(table) for part, table in found.parts}
        plain = plainly_split(records, keys, measure, on, actor)
        for code, counts in plain.items():
            part = told(found.whole) if code == "" else parts.pop(code, {})
            assert part == counts, code
        assert not any(parts.values())
    finally:
        nested.rollback()


@quick
@given(seed=seeds, day=days, reader=readers, pick=st.sampled_from(PAIRS))
def test_the_list_behind_a_cell_holds_exactly_its_records(
    session: Session,
    cast: Cast,
    seed: int,
    day: date | None,
    reader: str,
    pick: tuple[str, str],
) -> None:
    actor, on = getattr(cast, reader).actor, day or today()
    nested = db.session.begin_nested()
    try:
        world = World(cast, seed, 12, today())
        values = all_values()
        support = any(dimensions()[key].is_support for key in pick)
        records = world.visible(actor, on, about_support=support)
        for (row, column), count in told(
            crosstab(actor, CrosstabQuery(*pick, day=day), values).whole
        ).items():
            # The cell of a margin still tells what it was counted by.
            narrowed = RecordFilter(cell=[(pick[0], row or ANY), (pick[1], column or ANY)])
            cell = [(key, code) for key, code in narrowed.cell if code != ANY]
            listing = db.session.scalars(listed(actor, narrowed, values, day)).all()
            plain = [
                r.row.id
                for r in records
                if tuple(code for _, code in cell) in cells_of(r, [key for key, _ in cell], on)
            ]
            assert sorted(one.id for one in listing) == sorted(plain)
            assert (
                len(listing)
                == count
                == measured_in_sql(actor, narrowed, values, day, INNOVATIONS)["innovations"]
            )
    finally:
        nested.rollback()
