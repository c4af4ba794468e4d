"""The part of a text that answers best, as spans of text: never HTML."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from search_index.interface import Passage, Span

WIDTH = 240
_REACH = 60


class Match(NamedTuple):
    """One word looked for, where a text holds it."""

    start: int
    end: int
    stem: str


def passage(
    field: str,
    text: str,
    matches: Sequence[Match],
    places: Sequence[tuple[int, int]],
    weights: Mapping[str, float],
) -> Passage:
    """The stretch of about 240 characters that holds the weightiest different matches.

    ``matches`` are sorted by ``start``, ``places`` are their ``runs``; ``weights`` say how
    telling each stem is.
    """
    start, end = _window(text, matches, weights)
    spans = [Span("… ")] if start else []
    at = start
    for first, last in places:
        if first < start or last > end:
            continue
        if at < first:
            spans.append(Span(text[at:first]))
        spans.append(Span(text[first:last], True))
        at = last
    if at < end:
        spans.append(Span(text[at:end]))
    if end < len(text):
        spans.append(Span(" …"))
    return Passage(field, tuple(spans), len(places))


def worth(matches: Sequence[Match], weights: Mapping[str, float]) -> float:
    """How much of a question a text answers: the weights of the different stems in it."""
    if len(matches) == 1:
        return weights.get(matches[0].stem, 0.0)
    return sum([weights.get(stem, 0.0) for stem in {match.stem for match in matches}])


def runs(matches: Sequence[Match]) -> list[tuple[int, int]]:
    """Where a text matches: a phrase and its words are one place."""
    merged: list[tuple[int, int]] = []
    last = -1
    for start, end, _ in matches:
        if start < last:
            last = max(last, end)
            merged[-1] = (merged[-1][0], last)
        else:
            last = end
            merged.append((start, end))
    return merged


def _window(text: str, matches: Sequence[Match], weights: Mapping[str, float]) -> tuple[int, int]:
    if len(text) <= WIDTH + _REACH:
        return 0, len(text)
    first, last = _best(matches, weights)
    room = max(WIDTH - (matches[last].end - matches[first].start), 0)
    start = _snap_back(text, max(matches[first].start - room // 3, 0))
    end = max(min(start + WIDTH, len(text)), matches[last].end)
    return start, _snap_forward(text, end)


def _best(matches: Sequence[Match], weights: Mapping[str, float]) -> tuple[int, int]:
    """The first and last match of the weightiest window."""
    if matches[-1].end - matches[0].start <= WIDTH:
        return 0, len(matches) - 1
    best, chosen, last = -1.0, (0, 0), 0
    for first, match in enumerate(matches):
        last = max(last, first)
        before = last
        while last + 1 < len(matches) and matches[last + 1].end - match.start <= WIDTH:
            last += 1
        if first and last == before:
            continue  # no match more than in the window before
        value = worth(matches[first : last + 1], weights)
        if value > best + 1e-9:
            best, chosen = value, (first, last)
    return chosen


def _snap_back(text: str, at: int) -> int:
    """The start of the sentence when it is near, else of the word."""
    if at == 0:
        return 0
    before = text[max(at - _REACH, 0) : at]
    stops = [before.rfind(mark) for mark in (". ", "! ", "? ", "\n")]
    if max(stops) >= 0:
        found = max(at - _REACH, 0) + max(stops) + 1
        return found + (len(text[found:]) - len(text[found:].lstrip()))
    space = text.rfind(" ", max(at - _REACH, 0), at)
    return space + 1 if space >= 0 else at


def _snap_forward(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.find(" ", at, at + _REACH)
    return space if space >= 0 else at
