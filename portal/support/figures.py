"""The figures that support contributes (`portal/rooms.py`)."""

from portal.accounts.models import OrganisationKind
from portal.figures.rules import FigureSet
from portal.reference.models import Vocabulary
from portal.reference.queries import labels_of
from portal.support.models import InteractionKind
from portal.support.queries import figure_gaps, figure_rows
from portal.support.queries import figures as queries
from portal.support.queries.directory import entry_labels
from portal.support.rules import LEVELS
from portal.support.rules.figures import DEFINITIONS


def _labels() -> dict[str, str]:
    """Return what the groups are called: levels, kinds of interaction, kinds of support."""
    return {
        **{str(level): f"Level {level}" for level in LEVELS},
        **{kind.value: kind.label for kind in OrganisationKind},
        **{kind.value: kind.label for kind in InteractionKind},
        **labels_of(Vocabulary.SUPPORT_KIND),
        **entry_labels(),
    }


FIGURES = FigureSet(
    heading="Support",
    figures=DEFINITIONS,
    count=queries.count,
    rows=figure_rows.rows_behind,
    labels=_labels,
    first_day=queries.first_day,
    gaps=figure_gaps.gaps,
)
