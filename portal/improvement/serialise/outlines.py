"""A driver diagram as rows of a file."""

from collections.abc import Iterator, Mapping, Sequence

from portal.improvement.queries.diagrams import NodeValue
from portal.improvement.rules.outline import Branch, nodes
from portal.web.downloads import Cell

HEADER = (
    *("Number", "Below", "Level", "What it is", "Words", "Target", "Measured by", "Since"),
    *("From where", "How sure", "Source", "Note"),
)


def measured(told: Sequence[NodeValue]) -> str:
    """Return what measures say, in a line."""
    return "; ".join(f"{one.name}: {one.words}" for one in told)


def outline_rows(
    aims: Sequence[Branch], measures: Mapping[int, Sequence[NodeValue]]
) -> Iterator[list[Cell]]:
    """Return a row for each node, in the order in which the outline is read."""
    for one in nodes(aims):
        row = one.row
        yield [
            *(one.id, row.parent_id, one.depth, one.label, row.words, row.target),
            measured(measures.get(one.id, ())),
            row.on,
            row.origin.label,
            row.confidence.label if row.confidence else "",
            row.source,
            row.note,
        ]
