"""When may two records become one, which of them is kept, and who is asked. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.merging import UNDO_DAYS, Merge

BREADTH = (Sharing.HINS, Sharing.HINS_AND_ICSS, Sharing.PUBLIC)
"""With how many a record is shared, the fewest first."""


def kept_and_other(one: Innovation, another: Innovation) -> tuple[Innovation, Innovation]:
    """Return the record that is kept, which is the older one, and the other one."""
    first, second = sorted((one, another), key=lambda record: record.id)
    return first, second


def problem(kept: Innovation, other: Innovation) -> str:
    """Say why the two cannot become one now; "" where they can."""
    if kept.id == other.id:
        return "A record is always one with itself."
    for record in (kept, other):
        if record.merged_into_id is not None:
            return f"“{record.name}” was made one with another record meanwhile."
        if record.status is not RecordStatus.SUBMITTED:
            return f"“{record.name}” is not on the pipeline: only submitted records are made one."
    return ""


def sides_agree(kept: Innovation, other: Innovation) -> bool:
    """Whether nobody has to be asked: both are of one organisation, which is told, and nobody
    will read of the other one who could not before."""
    is_wider = BREADTH.index(kept.sharing) > BREADTH.index(other.sharing)
    return kept.organisation_id == other.organisation_id and not is_wider


def undo_until(merge: Merge) -> datetime | None:
    """Return until when it can be undone; None where it does not stand."""
    if not merge.stands or merge.at is None:
        return None
    return merge.at + timedelta(days=UNDO_DAYS)


def changed_since(merge: Merge, answers: Mapping[str, Any]) -> list[str]:
    """Return the chosen answers that somebody changed again since: undoing asks about each."""
    taken: Mapping[str, Any] = merge.before.get("other", {})
    return [name for name in merge.chosen if answers.get(name) != taken.get(name)]
