"""Sentences of a call for proposals that tell of the call, not of the need.

Funders write a page about a need, and half of it says who may apply, for how much money and by
which criteria. A sentence with a word of `portal/matching/data/calls.csv` counts half.
"""

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from search_index.text import stem, tokens

ABOUT_THE_CALL = 0.5
"""What a word counts in a sentence about the call."""

_END = re.compile(r"(?<=[.!?])\s+|\n+")


@cache
def _words() -> frozenset[str]:
    source = files("portal.matching") / "data" / "calls.csv"
    with source.open(encoding="utf-8") as lines:
        return frozenset(stem(row["word"]) for row in csv.DictReader(lines))


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text."""
    return [one for one in _END.split(text) if one.strip()]


def shares(text: str) -> Iterator[tuple[str, float]]:
    """Yield every telling stem of a text, with what it counts there beside others.

    A text of one sentence is all there is, whatever it tells of.
    """
    ends = [match.start() for match in _END.finditer(text)]
    found: list[list[str]] = [[] for _ in (*ends, None)]
    for token in tokens(text):
        found[bisect_right(ends, token.start)].append(token.stem)
    told = [stems for stems in found if stems]
    for stems in told:
        is_about_call = len(told) > 1 and not _words().isdisjoint(stems)
        for one in stems:
            yield one, ABOUT_THE_CALL if is_about_call else 1.0
