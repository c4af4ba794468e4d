"""What ideas know by themselves: who counts as staff, when campaigns run, what is held. Pure."""

import csv
import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from portal.community.models import Audience, Campaign, Idea, IdeaState, Moderation
from portal.text import count_links

DATA = Path(__file__).parent.parent / "data" / "work_domains.csv"
MAX_TAGS = 5
MAX_TAG_LENGTH = 30

STATE_COLOURS: Mapping[IdeaState, str] = {
    IdeaState.HELD: "yellow",
    IdeaState.POSTED: "blue",
    IdeaState.LOOKING: "blue",
    IdeaState.TAKEN_UP: "green",
    IdeaState.NOT_NOW: "grey",
    IdeaState.EXISTS: "grey",
    IdeaState.WITHDRAWN: "grey",
    IdeaState.REMOVED: "red",
}
ANSWERED = frozenset({IdeaState.TAKEN_UP, IdeaState.NOT_NOW, IdeaState.EXISTS})
UNANSWERED = frozenset({IdeaState.POSTED, IdeaState.LOOKING})
"""Somebody owes its authors an answer."""
SHOWN = frozenset({*UNANSWERED, *ANSWERED})
"""Everybody reads it who reads its campaign."""
CHANGING = frozenset({IdeaState.HELD, IdeaState.POSTED})
"""Its author may still change it."""
TAKEN_BACK_FROM = frozenset({IdeaState.HELD, *UNANSWERED})
"""Its author may still take it back."""


class Phase(enum.StrEnum):
    """Where a campaign stands on a day."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """What pages call it."""
        return {"coming": "Not open yet", "open": "Open for ideas", "closed": "Closed"}[self.value]


def phase(campaign: Campaign, on: date) -> Phase:
    """Return where a campaign stands on a day."""
    if on < campaign.opens_on:
        return Phase.COMING
    is_over = campaign.closes_on is not None and on > campaign.closes_on
    return Phase.CLOSED if is_over else Phase.OPEN


@cache
def work_domains() -> frozenset[str]:
    """Return the domains of addresses that the NHS and its partners give to their staff."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return frozenset(row["domain"] for row in csv.DictReader(file))


def is_work_address(email: str) -> bool:
    """Whether an address is one of staff: its domain, or one above it, is on the list."""
    name = email.rpartition("@")[2].casefold().split(".")
    return any(".".join(name[place:]) in work_domains() for place in range(len(name)))


def audiences_for(*, has_area: bool) -> Sequence[Audience]:
    """Return whom an organisation may ask: who is of the whole nation has no area."""
    return [one for one in Audience if has_area or one is not Audience.AREA]


def tags_of(text: str) -> list[str]:
    """Return the tags in what was typed, in small letters, each once, the first few."""
    found = [re.sub(r"\s+", " ", one).strip(" #").casefold() for one in text.split(",")]
    return list(dict.fromkeys(one[:MAX_TAG_LENGTH] for one in found if one))[:MAX_TAGS]


def why_held(
    texts: Iterable[str], *, moderation: Moderation, is_first: bool, is_repeated: bool
) -> str:
    """Return why an idea waits to be looked over, as a sentence to its author; "" for not.

    A repeated text, and a link in somebody's first idea, are how spam begins.
    """
    if is_repeated:
        return "You sent the same words before."
    if is_first and any(count_links(text) > 0 for text in texts):
        return "It is your first idea and has a web address in it."
    if moderation is Moderation.BEFORE:
        return "Every idea of this campaign is looked over before it is posted."
    return ""


def has_become(idea: Idea) -> bool:
    """Whether a record, a challenge or a proposal was made of it and is still there."""
    return any((idea.innovation_id, idea.challenge_id, idea.proposal_id))


def names_of(idea: Idea) -> list[str]:
    """Return the names of those who are credited: the author, then who joined."""
    return [idea.author.name, *(one.user.name for one in idea.coauthors)]


def ask_words(state: str, name: str) -> str:
    """Return what is asked of those who run a campaign about an idea."""
    return {
        IdeaState.HELD.value: f"Look over the idea “{name}” before it is posted",
        IdeaState.POSTED.value: f"Look at the idea “{name}”",
        IdeaState.LOOKING.value: f"Answer the idea “{name}”",
    }[state]
