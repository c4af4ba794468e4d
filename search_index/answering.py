"""From ranked records to an answer with reasons: the last step that every backend shares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from search_index import text
from search_index.interface import Answer, Hit, Query
from search_index.passages import Match, passage, runs, worth
from search_index.planning import Plan
from search_index.ranking import Settings

MAX_PASSAGES = 3


class Scored(NamedTuple):
    """A record that answers, before its reasons are known."""

    id: int
    score: float
    exact_name: bool


class FieldMatch(NamedTuple):
    """A field of a hit and where it matches."""

    field: str
    text: str
    matches: Sequence[Match]


def or_nearest(query: Query, plan: Plan, answer: Callable[[Plan], Answer]) -> Answer:
    """The answer to a plan; where its operators leave nothing, the nearest without them."""
    found = answer(plan)
    if found.total or not (plan.required or plan.excluded) or query.filters or not plan.terms:
        return found
    nearest = answer(replace(plan, required=(), excluded=()))
    dropped = tuple(condition.written for condition in (*plan.required, *plan.excluded))
    return replace(nearest, relaxed=dropped) if nearest.total else found


def hit(
    scored: Scored,
    fields: Sequence[FieldMatch],
    weights: Mapping[str, float],
    settings: Settings,
) -> Hit:
    """A hit with its reasons: ``fields`` with their matches, ``weights`` of the stems."""
    held = [found for found in fields if found.matches]
    if len(held) > 1:
        held.sort(key=lambda f: -worth(f.matches, weights) * settings.of(f.field).weight)
    places = [runs(found.matches) for found in held]
    passages = [
        passage(found.field, found.text, found.matches, place, weights)
        for found, place in zip(held[:MAX_PASSAGES], places, strict=False)
    ]
    return Hit(
        scored.id,
        round(scored.score, 6),
        scored.exact_name,
        matched_fields=tuple([found.field for found in held]),
        matched_words=_words(held),
        hits=sum(map(len, places)),
        passages=tuple(passages),
    )


def _words(held: Sequence[FieldMatch]) -> tuple[str, ...]:
    """The matching words as the record writes them, each once, whatever its case."""
    surfaces = dict.fromkeys(
        [found.text[match.start : match.end] for found in held for match in found.matches]
    )
    words: dict[str, str] = {}
    for surface in surfaces:
        words.setdefault(text.fold(surface), surface)
    return tuple(words.values())


def plain_hit(scored: Scored) -> Hit:
    """A hit without reasons: beyond the page, or where nothing was asked but filters."""
    return Hit(scored.id, round(scored.score, 6), scored.exact_name)


def weights(plan: Plan, idf: Mapping[str, float]) -> dict[str, float]:
    """How telling each stem of a plan is."""
    found = {stem: idf.get(stem, 0.0) for stem in plan.stems()}
    for term in plan.terms:
        found[term.stem] = max(found[term.stem] * term.importance, 1e-6)
    return found
