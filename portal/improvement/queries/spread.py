"""How far the drivers and change ideas of a diagram have spread, by adoption's own rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.adoption.models import EligibleList
from portal.adoption.queries.picture import AreaRow, area_row
from portal.adoption.queries.spread import Narrowing, spreads_of
from portal.db import db
from portal.improvement.rules.outline import Branch
from portal.innovations.models import Innovation


@dataclass(frozen=True, slots=True)
class NodeSpread:
    """How many sites of a list stand where with what a node spreads as."""

    node_id: int
    words: str
    innovation: Innovation
    eligible: EligibleList
    area: AreaRow

    @property
    def label(self) -> str:
        """Return what its bar is called: what the node says, and the places that are counted."""
        return f"{self.words}: {self.eligible.name}"


def spread_of_nodes(
    branches: Sequence[Branch],
    records: Mapping[int, Sequence[Innovation]],
    on: date,
    hin_id: int | None = None,
) -> list[NodeSpread]:
    """Return how far each node's records have spread over each of their lists on a day, in England
    or in one network, in the order of the diagram: six statements, one where no node has a record.
    """
    ids = {one.id for found in records.values() for one in found}
    lists = _lists(ids)
    if not lists:
        return []
    spreads = spreads_of({one.id: [one.innovation_id or 0] for one in lists})
    narrowing = Narrowing(hin_id=hin_id)
    return [
        NodeSpread(
            branch.id,
            branch.row.words,
            innovation,
            eligible,
            area_row("", "", spreads[eligible.id].positions(on, narrowing), on),
        )
        for branch in branches
        for innovation in records.get(branch.id, ())
        for eligible in lists
        if eligible.innovation_id == innovation.id
    ]


def _lists(innovation_ids: set[int]) -> Sequence[EligibleList]:
    if not innovation_ids:
        return ()
    return db.session.scalars(
        select(EligibleList)
        .where(EligibleList.innovation_id.in_(innovation_ids))
        .order_by(EligibleList.id)
    ).all()
