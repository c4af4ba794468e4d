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


# Calibrated on the judged pairs of the demo world (docs/matching.md): of the pairs from 0.20 on six
# in seven were judged of help, of those from 0.10 one in five, of those below two in a hundred.
STRENGTHS = (
    Strength("Much in common", 0.20, "green"),
    Strength("Something in common", 0.10, "blue"),
    Strength("A little in common", 0.0, "grey"),
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
