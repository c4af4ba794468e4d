"""What matching knows by itself: how a likeness is put in words, and which words to mark."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

TOP = 50
"""How many suggestions are kept for a challenge and readership."""
FLOOR = 0.05
"""The least score of a suggestion; on the judged pairs none below it was of help."""


@dataclass(frozen=True)
class Strength:
    """How much a pair has in common, in words."""

    words: str
    least: float
    """The least likeness in words (cosine) for it."""
    colour: str
    evidence: str
    """How often such a pair was judged of help, in words."""


# Calibrated on the first ten suggestions of each judged challenge (docs/matching.md): of the pairs
# from 0.30 on four in five were judged of help, from 0.20 three in ten, below one in twelve.
STRENGTHS = (
    Strength(
        "Has much in common with the challenge",
        0.30,
        "green",
        "Of pairs like this, about 8 in 10 were judged of help.",
    ),
    Strength(
        "Has something in common with the challenge",
        0.20,
        "blue",
        "Of pairs like this, about 3 in 10 were judged of help.",
    ),
    Strength(
        "Has a little in common with the challenge",
        0.0,
        "grey",
        "Of pairs like this, fewer than 1 in 10 were judged of help.",
    ),
)
WORTH_TELLING = STRENGTHS[1].least
"""An innovator is told of a challenge from this likeness on."""

PARTS = {
    "care_setting": "Care setting",
    "condition": "Condition",
    "condition_group": "Condition group",
    "area": "Area",
}
"""What the coded parts of the score are called on pages."""


def strength(likeness: float) -> Strength:
    """Return the words for a likeness in words (cosine, 0 to 1)."""
    return next(found for found in STRENGTHS if likeness >= found.least)


def marked(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it is one of `words` (whole words, any case)."""
    longest_first = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    if not longest_first:
        return [(text, False)]
    pattern = "|".join(re.escape(word) for word in longest_first)
    pieces = re.split(rf"(?<!\w)({pattern})(?!\w)", text, flags=re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
