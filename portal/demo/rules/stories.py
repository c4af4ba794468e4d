"""What happened to each innovation of the demo world: stages, levels, outcomes, in days ago.

The stories are invented; only the last stage and whether it counts as proven come from the data.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.demo.rules.draw import chance, number, pick, shuffled

Record = Mapping[str, Any]

LADDER = (
    "IDEA",
    "PROOF_OF_CONCEPT",
    "PROTOTYPE",
    "REAL_WORLD_TEST",
    "EVALUATED",
    "READY",
    "FIRST_SITES",
    "SPREADING",
)
MAX_DAYS_AGO = 720
"""Days: everything happened within the last two years."""
MONTH = 30


class Ending(enum.StrEnum):
    """How the story stands today."""

    DRAFT = "draft"
    NEW = "new"
    OVERDUE = "overdue"
    """Submitted, and nobody picked it up in time."""
    ASSESSING = "assessing"
    ASSESSING_OVERDUE = "assessing_overdue"
    ENGAGING = "engaging"
    WAITING = "waiting"
    CHANGES = "changes"
    UNSUITABLE = "unsuitable"
    CLOSED = "closed"
    ARCHIVED = "archived"
    RESTORED = "restored"
    """Archived, and brought back."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """One innovation's way, every number a number of days before today."""

    ending: Ending
    submitted: int
    stages: tuple[tuple[int, str], ...]
    """The first is the stage at submission, the last that of the data."""
    levels: tuple[tuple[int, int], ...] = ()
    """(days ago, level): the first is the outcome of triage."""
    verified: int | None = None
    renewal: int | None = None
    """In how many days from today the verification runs out, where that is soon."""
    partners: tuple[tuple[int, int], ...] = ()
    """When another HIN joined, and at which level it helps."""
    ended: int | None = None
    """When it was closed, archived or put off."""


RECENT: Mapping[Ending, tuple[int, int]] = {
    Ending.NEW: (1, 1),
    Ending.OVERDUE: (11, 15),
    Ending.ASSESSING: (6, 9),
    Ending.ASSESSING_OVERDUE: (30, 40),
}
"""Days since submission of what was not decided yet."""

SHARES = (
    (Ending.NEW, 6),
    (Ending.OVERDUE, 4),
    (Ending.ASSESSING, 8),
    (Ending.ASSESSING_OVERDUE, 3),
    (Ending.WAITING, 12),
    (Ending.CLOSED, 10),
)
"""How many of the unproven records end so, of a hundred; HINs engage with the others."""


def stories(records: Iterable[Record]) -> dict[str, Story]:
    """Return the story of every record of the data file, by its key."""
    known = {str(record["key"]): record for record in records}
    unproven = shuffled((key for key, r in known.items() if not r["proven"]), "ending")
    endings = dict(zip(unproven, _endings(len(unproven)), strict=True))
    return {
        key: _proven(key, record) if record["proven"] else _of(key, record, endings[key])
        for key, record in known.items()
    }


def _endings(count: int) -> list[Ending]:
    found = [ending for ending, share in SHARES for _ in range(share * count // 100)]
    return found + [Ending.ENGAGING] * (count - len(found))


def invented(record: Record) -> Story:
    """Return the story that an invented record names: `engaging_3` engages at level 3."""
    ending, _, level = str(record["ending"]).partition("_")
    if level.isdigit():
        story = _of(str(record["key"]), record, Ending(ending))
        return replace(story, levels=_levels_up_to(int(level), story.submitted))
    return _of(str(record["key"]), record, Ending(record["ending"]))


def _levels_up_to(level: int, submitted: int) -> tuple[tuple[int, int], ...]:
    decided = submitted - 9
    return ((decided, level),) if level == 1 else ((decided, level - 1), (decided // 2, level))


def _proven(key: str, record: Record) -> Story:
    submitted = number(f"{key}:submitted", 430, MAX_DAYS_AGO)
    verified = number(f"{key}:verified", 30, submitted - 250)
    raised = submitted - number(f"{key}:raised", 60, 150)
    first = pick(f"{key}:first", (1, 2, 2, 3))
    level = pick(f"{key}:level", (3, 3, 4)) if first < 3 else 4
    is_closed = chance(f"{key}:closed", 12)
    return Story(
        ending=Ending.CLOSED if is_closed else Ending.ENGAGING,
        submitted=submitted,
        stages=_stages(key, str(record["stage"]), submitted, verified + 20),
        levels=((submitted - 9, first), (raised, level)),
        verified=verified,
        renewal=number(f"{key}:renewal", 4, 60) if chance(f"{key}:soon", 10) else None,
        partners=_partners(key, raised),
        ended=verified // 2 if is_closed else None,
    )


def _partners(key: str, after: int) -> tuple[tuple[int, int], ...]:
    """Return when the second HIN joined, if one did, and the third."""
    if after < MONTH or not chance(f"{key}:partner", 30):
        return ()
    first = number(f"{key}:joined", 20, after - 8)
    levels = [number(f"{key}:partner-level:{place}", 1, 3) for place in (1, 2)]
    found = ((first, levels[0]), (first - 8, levels[1]))
    return found if chance(f"{key}:third", 30) else found[:1]


def _of(key: str, record: Record, ending: Ending) -> Story:
    if ending in RECENT:
        submitted = number(f"{key}:submitted", *RECENT[ending])
        return Story(ending=ending, submitted=submitted, stages=((submitted, record["stage"]),))
    submitted = number(f"{key}:submitted", 60, 640)
    story = Story(
        ending=ending,
        submitted=submitted,
        stages=_stages(key, str(record["stage"]), submitted, 14),
        levels=_levels(key, submitted),
        partners=_partners(key, submitted - 15) if ending is Ending.ENGAGING else (),
        ended=number(f"{key}:ended", 5, 20),
    )
    undecided = {Ending.CHANGES, Ending.UNSUITABLE, Ending.ARCHIVED, Ending.RESTORED, Ending.DRAFT}
    return replace(story, levels=()) if ending in undecided else story


def _levels(key: str, submitted: int) -> tuple[tuple[int, int], ...]:
    decided = submitted - 9
    first = pick(f"{key}:first", (1, 1, 2, 2, 3))
    if decided < 60 or not chance(f"{key}:moves", 45):
        return ((decided, first),)
    other = first + 1 if first == 1 or chance(f"{key}:up", 70) else first - 1
    return ((decided, first), (decided // 2, other))


def _stages(key: str, stage: str, submitted: int, last: int) -> tuple[tuple[int, str], ...]:
    """Return up to three steps of the ladder that end in `stage`, from submission to `last`."""
    steps = number(f"{key}:steps", 0, 2)
    if stage not in LADDER or submitted - last < 90:
        return ((submitted, stage),)
    end = LADDER.index(stage)
    way = LADDER[max(0, end - steps) : end + 1]
    gap = (submitted - last) // max(1, len(way) - 1)
    return tuple((submitted - place * gap, step) for place, step in enumerate(way))
