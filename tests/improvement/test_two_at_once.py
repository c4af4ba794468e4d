"""Several people at one diagram, and at one chart, in the same moment, on PostgreSQL."""

from collections.abc import Callable

from flask import Flask

from portal.clock import today
from portal.db import db
from portal.errors import Conflict
from portal.improvement.models import Diagram, ImprovementMeasure, Node, NodeKind
from portal.improvement.queries.joining import charts_of
from portal.improvement.services import diagrams, joining
from portal.improvement.services.diagrams import NodeText
from tests.accounts.test_used_once import at_once, house
from tests.cast import Cast
from tests.improvement import makers, plotting

__all__ = ["house"]
PEOPLE = 4


def test_of_several_changes_of_one_outline_one_stands(house: Flask) -> None:
    with house.app_context():
        cast = Cast()
        of = makers.diagram(by=cast.national)
        idea = makers.node("Huddle", into=of, by=cast.national)
        measure = plotting.measure(of=of.programme, by=cast.national)
        db.session.commit()
        diagram_id, version, node_id, measure_id = of.id, of.version, idea.id, measure.id
        by = cast.national.actor

    def adding(number: int) -> Callable[[], object]:
        def add() -> object:
            diagrams.add(
                diagram=db.session.get_one(Diagram, diagram_id),
                version=version,
                near_id=node_id,
                inside=True,
                said=NodeText(NodeKind.IDEA, f"Idea {number}"),
                by=by,
            )
            return f"Idea {number}"

        return add

    got = at_once(house, *[adding(number) for number in range(PEOPLE)])
    assert sum(isinstance(one, Conflict) for one in got) == PEOPLE - 1, got
    with house.app_context():
        read = makers.read(db.session.get_one(Diagram, diagram_id), today())
        assert [words for depth, words in read if depth == 2] == [
            one for one in got if isinstance(one, str)
        ]

    def join() -> object:
        node = db.session.get_one(Node, node_id)
        of = db.session.get_one(ImprovementMeasure, measure_id)
        joining.join(node=node, measure=of, by=by)
        return True

    got = at_once(house, *[join] * PEOPLE)
    assert [one for one in got if one is True] == [True]
    with house.app_context():
        assert len(charts_of([node_id])[node_id]) == 1
