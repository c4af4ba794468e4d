"""What is still under way between a network and an innovation when its support is to end.

Support knows of tasks and proposals; higher rooms contribute what is theirs in `rooms.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.db import db
from portal.support.models import Engagement, Proposal, ProposalState, Task, TaskState


@dataclass(frozen=True, slots=True)
class Unfinished:
    """One thing that is under way, and the page on which it is."""

    words: str
    address: str


Source = Callable[[Engagement], Iterable[Unfinished]]

_sources: tuple[Source, ...] = ()


def come_from(sources: Iterable[Source]) -> None:
    """Ask these from now on: the rooms' own, named in `rooms.py`."""
    global _sources  # noqa: PLW0603  # set once, at start
    _sources = tuple(sources)


def unfinished(engagement: Engagement) -> list[Unfinished]:
    """Return everything that is under way in an engagement, in the order of the sources."""
    return [one for source in _sources for one in source(engagement)]


def open_tasks(engagement: Engagement) -> Sequence[Unfinished]:
    """Return the engagement's tasks and talks that nobody ended, oldest first."""
    found = db.session.scalars(
        select(Task)
        .where(Task.engagement_id == engagement.id, Task.state == TaskState.OPEN)
        .order_by(Task.id)
    )
    return [
        Unfinished(f"{'Task' if one.assignee else 'Talk'}: {one.title}", f"/support/tasks/{one.id}")
        for one in found
    ]


def open_proposals(engagement: Engagement) -> Sequence[Unfinished]:
    """Return the proposals from or to the engagement's HIN that wait for an answer."""
    hin_id = engagement.hin_id
    found = db.session.scalars(
        select(Proposal)
        .where(
            Proposal.innovation_id == engagement.innovation_id,
            Proposal.state == ProposalState.OPEN,
            (Proposal.from_hin_id == hin_id) | (Proposal.to_hin_id == hin_id),
        )
        .order_by(Proposal.id)
    )
    address = f"/innovations/{engagement.innovation_id}/support#proposals"
    return [
        Unfinished(f"Proposal: {one.from_hin.name} to {one.to_hin.name}", address) for one in found
    ]
