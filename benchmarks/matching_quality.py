"""What each part of the matching is worth on judged pairs, with folds.

    python -m benchmarks.matching_quality FOLDER

Prints nDCG@10 and P@1 with every part off in turn, with two parts that were tried and left out, and
five-fold cross-validation: settings chosen on four fifths of the challenges by the mean of both
measures below, measured on the fifth.

Each challenge is measured as it stands and as a funder would publish it: with eight sentences of
calls for proposals strewn in (`BOILERPLATE`, written for this; after the first sentence, by lot).
"""

import itertools
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from portal.matching.engine import Asking, Matcher, calls, knowledge
from portal.matching.engine.described import NEED_FIELDS, SOLUTION_FIELDS
from portal.matching.engine.evaluation import need_of, solution_of
from portal.matching.engine.words import NeedVector, TfidfScores, Values
from search_index.evaluate import Collection, first_right, ndcg, read_collection

BOILERPLATE = (
    "We are looking for innovative solutions that can be adopted at pace and scale across the NHS.",
    "Applicants should show a clear pathway to market and evidence of commercial potential.",
    "Projects of up to six months and up to £100,000 including VAT will be funded in phase 1.",
    "Successful companies will go on to phase 2 to develop and evaluate prototypes.",
    "Proposals must involve patients, carers and the public, and address health inequalities.",
    "Applications are welcome from any sector with a route into health and social care.",
    "The competition is open to small and medium sized enterprises, charities and universities.",
    "Solutions should be interoperable with existing systems and follow information governance.",
    "The health service faces rising demand, workforce shortages and a growing elective backlog.",
    "It is estimated that this costs the NHS billions of pounds and affects millions of people.",
    "Bidders should consider the environment and the net zero ambition of the NHS.",
    "The panel will score applications by impact, quality, deliverability and value for money.",
    "Technologies may include devices, diagnostics, software and artificial intelligence.",
    "Please describe the current state of the art, your intellectual property and your team.",
    "Innovations that reduce the burden on staff and support care closer to home are encouraged.",
)
STREWN = 8
FOLDS = 5
GRID = {"CONCEPT": (1.0, 1.25, 1.5), "RELATED": (0.0, 0.4, 0.8), "setting": (0.0, 0.5, 1.0)}
Change = Mapping[str, object]
PARTS: Mapping[str, Change] = {
    "As it is": {},
    "Words of many challenges count in full": {"asking": False},
    "Concepts count as much as words": {"CONCEPT": 1.0},
    "Concepts count half as much again": {"CONCEPT": 1.5},
    "Concepts count twice as much": {"CONCEPT": 2.0},
    "Phrases and abbreviations off": {"CONCEPT": 1e-9, "RELATED": 0.0},
    "Related concepts off": {"RELATED": 0.0},
    "Sentences about the call count in full": {"call": 1.0},
    "The title counts as any sentence": {"title": 1.0},
    "Less weight for words of every record off": {
        "boilerplate_weight": lambda s: dict.fromkeys(s, 1.0)
    },
    "Labels of category and setting off": {"setting": 0.0},
    "Feedback from the first three (Rocchio, 0.3)": {"similarity": "feedback"},
    "Themes (SVD, 15 directions, 0.15)": {"similarity": "themes"},
}


def _feedback(plain: Callable[..., Values]) -> Callable[..., Values]:
    def similarity(words: TfidfScores, block: Sequence[NeedVector], times: float = 1.0) -> Values:
        first = plain(words, block)[0]
        best = np.argsort(-first)[:3]
        centre = np.asarray(words._matrix[best].T @ first[best])
        centre[np.argsort(-centre)[15:]] = 0
        more = np.asarray(words._matrix @ (centre / (np.linalg.norm(centre) or 1)))
        return times * (0.7 * first + 0.3 * more)[None]

    return similarity


