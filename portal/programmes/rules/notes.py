"""The quarter's words: what can be said of which kind, and how grave a risk is. Pure."""

from portal.db import LabelledEnum
from portal.programmes.models import NoteKind, ProgrammeNote

HIGH, MEDIUM = 15, 8
"""Likelihood times impact (1 to 5 each) from which a risk is high, or medium: our own rule."""
SCALE = ((1, "1 lowest"), (2, "2"), (3, "3"), (4, "4"), (5, "5 highest"))
RISKS = (NoteKind.RISK, NoteKind.ISSUE)


class Gravity(LabelledEnum):
    """How grave a risk or issue is."""

    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


def gravity(note: ProgrammeNote) -> Gravity | None:
    """Return how grave a risk is, None where likelihood or impact is not given."""
    if note.score is None:
        return None
    if note.score >= HIGH:
        return Gravity.HIGH
    return Gravity.MEDIUM if note.score >= MEDIUM else Gravity.LOW


def is_open_risk(note: ProgrammeNote) -> bool:
    """Whether a risk or issue is not closed."""
    return note.kind in RISKS and note.closed_on is None


def is_open_plan(note: ProgrammeNote) -> bool:
    """Whether nobody said yet what became of a plan."""
    return note.kind is NoteKind.PLAN and note.outcome is None
