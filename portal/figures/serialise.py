"""Figures as a file: one row for each figure and group, the networks side by side."""

from collections.abc import Mapping, Sequence

from portal.figures.rules import Columns, Figure, Value, groups_of
from portal.web.downloads import Cell, Table


def wide(
    figures: Sequence[Figure],
    found: Sequence[Value],
    columns: Columns,
    labels: Mapping[str, str],
) -> Table:
    """Return the figures as a table: a row for each figure and group, a column for each network.

    A cell is empty where nothing was counted, or where the reader may not know the number. Every
    figure has its row, whatever was counted.
    """
    values = {(one.code, one.group, one.hin_id): one.value for one in found}
    rows: list[tuple[Cell, ...]] = []
    for figure in figures:
        for group in groups_of(figure, found, labels):
            numbers = [_plain(values.get((figure.code, group, hin))) for hin, _ in columns]
            rows.append((figure.label, labels.get(group, group), figure.unit, *numbers))
    return ("Figure", "Of", "Unit", *(name for _, name in columns)), rows


def definitions(figures: Sequence[Figure]) -> Table:
    """Return what each figure counts and where its definition comes from."""
    return ("Figure", "Unit", "Definition", "Source", "Code"), [
        (one.label, one.unit, one.definition, one.source, one.code) for one in figures
    ]


def _plain(value: float | None) -> Cell:
    """Return a whole number as such: "7", never "7.0"."""
    return int(value) if value is not None and value == int(value) else value
