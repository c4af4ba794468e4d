"""What each part of the matching is worth on judged pairs, with folds.

    python -m benchmarks.matching_quality FOLDER

Prints nDCG@10 and P@1 with every part off in turn, with two parts that were tried and left out, and
five-fold cross-validation: settings chosen on four fifths of the challenges, measured on the fifth.
"""

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from portal.matching.engine import Matcher, Need, knowledge
from portal.matching.engine.described import SOLUTION_FIELDS
from portal.matching.engine.evaluation import _solution
from portal.matching.engine.words import Asked, Values, Words
from search_index.evaluate import Collection, first_right, ndcg, read_collection

FOLDS = 5
GRID = {"CONCEPT": (1.0, 1.5, 2.0), "RELATED": (0.0, 0.4, 0.8, 1.0), "setting": (0.0, 0.5, 1.0)}
Change = Mapping[str, object]
PARTS: Mapping[str, Change] = {
    "As it is": {},
    "Concepts count as much as words": {"CONCEPT": 1.0},
    "Phrases and abbreviations off": {"CONCEPT": 1e-9, "RELATED": 0.0},
    "Related concepts off": {"RELATED": 0.0},
    "Less weight for plain words off": {"_common": dict},
    "Less weight for words of every record off": {
        "boilerplate_weight": lambda s: dict.fromkeys(s, 1.0)
    },
    "Labels of category and setting off": {"setting": 0.0},
    "Feedback from the first three (Rocchio, 0.3)": {"similarity": "feedback"},
    "Themes (SVD, 15 directions, 0.15)": {"similarity": "themes"},
}


def _feedback(plain: Callable[..., Values]) -> Callable[..., Values]:
    def similarity(words: Words, asked: Asked) -> Values:
        first = plain(words, asked)
        best = np.argsort(-first)[:3]
        centre = np.asarray(words._matrix[best].T @ first[best])
        centre[np.argsort(-centre)[15:]] = 0
        more = np.asarray(words._matrix @ (centre / (np.linalg.norm(centre) or 1)))
        return 0.7 * first + 0.3 * more

    return similarity


def _themes(plain: Callable[..., Values]) -> Callable[..., Values]:
    def similarity(words: Words, asked: Asked) -> Values:
        _, _, turns = np.linalg.svd(words._matrix.toarray(), full_matrices=False)
        directions = turns[:15].T
        places = _unit(words._matrix @ directions)
        vector = np.zeros(len(words._columns))
        for stem in asked.weights.keys() & words._columns.keys():
            vector[words._columns[stem]] = asked.weights[stem]
        return 0.85 * plain(words, asked) + 0.15 * np.maximum(
            places @ _unit(vector @ directions), 0
        )

    return similarity


def _unit(rows: Values) -> Values:
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)


@contextmanager
def changed(change: Change) -> Iterator[None]:
    """Run with some settings changed."""
    with ExitStack() as stack:
        for name, value in change.items():
            if name == "setting":
                stack.enter_context(patch.dict(SOLUTION_FIELDS, {"setting": value}))
            elif name == "similarity":
                wrap = _feedback if value == "feedback" else _themes
                stack.enter_context(patch.object(Words, "similarity", wrap(Words.similarity)))
            else:
                stack.enter_context(patch.object(knowledge, name, value))
        yield


def measured(collection: Collection, change: Change) -> Values:
    """Return nDCG@10 and P@1 of every challenge that has an answer, as rows of two."""
    with changed(change):
        matcher = Matcher([_solution(row) for row in collection.documents])
        found = []
        for query, text in collection.queries:
            grades = collection.judged.get(query, {})
            if any(grades.values()):
                order = [str(one) for one in matcher.order(Need(query, {"text": text}))]
                found.append((ndcg(order, grades), first_right(order, grades)))
    return np.array(found)


def main(folder: Path) -> None:
    """Print both tables."""
    collection = read_collection(folder)
    for name, change in PARTS.items():
        gain, first = measured(collection, change).mean(axis=0)
        print(f"| {name} | {first:.3f} | {gain:.3f} |")
    every = {
        values: measured(collection, dict(zip(GRID, values, strict=True)))
        for values in itertools.product(*GRID.values())
    }
    fold = np.arange(len(next(iter(every.values())))) % FOLDS
    held = []
    for number in range(FOLDS):
        best = max(every, key=lambda values: every[values][fold != number, 0].mean())
        held.append(every[best][fold == number])
        gain, first = held[-1].mean(axis=0)
        print(f"| {number + 1} | {dict(zip(GRID, best, strict=True))} | {first:.3f} | {gain:.3f} |")
    gain, first = np.concatenate(held).mean(axis=0)
    print(f"| all | | {first:.3f} | {gain:.3f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
