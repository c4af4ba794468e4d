"""The figures that adoption contributes (`portal/rooms.py`)."""

from portal.adoption.queries import figures as counting
from portal.adoption.rules.figures import DEFINITIONS
from portal.adoption.rules.spread import MOVE_LABELS
from portal.figures.rules import FigureSet, RowsQuery, RowsResult
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of


def _labels() -> dict[str, str]:
    """Return what the groups are called: stages, moves, and states of money."""
    return {
        **dict(reversed(labels_of(Vocabulary.ADOPTION_STAGE).items())),
        **{move.value: label for move, label in MOVE_LABELS.items()},
        **{f"money_{code}": label for code, label in labels_of(Vocabulary.FUNDING_STATUS).items()},
    }


def _rows(asked: RowsQuery) -> RowsResult:
    """Return the lines with the words of stages and money in place of their codes."""
    found, labels = counting.rows_behind(asked), _labels()
    rows = [
        [*names, labels[before], labels[after], labels[f"money_{money}"]]
        for *names, before, after, money in found.rows
    ]
    return RowsResult(found.header, rows)


FIGURES = FigureSet(
    heading="Adoption",
    figures=DEFINITIONS,
    count=counting.count,
    rows=_rows,
    labels=_labels,
    first_day=counting.first_day,
)
