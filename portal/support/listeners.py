"""Support answers what happens to an innovation record (the signals of `innovations.outbox`).

A first submission, or another HIN chosen later, opens an engagement; the submission of what a HIN
asked to be changed puts its engagement back on the desk; archiving closes what is open, and
bringing back puts it on the desk again. The services of `innovations` send the signals inside
their transaction, so that neither can be without the other. Who can help comes with the reference
data.
"""

from datetime import datetime

from portal.innovations import outbox as innovations
from portal.innovations.models import Innovation
from portal.merging import Merge
from portal.reference.outbox import loaded
from portal.support import queries
from portal.support.models import EngagementState
from portal.support.rules import LIVE
from portal.support.services import directory, joining
from portal.support.services.engagements import (
    close_archived,
    open_first,
    receive_changes,
    reopen,
)


@innovations.submitted.connect
def _submitted(innovation: Innovation, *, at: datetime, is_first: bool) -> None:
    """Open an engagement where the HIN has none, and give back what was asked to be changed."""
    found = queries.engagements(innovation.id)
    hin_id = _hin_id(innovation)
    if is_first or found:
        open_first(innovation=innovation, hin_id=hin_id, at=at, found=found)
    if any(copy.change_wanted for copy in innovation.copies):
        return
    for engagement in found:
        if engagement.state is EngagementState.CHANGES:
            receive_changes(engagement=engagement, at=at)


@innovations.archived.connect
def _archived(innovation: Innovation, *, at: datetime, why: str) -> None:
    for engagement in queries.engagements(innovation.id):
        if engagement.state in LIVE:
            close_archived(engagement=engagement, why=why, at=at)


@innovations.restored.connect
def _restored(innovation: Innovation, *, at: datetime) -> None:
    open_first(innovation=innovation, hin_id=_hin_id(innovation), at=at)
    for engagement in queries.engagements(innovation.id):
        if engagement.is_leading and engagement.state is EngagementState.CLOSED:
            reopen(engagement=engagement, at=at)


@innovations.merging.connect
def _merging(innovation: Innovation, *, other: Innovation, merge: Merge, at: datetime) -> None:
    joining.join(kept=innovation, other=other, merge=merge, at=at)


@innovations.parted.connect
def _parted(innovation: Innovation, *, other: Innovation, merge: Merge, at: datetime) -> None:
    joining.part(kept=innovation, other=other, merge=merge, at=at)


@loaded.connect
def _load_directory(_sender: object, told: list[str]) -> None:
    """Load who can help with the reference data, in the same transaction."""
    told.extend(directory.load().lines())


def _hin_id(innovation: Innovation) -> int | None:
    """Return the HIN chosen, also when it was set just now and its column is not written yet."""
    return innovation.hin.id if innovation.hin else innovation.hin_id
