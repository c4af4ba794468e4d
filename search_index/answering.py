"""From ranked records to an answer with reasons: the last step that every backend shares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from search_index import text
from search_index.interface import Answer, Hit, Passage, Query
from search_index.passages import Match, passage, runs, worth
from search_index.planning import Plan
from search_index.ranking import Settings

MOST_PASSAGES = 3


class Scored(NamedTuple):
    """A record that answers, before its reasons are known."""

    id: int
    score: float
    exact_name: bool


class Found(NamedTuple):
    """A field of a hit and where it matches."""

    field: str
    text: str
    matches: Sequence[Match]


def or_nearest(query: Query, asked: Plan, answer: Callable[[Plan], Answer]) -> Answer:
    """The answer to a plan; where its operators leave nothing, the nearest without them."""
    found = answer(asked)
    if found.total or not (asked.required or asked.excluded) or query.filters:
        return found
    nearest = answer(replace(asked, required=(), excluded=()))
    dropped = tuple(condition.written for condition in (*asked.required, *asked.excluded))
    return replace(nearest, relaxed=dropped) if nearest.total else found


def hit(
    scored: Scored,
    fields: Sequence[Found],
    weights: Mapping[str, float],
    settings: Settings,
) -> Hit:
    """A hit with its reasons: ``fields`` with their matches, ``weights`` of the stems."""
    held = sorted(
        (found for found in fields if found.matches),
        key=lambda found: -worth(found.matches, weights) * settings.of(found.field).weight,
    )
    return Hit(
        id=scored.id,
        score=round(scored.score, 6),
        exact_name=scored.exact_name,
        matched_fields=tuple(found.field for found in held),
        matched_words=_words(held),
        hits=sum(runs(found.matches) for found in held),
        passages=tuple(_passages(held, weights)),
    )


def _passages(held: Sequence[Found], weights: Mapping[str, float]) -> list[Passage]:
    return [
        passage(found.field, found.text, found.matches, weights) for found in held[:MOST_PASSAGES]
    ]


def _words(held: Sequence[Found]) -> tuple[str, ...]:
    """The matching words as the record writes them, each once, whatever its case."""
    words: dict[str, str] = {}
    for found in held:
        for match in found.matches:
            surface = found.text[match.start : match.end]
            words.setdefault(text.fold(surface), surface)
    return tuple(words.values())


def plain_hit(scored: Scored) -> Hit:
    """A hit without reasons: beyond the page, or where nothing was asked but filters."""
    return Hit(id=scored.id, score=round(scored.score, 6), exact_name=scored.exact_name)


def weights(plan: Plan, idf: Mapping[str, float]) -> dict[str, float]:
    """How telling each stem of a plan is."""
    found = {stem: idf.get(stem, 0.0) for stem in plan.stems()}
    for term in plan.terms:
        found[term.stem] = max(found[term.stem] * term.importance, 1e-6)
    return found
