"""The figures that proof contributes (`portal/rooms.py`)."""

from portal.figures.rules import FigureSet
from portal.proof.queries import validation_counts
from portal.proof.rules.figures import DEFINITIONS
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of


def _labels() -> dict[str, str]:
    """Return what the groups are called: care settings, kinds of support, and what was not said."""
    return {
        **labels_of(Vocabulary.SUPPORT_KIND),
        **labels_of(Vocabulary.CARE_SETTING),
        validation_counts.NO_SETTING: "No care setting given",
        validation_counts.NO_KIND: "No kind of support given",
    }


FIGURES = FigureSet(
    heading="Proof",
    figures=DEFINITIONS,
    count=validation_counts.count,
    rows=validation_counts.rows_behind,
    labels=_labels,
    first_day=validation_counts.first_day,
    gaps=validation_counts.gaps,
)
