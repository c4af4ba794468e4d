"""Two records of the demonstration become one: no number of any past quarter is another."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Actor, Membership, MembershipState, Role
from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import Base, db
from portal.figures.dimensions import cell_figures, dimensions
from portal.figures.queries import first_day, freeze_of, frozen_values, live_values
from portal.figures.rules import Period, RowsQuery, set_of
from portal.figures.services import freeze_figures
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import kept_of
from portal.innovations.queries.merging import merge_for
from portal.innovations.services.merging import answer, merge_records
from portal.innovations.services.parting import undo
from portal.introductions.models import Introduction
from portal.merging import Merge, moving
from portal.pipeline.queries import network
from portal.pipeline.queries.crosstab import CrosstabQuery, statement
from portal.pipeline.queries.values import all_values
from portal.reference.rules import Quarter
from portal.support.models import Engagement
from tests.conftest import isolation

NATIONAL = Actor(user_id=None, name="The nation", role=Role.NATIONAL)
OF_ORGANISATIONS = ("companies", "organisations")
FIGURES = ("innovations", "organisations", "hours", "sites")
"""What a cell may count on a past day; matches are those of today."""


@pytest.fixture
def inside(world: Flask) -> Iterator[None]:
    """A context of the demonstration in which everything is rolled back."""
    with isolation(world), world.app_context():
        yield


def quarters() -> list[Quarter]:
    """Every quarter that is over and of which there are figures, the newest first."""
    first, found = first_day(), [Quarter.of(today()).previous]
    assert first is not None
    while found[-1].first > first:
        found.append(found[-1].previous)
    return found


def figures_of(quarter: Quarter) -> dict[str, Any]:
    """Every figure of a quarter: live, frozen, and the organisations behind those that are
    counted once each."""
    freeze = freeze_of(quarter)
    live = [(v.code, v.hin_id or 0, v.group, round(v.value, 6)) for v in _live(quarter)]
    frozen = [] if freeze is None else [repr(value) for value in frozen_values(freeze)]
    return {"live": sorted(live), "frozen": frozen, "rows": _rows(quarter)}


def _live(quarter: Quarter) -> list[Any]:
    return live_values(quarter, today())


def _rows(quarter: Quarter) -> dict[str, Any]:
    found = {}
    for code in OF_ORGANISATIONS:
        known = set_of(code)
        assert known is not None
        figures, figure = known
        result = figures.rows(RowsQuery(figure, Period(quarter, today(), None), None, ""))
        place = list(result.header).index("Organisation")
        found[code] = len({row[place] for row in result.rows})
    return found


def views_of(day: date) -> dict[str, Any]:
    """Every dimension by every figure that a past day has, and who works with whom."""
    values = all_values()
    several = network.innovators_with_several(NATIONAL, day)
    found: dict[str, Any] = {
        "numbers": network.by_number(NATIONAL, day),
        "pairs": network.shared(NATIONAL, day),
        "trade": network.trade(NATIONAL, day),
        "several": sorted(map(tuple, db.session.execute(several))),
    }
    assert set(FIGURES) < set(cell_figures())
    for figure in FIGURES:
        for one in dimensions():
            query = CrosstabQuery(
                one, "stage" if one == "proven" else "proven", None, figure, day=day
            )
            rows = db.session.execute(statement(NATIONAL, query, values))
            found[f"{figure} by {one}"] = sorted(map(repr, rows))
    return found


def everything() -> dict[str, Any]:
    """All figures of all past quarters, and every view of the newest one's last day."""
    found: dict[str, Any] = {quarter.code: figures_of(quarter) for quarter in quarters()}
    return found | {"views": views_of(quarters()[0].last)}


def hins_of(innovation: Innovation) -> set[int]:
    """The networks that have an engagement with a record."""
    stmt = select(Engagement.hin_id).where(Engagement.innovation_id == innovation.id)
    return set(db.session.scalars(stmt))


def two_records() -> tuple[Innovation, Innovation]:
    """Two records of different organisations, with engagements of three networks of which one
    works with both, and introductions."""
    introduced = select(Introduction.innovation_id)
    rows = db.session.scalars(
        select(Innovation).where(
            Innovation.status == RecordStatus.SUBMITTED, Innovation.id.in_(introduced)
        )
    ).all()
    known = {row.id: hins_of(row) for row in rows}
    return next(
        (one, other)
        for one, other in combinations(sorted(rows, key=lambda row: row.id), 2)
        if one.organisation_id != other.organisation_id
        and known[one.id] & known[other.id]
        and len(known[one.id] | known[other.id]) >= 3
    )


def owner(innovation: Innovation) -> Actor:
    """Whoever owns the record, acting for its organisation."""
    membership = db.session.scalars(
        select(Membership).where(
            Membership.user_id == innovation.owner_id,
            Membership.organisation_id == innovation.organisation_id,
            Membership.state == MembershipState.ACTIVE,
        )
    ).first()
    assert membership is not None
    return actor_of(membership.user, membership)


def made_one(one: Innovation, other: Innovation) -> Merge:
    """Make two records one, each side agreeing."""
    merge = merge_records(one=one, another=other, why="The same.", chosen=["summary"], by=NATIONAL)
    for side in (one, other):
        if merge.at is None:
            found = merge_for(NATIONAL, merge.id)
            answer(found=found, agrees=True, why="", by=owner(side))
    assert merge.at is not None
    return merge


def held() -> dict[str, list[Any]]:
    """Whose every row is that a merge may move."""
    return {
        f"{rule.table}.{rule.column}": sorted(
            map(tuple, db.session.execute(select(rule.key, rule.source.c[rule.column])))
        )
        for rule in moving("innovation")
    }


def columns_of(row: Base) -> dict[str, Any]:
    """What a row says, but for its counter of versions and when it changed."""
    names = [column.name for column in row.__table__.columns]
    return {name: getattr(row, name) for name in names if name not in {"version", "changed_at"}}


def test_no_number_of_the_past_changes_and_undoing_restores_every_row(inside: None) -> None:
    one, other = two_records()
    together = hins_of(one) | hins_of(other)
    shared = hins_of(one) & hins_of(other)
    records = columns_of(one), columns_of(other)
    freeze_figures(quarter=quarters()[1], by=NATIONAL)
    before, rows = everything(), held()
    assert before[quarters()[1].code]["frozen"] != []
    merge = made_one(one, other)
    assert everything() == before

    assert kept_of(other) is one
    assert hins_of(one) == together
    assert hins_of(other) == set()
    standing = select(Engagement.hin_id).where(
        Engagement.innovation_id == one.id, Engagement.replaced_by_id.is_(None)
    )
    assert sorted(db.session.scalars(standing)) == sorted(together)
    replaced = select(Engagement.hin_id).where(Engagement.replaced_by_id.is_not(None))
    assert set(db.session.scalars(replaced)) == shared
    introductions = select(Introduction.id).where(Introduction.innovation_id == other.id)
    assert db.session.scalars(introductions).all() == []

    undo(found=merge_for(NATIONAL, merge.id), why="They differ.", by=NATIONAL)
    assert held() == rows
    assert (columns_of(one), columns_of(other)) == records
    assert everything() == before