def _themes(plain: Callable[..., Values]) -> Callable[..., Values]:
    def similarity(words: TfidfScores, block: Sequence[NeedVector], times: float = 1.0) -> Values:
        _, _, turns = np.linalg.svd(words._matrix.toarray(), full_matrices=False)
        directions = turns[:15].T
        places = _unit(words._matrix @ directions)
        vector = np.zeros(len(directions))
        vector[block[0].columns] = block[0].values
        alike = np.maximum(places @ _unit(vector @ directions), 0)
        return times * (0.85 * plain(words, block)[0] + 0.15 * alike)[None]

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
            elif name == "title":
                stack.enter_context(patch.dict(NEED_FIELDS, {"title": value}))
            elif name == "call":
                stack.enter_context(patch.object(calls, "ABOUT_THE_CALL", value))
            elif name == "asking":
                continue  # `measured` makes its matcher by it
            elif name == "similarity":
                wrap = _feedback if value == "feedback" else _themes
                stack.enter_context(
                    patch.object(TfidfScores, "similarity", wrap(TfidfScores.similarity))
                )
            else:
                stack.enter_context(patch.object(knowledge, name, value))
        yield


def as_published(collection: Collection) -> Collection:
    """Return the challenges with sentences of calls strewn in."""
    draw = random.Random(6)
    queries = []
    for query, text in collection.queries:
        told = calls.sentences(text)
        for sentence in draw.sample(BOILERPLATE, STREWN):
            told.insert(draw.randint(1, len(told)), sentence)
        queries.append((query, " ".join(told)))
    return replace(collection, queries=queries)


def measured(collection: Collection, change: Change) -> Values:
    """Return nDCG@10 and P@1 of every challenge that has an answer, as rows of two."""
    with changed(change):
        needs = [need_of(query, text) for query, text in collection.queries]
        asking = Asking() if change.get("asking") is False else Asking.of(needs)
        matcher = Matcher([solution_of(row) for row in collection.documents], asking=asking)
        # Parts that were left out are no sum of words, so their order is that of the block.
        of = _block_order if "similarity" in change else Matcher.order
        found = []
        for query, text in collection.queries:
            grades = collection.judged.get(query, {})
            if any(grades.values()):
                order = [str(one) for one in of(matcher, need_of(query, text))]
                found.append((ndcg(order, grades), first_right(order, grades)))
    return np.array(found)


def _block_order(matcher: Matcher, need: object) -> list[object]:
    numbers = matcher.best(matcher.ask([need]), min(60, len(matcher.solutions))).numbers[0]
    return [matcher.solutions[number].id for number in numbers if number >= 0]


def main(folder: Path) -> None:
    """Print both tables."""
    collection = read_collection(folder)
    both = (collection, as_published(collection))
    print("| Setting | P@1 | nDCG@10 | P@1 as published | nDCG@10 as published |")
    print("|---|---|---|---|---|")
    for name, change in PARTS.items():
        cells = [measured(one, change).mean(axis=0) for one in both]
        print(f"| {name} | " + " | ".join(f"{p:.3f} | {gain:.3f}" for gain, p in cells) + " |")
    every = {
        values: np.stack([measured(one, dict(zip(GRID, values, strict=True))) for one in both])
        for values in itertools.product(*GRID.values())
    }
    fold = np.arange(next(iter(every.values())).shape[1]) % FOLDS
    held = []
    print("\n| Fold | Chosen | P@1 | nDCG@10 | P@1 as published | nDCG@10 as published |")
    print("|---|---|---|---|---|---|")
    for number in range(FOLDS):
        best = max(every, key=lambda values: every[values][:, fold != number, 0].mean())
        held.append(every[best][:, fold == number])
        _print_fold(str(number + 1), str(dict(zip(GRID, best, strict=True))), held[-1])
    _print_fold("all", "", np.concatenate(held, axis=1))


def _print_fold(name: str, chosen: str, found: Values) -> None:
    cells = [f"{first:.3f} | {gain:.3f}" for gain, first in found.mean(axis=1)]
    print(f"| {name} | {chosen} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
