"""By what of improvement innovations are counted (`portal/rooms.py`)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from portal.clock import today
from portal.figures.dimensions import (
    PROOF,
    Day,
    Dimension,
    DimensionSet,
    Joined,
    Lists,
    Rows,
    Value,
    Values,
    numbered,
)
from portal.improvement.models import Diagram, Node, NodeRecord
from portal.improvement.queries.diagrams import public_programmes
from portal.merging import is_of, moment_of


def _links(of: ColumnElement[int], day: Day, values: Values) -> Joined:
    """Join the links of a record to drivers and change ideas that stand on the day, in the diagrams
    of the programmes that were named: of no other may a reader be told."""
    held, on = aliased(NodeRecord), day or today()
    named = [number for number in values["safety_programme"] if number is not None]
    shown = select(Node.id).join(Diagram).where(Diagram.programme_id.in_(named))
    stands = (held.from_on <= on) & or_(held.to_on.is_(None), held.to_on >= on)
    mine = is_of(held, "innovation_id", of, moment_of(day))
    return Joined(held, mine & stands & held.node_id.in_(shown))


LINKS = Rows("driver_node_record", "link from a driver diagram", _links)


def _programmes(_lists: Lists) -> Mapping[int, Value]:
    return numbered((one.id, one.code, one.name) for one in public_programmes())


def _programme_of(held: type[NodeRecord], _day: Day, _values: Values) -> ColumnElement[int]:
    """Return SQL for the programme of the diagram from which a link leads."""
    found = select(Diagram.programme_id).join(Node, Node.diagram_id == Diagram.id)
    return found.where(Node.id == held.node_id).scalar_subquery()


DIMENSIONS = DimensionSet(
    [
        Dimension(
            "safety_programme",
            "Programme in whose driver diagram it is",
            PROOF,
            "The public programmes in whose driver diagram a driver or a change idea spreads as "
            "this record, or did at the end of the day. In several diagrams it counts under each.",
            _programmes,
            "Links from driver diagrams, dated",
            rows=LINKS,
            value=_programme_of,
            is_unique=False,
            is_dated=True,
            none="In no public driver diagram",
        ),
    ]
)
