"""What the engine knows of words beside the records: which go together, which say little.

`portal/matching/data/related.csv` is data and general: nothing in it names a challenge or a
product. It pairs concepts of `search_index/data/synonyms.csv` that answer each other ("heart
failure" and "remote monitoring"), read both ways.
"""

import csv
import math
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files

from search_index.text import boilerplate_weight

CONCEPT = 1.25
"""What a phrase that names a concept counts, beside a word: it is rarely there by chance."""
RELATED = 0.8
"""How far a concept related to one asked for counts, times the pair's own weight."""


@cache
def _related() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    source = files("portal.matching") / "data" / "related.csv"
    with source.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            one, other, weight = f"#{row['concept']}", f"#{row['related']}", float(row["weight"])
            found.setdefault(one, {})[other] = weight
            found.setdefault(other, {})[one] = weight
    return found


def telling(stems: Iterable[str]) -> dict[str, float]:
    """Return what each stem counts for what it is: concepts more, words that say little less."""
    return {
        one: CONCEPT if one.startswith("#") else weight
        for one, weight in boilerplate_weight(stems).items()
    }


def related(stems: Iterable[str]) -> dict[str, tuple[str, float]]:
    """Return the concepts related to those named, each with the stem it comes from and how far it
    counts (0 to 1), the nearest where there are several."""
    found: dict[str, tuple[str, float]] = {}
    for origin in stems:
        for concept, weight in _related().get(origin, {}).items():
            if weight * RELATED > found.get(concept, ("", 0.0))[1]:
                found[concept] = (origin, weight * RELATED)
    return found


def weigh(
    bag: Mapping[str, float],
    idf: Callable[[str], float | None],
    unseen: float,
    kept: Callable[[str], float] = lambda _stem: 1.0,
) -> tuple[dict[str, float], dict[str, str]]:
    """Return what each stem of a need counts, as a vector of length 1, and the stem of the need
    from which each related concept comes.

    Args:
        bag: how often the need uses each stem.
        idf: how telling a stem is among the solutions; None for one that no solution uses.
        unseen: how telling such a stem is in the need's own words. A related concept that no
            solution uses adds nothing.
        kept: what a stem of the need keeps because other needs use it or not (0 to 1).
    """
    counts = telling(bag)
    raw = {
        stem: (1 + math.log(count)) * _or(idf(stem), unseen) * counts[stem] * kept(stem)
        for stem, count in bag.items()
    }
    origins = {}
    kin = related(bag)
    for concept, counted in telling(kin).items():
        origin, share = kin[concept]
        weight = share * _or(idf(concept), 0.0) * counted * kept(origin)
        if weight > raw.get(concept, 0.0):
            if concept not in bag:
                origins[concept] = origin
            raw[concept] = weight
    length = math.hypot(*raw.values())
    return {stem: weight / length for stem, weight in raw.items()} if length else {}, origins


def _or(weight: float | None, otherwise: float) -> float:
    return otherwise if weight is None else weight
