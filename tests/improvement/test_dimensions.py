"""Innovations by the programme in whose driver diagram they are, beside a plain recount."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.clock import now, today
from portal.db import db
from portal.improvement.models import Node, NodeRecord
from portal.innovations.models import Innovation, Sharing, StatusChange
from portal.pipeline.queries.crosstab import CrosstabQuery, crosstab
from portal.pipeline.queries.values import all_values
from tests import makers as rows
from tests.cast import Cast
from tests.examples import examples
from tests.improvement import makers

RECORDS, NODES = 4, 6
KEY = "safety_programme"
Link = tuple[int, int, int, int | None]
LINK = st.tuples(
    st.integers(0, NODES - 1),
    st.integers(0, RECORDS - 1),
    st.integers(0, 40),  # begun so many days ago
    st.one_of(st.none(), st.integers(0, 40)),  # and lasts so many days
)


def _world(cast: Cast) -> tuple[list[Node], list[Innovation]]:
    """Two public programmes and one that is not, with two change ideas each, and some records."""
    nodes = []
    for name in ("Safer wards", "Safer homes", "Hidden"):
        of = makers.programme(name, by=cast.national, is_public=name != "Hidden")
        into = makers.diagram(by=cast.national, of=of)
        nodes += [makers.node(w, into=into, by=cast.national, idea=True) for w in ("One", "Two")]
    before = now() - timedelta(days=90)
    about = {"of": cast.innovator, "sharing": Sharing.PUBLIC, "submitted_at": before}
    made = [rows.innovation(f"Record {number}", **about) for number in range(RECORDS)]
    db.session.flush()
    db.session.execute(update(StatusChange).values(at=before))
    return nodes, made


def _days(link: Link) -> tuple[int, int]:
    """How many days ago it began, and how many ago was its last; below 0 in the future."""
    _, _, begun, lasts = link
    return begun, begun - lasts if lasts is not None else -1


@settings(max_examples=examples(8), suppress_health_check=list(HealthCheck), deadline=None)
@given(
    links=st.lists(LINK, max_size=8, unique_by=lambda one: one[:3]),
    ago=st.one_of(st.none(), st.integers(1, 40)),
)
def test_records_by_safety_programme_equal_a_plain_recount(
    session: Session, cast: Cast, links: list[Link], ago: int | None
) -> None:
    nested = db.session.begin_nested()
    try:
        nodes, made = _world(cast)
        for link in links:
            begun, last = _days(link)
            row = NodeRecord(node_id=nodes[link[0]].id, innovation_id=made[link[1]].id)
            row.from_on = today() - timedelta(days=begun)
            row.to_on = today() - timedelta(days=last) if link[3] is not None else None
            session.add(row)
        session.flush()
        expected: dict[str, set[int]] = {}
        for link in links:
            begun, last = _days(link)
            of = nodes[link[0]].diagram.programme
            if of.is_public and begun >= (ago or 0) >= last:
                expected.setdefault(of.code, set()).add(link[1])
        day = today() - timedelta(days=ago) if ago is not None else None
        query = CrosstabQuery(KEY, "year", measure="innovations", day=day)
        found = crosstab(cast.national.actor, query, all_values())
        counted = {
            row.code: count
            for (row, column), count in found.whole.cells.items()
            if row and not column and row.code != "none" and count
        }
        assert counted == {code: len(these) for code, these in expected.items()}
    finally:
        nested.rollback()
