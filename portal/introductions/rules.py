"""What introductions know by themselves: their words, what may follow what, when to ask. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from portal.introductions.models import (
    Ending,
    Introduction,
    Outcome,
    ReminderKind,
    State,
)

FIRST_ASKED = timedelta(days=30)
"""After the meeting, or the agreement where no meeting is recorded, what came of it is asked."""
SECOND_ASKED = timedelta(days=90)
SILENT_AFTER = timedelta(days=120)
"""When nobody answered either question, it ends as "no reply"."""

BEFORE_AGREED = frozenset({State.REQUESTED, State.TAKEN, State.BROKERED})
AFTER_AGREED = frozenset({State.AGREED, State.MET})
IN_USE = frozenset({Outcome.TRIAL, Outcome.ADOPTION})

STATE_COLOURS: Mapping[State, str] = {
    State.REQUESTED: "blue",
    State.TAKEN: "blue",
    State.BROKERED: "yellow",
    State.AGREED: "aqua-green",
    State.MET: "green",
    State.ENDED: "grey",
}


def words(introduction: Introduction) -> str:
    """Return how an introduction stands in a few words: its outcome, its ending or its state."""
    return step_words(introduction.state, introduction.ending, introduction.outcome)


def step_words(state: State, ending: Ending | None, outcome: Outcome | None) -> str:
    """Return a dated step in a few words."""
    if outcome is not None:
        return outcome.label
    return ending.label if ending else state.label


def next_ask(begun: date, reminded: Collection[ReminderKind]) -> date:
    """Return when what came of it is asked next, or when it ends silently after both.

    Source: issue of introductions: after 30 and 90 days; the 120 are our own rule.
    """
    if ReminderKind.OUTCOME_SECOND in reminded:
        return begun + SILENT_AFTER
    return begun + (SECOND_ASKED if ReminderKind.OUTCOME_FIRST in reminded else FIRST_ASKED)


def ask_words(state: State, name: str) -> str:
    """Return what is asked of the side whose turn it is, in words to that side; `name` is that of
    the innovation."""
    return {
        State.REQUESTED: f"Take the introduction to {name}, or leave it to another network",
        State.TAKEN: f"Decide on the introduction to {name}",
        State.BROKERED: f"Answer the introduction to {name}",
        State.AGREED: f"Say what came of the introduction to {name}",
        State.MET: f"Say what came of the introduction to {name}",
        State.ENDED: f"The introduction to {name} has ended",
    }[state]


def next_step(introduction: Introduction) -> str:
    """Return whose turn it is, in words."""
    return {
        State.REQUESTED: "A network takes it",
        State.TAKEN: "The network decides",
        State.BROKERED: "The innovator answers",
        State.AGREED: "Meet, and record what came of it",
        State.MET: "Record what came of it",
        State.ENDED: "",
    }[introduction.state]
