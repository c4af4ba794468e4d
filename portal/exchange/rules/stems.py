"""The words of an item as search and likeness read them, by the text engine's own analysis. Pure.

They are kept in the row, so that what is found is never behind what is published.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np
from scipy import sparse

from portal.exchange.models import ContentItem
from portal.exchange.rules.kinds import kind_of
from portal.markdown import plain
from search_index.text import analyse, tokens

MAX_WORDS = 20
"""Of a question: the rest of a longer one is left out."""
CHUNK = 500
"""So many items are compared with all others at once."""
LEAST = 0.05
"""Items less like each other than this have nothing to do with each other."""
MAX_SHARE = 0.3
"""A word that more items than this hold says nothing of what they are about."""


def stems_of(text: str) -> str:
    """Return the stems and concepts of a text, each once, each between spaces."""
    found = dict.fromkeys(analyse(text))
    return f" {' '.join(found)} " if found else ""


def text_of(item: ContentItem) -> str:
    """Return all that an item says in words."""
    answers = (
        plain(item.answer(one.code)) if one.is_long else item.answer(one.code)
        for one in kind_of(item.kind).questions
        if not one.is_link and not one.is_contact
    )
    results = (f"{row.what} {row.method}" for row in item.results)
    topics = (term.label for term in item.terms)
    places = (f"{site.name} {site.town}" for site in item.sites)
    return "\n".join([item.title, item.summary, *answers, *results, *topics, *places])


def asked(words: str) -> list[str]:
    """Return the stems of which an item needs every one; words that name a concept are replaced by
    its mark, so that “A&E” finds “emergency department”."""
    found = tokens(words)
    concepts = [one for one in found if one.stem.startswith("#")]
    inside = [(one.start, one.end) for one in concepts]
    kept = [
        one.stem
        for one in found
        if one.stem.startswith("#")
        or not any(first <= one.start and one.end <= last for first, last in inside)
    ]
    return list(dict.fromkeys(kept))[:MAX_WORDS]


def alike(stems: Mapping[int, str], most: int) -> dict[int, list[int]]:
    """Return for each item those most like it, the most like first: the cosine of their stems,
    each weighed by how few items hold it."""
    numbers = sorted(stems)
    weighed = _weighed([stems[number].split() for number in numbers])
    found: dict[int, list[int]] = {}
    for first in range(0, len(numbers), CHUNK):
        scores = (weighed[first : first + CHUNK] @ weighed.T).toarray()
        scores[np.arange(len(scores)), np.arange(first, first + len(scores))] = 0.0
        for place, row in enumerate(scores, start=first):
            found[numbers[place]] = [numbers[other] for other in _best(row, most)]
    return found


def _best(row: "np.ndarray[Any, np.dtype[np.float64]]", most: int) -> list[int]:
    """Return the places of the highest scores, the highest first."""
    size = min(most, len(row))
    best = np.argpartition(-row, size - 1)[:size]
    ranked = sorted(best.tolist(), key=lambda other: (-row[other], other))
    return [other for other in ranked if row[other] > LEAST]


def _weighed(held: Sequence[Sequence[str]]) -> "sparse.csr_matrix":
    """Return a row of length 1 for each item, a column for each stem that tells items apart."""
    spread = Counter(stem for words in held for stem in words)
    most = max(2.0, MAX_SHARE * len(held))
    columns = {stem: n for n, stem in enumerate(s for s in spread if 1 < spread[s] <= most)}
    cells = [(row, stem) for row, words in enumerate(held) for stem in words if stem in columns]
    values = [log(len(held) / spread[stem]) for _, stem in cells]
    places = ([row for row, _ in cells], [columns[stem] for _, stem in cells])
    made = sparse.csr_matrix((values, places), shape=(len(held), len(columns)))
    sizes = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    sizes[sizes == 0.0] = 1.0
    return sparse.diags(1.0 / sizes) @ made
