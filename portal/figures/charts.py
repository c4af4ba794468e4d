"""Pictures of figures with many groups, and a figure as a table of networks by groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.figures.rules import WHOLE, Columns, Figure, Value, groups_of
from portal.web.charts import Bars, bars
from portal.wording import unit_words

LONG = 4
"""A figure with more groups than this is shown as a picture, its table folded."""
MAX_BARS = 6
"""Groups in a picture, the largest first: the table has all."""


def picture(figure: Figure, name: str, values: Mapping[str, float]) -> Bars | None:
    """Return bars of a figure's largest groups for one network or the nation; None where the
    figure is short or nothing was counted. `values` are by the label of the group."""
    counted = {label: value for label, value in values.items() if value}
    if len(values) <= LONG or not counted:
        return None
    largest = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MAX_BARS]
    label, most = largest[0]
    finding = (
        f"{name}: most under “{label}”, {round(most):,} {unit_words(str(round(most)), figure.unit)}"
    )
    if len(counted) > MAX_BARS:
        finding += f"; the {MAX_BARS} largest of {len(counted)} are shown"
    return bars(finding, [(text, round(value), round(value)) for text, value in largest])


@dataclass(frozen=True, slots=True)
class CrossedRow:
    """One network's line: its name and a value for each group."""

    hin_id: int | None
    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Crossed:
    """A figure as a table of networks by groups, the nation last."""

    groups: Sequence[str]
    labels: Sequence[str]
    rows: Sequence[CrossedRow]


def crossed(
    figure: Figure, found: Sequence[Value], columns: Columns, labels: Mapping[str, str]
) -> Crossed | None:
    """Return the table of a figure that is read so; None for any other, and where nothing was
    counted. The whole of a network is not the sum of its groups: who is in two counts once."""
    values = {(v.hin_id, v.group): v.value for v in found if v.code == figure.code}
    groups = groups_of(figure, found, labels)
    if not figure.is_crossed or not values or groups == [WHOLE]:
        return None
    rows = [
        CrossedRow(hin, name, [values.get((hin, group)) for group in groups])
        for hin, name in columns
    ]
    return Crossed(groups, [labels.get(group, group) for group in groups], rows)
