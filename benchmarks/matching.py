"""How fast challenges are matched, beside plain scikit-learn and sparse-dot-topn, in one run.

    python -m benchmarks.matching [--large] [--size CHALLENGES SOLUTIONS]

Made texts: words drawn by Zipf's law from a vocabulary that grows with the collection (Heaps), with
phrases of the health service strewn in; seeds are fixed. One thread; processor time, because other
work may share the machine. Every engine ranks the same
stems: plain scikit-learn by `TfidfVectorizer` and `cosine_similarity`, dense and sparse.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from portal.matching.engine import Matcher, Need, Solution
from search_index.lexicon import phrases
from search_index.text import analyse

SIZES = [(100, 800), (1_000, 10_000)]
LARGE = (1_000, 100_000)
TOP = 20
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


def timed(name: str, work: Callable[[], T]) -> T:
    """Run once and print the processor time it took, and the most memory held so far."""
    began = time.process_time()
    found = work()
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {seconds * 1000:,.1f} | {peak:,.0f} |", flush=True)
    return found


def run(challenges: int, solutions: int) -> None:
    """Measure one size and print its table."""
    draw = random.Random(1)
    size = int(40 * solutions**0.6)
    vocabulary = sorted({"".join(draw.choices(SYLLABLES, k=3)) for _ in range(size)})
    draw.shuffle(vocabulary)
    offered = [
        Solution(n, {"summary": text}) for n, text in enumerate(made(solutions, 60, 2, vocabulary))
    ]
    needs = [Need(n, {"title": text}) for n, text in enumerate(made(challenges, 40, 3, vocabulary))]
    print(f"\n{challenges:,} × {solutions:,}\n\n| What | CPU ms | Peak MB so far |\n|---|---|---|")
    timed("ours: read texts", lambda: [one.bag for one in (*offered, *needs)])
    matcher = timed("ours: fit", lambda: Matcher(offered))
    matcher.best(needs[0], TOP)
    timed("ours: one challenge, warm", lambda: matcher.best(needs[1], TOP))
    timed("ours: one challenge with reasons", lambda: matcher.match(needs[1], top=TOP))
    timed(f"ours: all pairs, top {TOP}", lambda: [matcher.best(need, TOP) for need in needs])
    plain(needs, offered)


def plain(needs: Sequence[Need], offered: Sequence[Solution]) -> None:
    """Measure the others on the same texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.metrics.pairwise import cosine_similarity  # noqa: PLC0415

    texts = [one.fields["summary"] for one in offered]
    vectorizer = TfidfVectorizer(analyzer=analyse, sublinear_tf=True)
    matrix = timed("scikit-learn: read and fit", lambda: vectorizer.fit_transform(texts))
    asked = vectorizer.transform([need.fields["title"] for need in needs])
    rows = range(0, asked.shape[0], 100)

    def dense() -> None:
        for start in rows:
            found = cosine_similarity(asked[start : start + 100], matrix)
            np.argsort(-found, axis=1)[:, :TOP]

    def sparse() -> None:
        found = cosine_similarity(asked, matrix, dense_output=False)
        for start, end in zip(found.indptr, found.indptr[1:], strict=False):
            np.argsort(-found.data[start:end])[:TOP]

    timed(f"scikit-learn dense: all pairs, top {TOP}", dense)
    timed(f"scikit-learn sparse: all pairs, top {TOP}", sparse)
    try:
        from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415
    except ImportError:
        print("| sparse-dot-topn | not installed | |")
        return
    turned = matrix.T.tocsr()
    timed(
        f"sparse-dot-topn: all pairs, top {TOP}",
        lambda: sp_matmul_topn(asked, turned, top_n=TOP, sort=True, n_threads=1),
    )


def main() -> None:
    """Run the sizes asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--large", action="store_true", help="1,000 × 100,000 too")
    asked.add_argument("--size", type=int, nargs=2, help="one size instead")
    chosen = asked.parse_args()
    sizes = [tuple(chosen.size)] if chosen.size else SIZES + ([LARGE] if chosen.large else [])
    with threadpool_limits(limits=1):
        for challenges, solutions in sizes:
            run(challenges, solutions)


if __name__ == "__main__":
    main()
