"""What matching knows by itself: how a likeness is put in words, and which words to mark."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.clock import is_monday
from portal.matching.models import Verdict

MAX_SHOWN_MATCHES = 50
"""How many suggestions are kept for a challenge and readership."""
MAX_PROMISING_MATCHES = 20
"""The same of what is promising and not yet proven."""
MIN_CHANGES_FOR_FULL_RUN = 20
"""From so many changes on, in one transaction or waiting, everything is matched once instead."""
MAX_SIMILAR_CHALLENGES = 10
"""How many similar challenges are kept for a challenge."""
MAX_PREVIEWED_MATCHES = 3
"""How many close innovations are named while a challenge is typed."""
NEW_FOR = timedelta(days=14)
"""So long a match is called new on the home page."""
MOST_TOLD = 5
"""How many new matches the weekly email names; the rest are counted."""
BEST_RANKS = range(1, 6)
"""The ranks whose acceptance the national team watches."""
MAX_COMPARED_INNOVATIONS = 4
"""How many innovations stand side by side."""
MIN_SCORE = 0.03
"""The least score of a suggestion: three in four of all pairs with a word in common lie below it,
and 9 of the 95 that were judged of help (docs/matching-measurements.md)."""


@dataclass(frozen=True)
class Strength:
    """How much a pair has in common, in words."""

    words: str
    least: float
    """The least likeness in words (cosine) for it."""
    colour: str
    evidence: str
    """How often such a pair was judged of help, in words."""


# Calibrated on the first ten suggestions of each judged challenge
# (docs/matching-measurements.md): of the pairs from 0.25 on nine in ten were judged of help, from
# 0.15 four in ten, below one in thirteen.
STRENGTHS = (
    Strength(
        "Much in common",
        0.25,
        "green",
        "Of pairs like this, about 9 in 10 were judged of help.",
    ),
    Strength(
        "Something in common",
        0.15,
        "blue",
        "Of pairs like this, about 4 in 10 were judged of help.",
    ),
    Strength(
        "A little in common",
        0.0,
        "grey",
        "Of pairs like this, fewer than 1 in 10 were judged of help.",
    ),
)
WORTH_TELLING = STRENGTHS[1].least
"""An innovator is told of a challenge from this likeness on."""


LIKED, DISLIKED = 0.75, 0.25
"""Rocchio's weights of what was shortlisted and rejected, beside 1 for the challenge itself
(Rocchio, "Relevance feedback in information retrieval", 1971; the usual 1, 0.75, 0.25)."""

PARTS = {
    "care_setting": "Care setting",
    "condition": "Condition",
    "condition_group": "Condition group",
    "area": "Area",
    "purpose": "Purpose",
}
"""What the coded parts of the score are called on pages."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def is_most(self) -> bool:
        """Whether it is more than half."""
        return 2 * self.count > self.of


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


def learned(
    shares: Mapping[int, Mapping[str, float]], verdicts: Mapping[int, Verdict]
) -> dict[int, float]:
    """Return by what each suggestion's score is multiplied after some were judged.

    `shares` is what each shared word adds to the likeness of a suggestion (0 to 1 in all). A word
    that the shortlisted share counts more, one that the rejected share counts less: Rocchio's
    formula over the words that the challenge and its suggestions have in common.
    """
    liked = _mean([shares[one] for one, v in verdicts.items() if v is Verdict.SHORTLISTED])
    disliked = _mean([shares[one] for one, v in verdicts.items() if v is Verdict.REJECTED])
    return {
        one: 1
        + sum(
            share * (LIKED * liked.get(word, 0.0) - DISLIKED * disliked.get(word, 0.0))
            for word, share in words.items()
        )
        for one, words in shares.items()
    }


def _mean(found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for words in found:
        for word, share in words.items():
            total[word] = total.get(word, 0.0) + share / len(found)
    return total


def is_day_of_news(day: date) -> bool:
    """Return whether the weekly email of new matches is sent on this day: a Monday."""
    return is_monday(day)
