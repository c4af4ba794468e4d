"""What the engine knows of words beside the records: which go together, which say little.

`portal/matching/data/related.csv` is data and general: nothing in it names a challenge or a
product. It pairs concepts of `search_index/data/synonyms.csv` that answer each other ("heart
failure" and "remote monitoring"), read both ways.
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from search_index.text import boilerplate_weight

CONCEPT = 1.5
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
