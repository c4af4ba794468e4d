"""How fast challenges are matched, beside plain scikit-learn and sparse-dot-topn, in one run.

    python -m benchmarks.matching [--large | --size CHALLENGES SOLUTIONS] [--texts FILE]

Made texts: words drawn by Zipf's law from a vocabulary that grows with the collection (Heaps), with
phrases of the health service strewn in; seeds are fixed. `--texts` takes real ones instead, a file
of JSON lines with `title` and `text`. Every engine ranks the same stems and concepts on one thread;
ours adds related concepts, coded facts and, in the last steps, reasons.

Processor time, the best of three where it is short. The ratio is to ours for the same step. Prints
a table and writes `benchmarks/results/matching.json`.
"""

import argparse
import gzip
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from portal.matching.engine import Catalogue, Matcher, Need, Solution
from search_index.lexicon import phrases
from search_index.text import analyse

RESULTS = Path(__file__).parent / "results"
SIZES = [(100, 800), (1_000, 10_000)]
LARGE = (1_000, 100_000)
TOP = 20
OFTEN = 3
SHORT = 5.0
"""Steps of fewer seconds are measured several times."""
T = TypeVar("T")
SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "or", "el")]


def made(count: int, words: int, seed: int, vocabulary: Sequence[str]) -> list[str]:
    """Return texts of about so many words."""
    draw = random.Random(seed)
    weights = np.cumsum([1 / (rank + 2.7) for rank in range(len(vocabulary))]).tolist()
    named = [phrase.text for phrase in phrases()]
    texts = []
    for _ in range(count):
        drawn = draw.choices(vocabulary, cum_weights=weights, k=draw.randint(words // 2, 2 * words))
        texts.append(" ".join([*drawn, *draw.choices(named, k=3)]))
    return texts


def made_up(challenges: int, solutions: int) -> tuple[list[Need], list[Solution]]:
    """Return made challenges and solutions."""
    draw = random.Random(1)
    size = int(40 * solutions**0.6)
    vocabulary = sorted({"".join(draw.choices(SYLLABLES, k=3)) for _ in range(size)})
    draw.shuffle(vocabulary)
    asked, offered = (
        made(n, w, s, vocabulary) for n, w, s in ((challenges, 40, 3), (solutions, 60, 2))
    )
    needs = [Need(number, {"title": text}) for number, text in enumerate(asked)]
    return needs, [Solution(number, {"summary": text}) for number, text in enumerate(offered)]


def real(file: Path, challenges: int, solutions: int) -> tuple[list[Need], list[Solution]]:
    """Return real texts: the first as solutions, 60 words of each of the next as challenges."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = [f"{row['title']}. {row['text']}" for row in rows[: solutions + challenges]]
    asked = [" ".join(text.split()[:60]) for text in texts[solutions:]]
    return (
        [Need(number, {"title": text}) for number, text in enumerate(asked)],
        [Solution(number, {"summary": text}) for number, text in enumerate(texts[:solutions])],
    )


class Table:
    """The lines of one size."""

    def __init__(self, size: str) -> None:
        self.rows: list[dict[str, Any]] = []
        self._size = size
        print(f"\n{size}\n")
        print("| Step | Engine | ms | Times ours | Peak MB so far |\n|---|---|---|---|---|")

    def timed(self, step: str, engine: str, work: Callable[[], T], *, once: bool = False) -> T:
        """Run, note and print the time it took, and the most memory held so far."""
        best = SHORT
        for _ in range(1 if once else OFTEN):
            began = time.process_time()
            found = work()
            best = (
                min(best, time.process_time() - began)
                if best < SHORT
                else time.process_time() - began
            )
            if best >= SHORT:
                break
        self._note(step, engine, best * 1000)
        return found

    def _note(self, step: str, engine: str, ms: float) -> None:
        ours = next((row["ms"] for row in self.rows if row["step"] == step), ms)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row = {"size": self._size, "step": step, "engine": engine}
        self.rows.append(row | {"ms": ms, "ratio": ms / ours, "peak_mb": peak})
        print(f"| {step} | {engine} | {ms:,.1f} | {ms / ours:.2f} | {peak:,.0f} |", flush=True)

    def total(self, step: str, engine: str, steps: Sequence[str], among: str) -> None:
        """Add up the steps of an engine."""
        wanted = {(one, name) for one in steps for name in (engine, among)}
        self._note(
            step, engine, sum(r["ms"] for r in self.rows if (r["step"], r["engine"]) in wanted)
        )


READ, WEIGH, PAIRS = "Read and fit", "Weigh the challenges", f"All pairs, top {TOP}"
ALL = "End to end, read to pairs"


def run(needs: list[Need], offered: list[Solution], size: str) -> list[dict[str, Any]]:
    """Measure one size and print its table."""
    table = Table(size)
    catalogue = table.timed("Read texts", "ours", lambda: Catalogue(offered), once=True)
    matcher = table.timed("Fit", "ours", lambda: Matcher(catalogue))
    table.total(READ, "ours", ["Read texts", "Fit"], "ours")
    one = needs[20:21]
    table.timed("One challenge, warm", "ours", lambda: matcher.best(matcher.ask(one), TOP))
    table.timed("One challenge with reasons, first time", "ours", lambda: matcher.match(needs[20]))
    asked = table.timed(WEIGH, "ours", lambda: matcher.ask(needs), once=True)
    table.timed(PAIRS, "ours", lambda: matcher.best(asked, TOP))
    table.total(ALL, "ours", [READ, WEIGH, PAIRS], "ours")
    table.timed("One solution changed, all challenges", "ours", lambda: changed(catalogue, needs))
    plain(table, needs, offered)
    return table.rows


def changed(catalogue: Catalogue, needs: list[Need]) -> object:
    """Read one solution again and score it for every challenge."""
    one = catalogue.solutions[0]
    now = catalogue.changed([Solution(one.id, {"summary": f"{one.fields['summary']} anew"})])
    alone = Matcher(now, np.array([0]), np.arange(len(now.solutions)))
    return alone.best(alone.ask(needs), 1)


def plain(table: Table, needs: list[Need], offered: list[Solution]) -> None:
    """Measure the others on the same texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only when measured
    from sklearn.metrics.pairwise import cosine_similarity  # noqa: PLC0415 - only when measured

    texts = [one.fields["summary"] for one in offered]
    vectorizer = TfidfVectorizer(analyzer=analyse, sublinear_tf=True)
    matrix = table.timed(READ, "scikit-learn", lambda: vectorizer.fit_transform(texts), once=True)
    titles = [need.fields["title"] for need in needs]
    asked = table.timed(WEIGH, "scikit-learn", lambda: vectorizer.transform(titles), once=True)
    rows = range(0, asked.shape[0], 100)

    def dense() -> None:
        for start in rows:
            found = cosine_similarity(asked[start : start + 100], matrix)
            np.argsort(-found, axis=1)[:, :TOP]

    def sparse() -> None:
        for start in rows:
            found = cosine_similarity(asked[start : start + 100], matrix, dense_output=False)
            for first, last in zip(found.indptr, found.indptr[1:], strict=False):
                np.argsort(-found.data[first:last])[:TOP]

    for engine, work in (("scikit-learn dense", dense), ("scikit-learn sparse", sparse)):
        table.timed(PAIRS, engine, work)
        table.total(ALL, engine, [READ, WEIGH, PAIRS], "scikit-learn")
    try:
        from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415 - only when measured
    except ImportError:
        print("| sparse-dot-topn | not installed | | | |")
        return
    turned = matrix.T.tocsr()
    table.timed(
        PAIRS,
        "sparse-dot-topn",
        lambda: sp_matmul_topn(asked, turned, top_n=TOP, sort=True, n_threads=1),
    )


def main() -> None:
    """Run the sizes asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--large", action="store_true", help="1,000 × 100,000 too")
    asked.add_argument("--size", type=int, nargs=2, help="one size instead")
    asked.add_argument("--texts", type=Path, help="real texts: JSON lines, may be gzipped")
    chosen, _ = asked.parse_known_args()
    sizes = [tuple(chosen.size)] if chosen.size else SIZES + ([LARGE] if chosen.large else [])
    rows: list[dict[str, Any]] = []
    with threadpool_limits(limits=1):
        for challenges, solutions in sizes:
            texts = (
                real(chosen.texts, challenges, solutions)
                if chosen.texts
                else made_up(challenges, solutions)
            )
            size = f"{challenges:,} × {solutions:,}"
            rows += run(*texts, size)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "matching.json").write_text(json.dumps(rows, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
