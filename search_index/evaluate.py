"""How good the ranking is, on collections with judged answers (the field's own formats).

A folder holds ``documents.jsonl`` (``id``, ``title``, ``text``, optional facet lists),
``queries.jsonl`` (``id``, ``text``) and ``qrels.txt`` (``query 0 document grade``).
"""

import json
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from search_index.backends import open_index, rebuild
from search_index.interface import Document, Index, Query
from search_index.ranking import Settings

DEPTH = 1000


@dataclass(frozen=True)
class Collection:
    """A judged collection; ``judged`` maps query to document to grade (0 is not relevant)."""

    documents: Sequence[Mapping[str, object]]
    queries: Sequence[tuple[str, str]]
    judged: Mapping[str, Mapping[str, int]]


def read_collection(folder: Path) -> Collection:
    """Read a folder in the field's formats."""
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            query, _, document, grade = line.split()
            judged.setdefault(query, {})[document] = int(grade)
    queries = [(str(row["id"]), str(row["text"])) for row in _lines(folder / "queries.jsonl")]
    return Collection(list(_lines(folder / "documents.jsonl")), queries, judged)


def _lines(file: Path) -> Iterator[dict[str, object]]:
    with file.open(encoding="utf-8") as source:
        yield from (json.loads(line) for line in source if line.strip())


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gain = grade and a base-2 discount.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002).
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(one, 0) for one in ranked[:depth]]) / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(max(grade, 0) / math.log2(place + 2) for place, grade in enumerate(grades))


def average_precision(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """The mean, over relevant documents, of the precision where each is found."""
    relevant = {one for one, grade in grades.items() if grade > 0}
    found, total = 0, 0.0
    for place, one in enumerate(ranked, start=1):
        if one in relevant:
            found += 1
            total += found / place
    return total / len(relevant) if relevant else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 100) -> float:
    """The share of relevant documents among the first ``depth``."""
    relevant = {one for one, grade in grades.items() if grade > 0}
    return len(relevant & set(ranked[:depth])) / len(relevant) if relevant else 0.0


def first_right(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """1.0 when the first document is relevant, else 0.0."""
    return 1.0 if ranked and grades.get(ranked[0], 0) > 0 else 0.0


def measures(
    rankings: Mapping[str, Sequence[str]], judged: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """The mean of each measure over the queries that have a relevant document."""
    counted = [query for query, grades in judged.items() if any(g > 0 for g in grades.values())]
    pairs = [(rankings.get(query, ()), judged[query]) for query in counted]
    named: dict[str, Callable[[Sequence[str], Mapping[str, int]], float]] = {
        "ndcg@10": ndcg,
        "map": average_precision,
        "recall@100": recall,
        "p@1": first_right,
    }
    return {
        name: round(sum(of(ranked, grades) for ranked, grades in pairs) / max(len(pairs), 1), 4)
        for name, of in named.items()
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def as_document(number: int, row: Mapping[str, object]) -> Document:
    """A row of ``documents.jsonl`` as the engine takes it; other lists of text are facets."""
    facets = {
        name: [str(one) for one in value] for name, value in row.items() if isinstance(value, list)
    }
    fields = {name: str(row.get(name) or "") for name in ("title", "text")}
    return Document(number, fields, facets)


def evaluate(
    folder: Path, settings: Settings | None = None, database: str = ""
) -> dict[str, float]:
    """Index a collection in a temporary folder, ask every query, and measure.

    ``database`` is the address of an empty PostgreSQL database to index it in instead.
    Returns ``ndcg@10``, ``map``, ``recall@100``, ``p@1``, ``queries``, ``documents``,
    ``index_seconds``, ``p50_ms`` and ``p95_ms``.
    """
    collection = read_collection(folder)
    with tempfile.TemporaryDirectory() as temporary:
        began = time.perf_counter()
        documents = (as_document(n, row) for n, row in enumerate(collection.documents))
        rebuild(database or temporary, documents, settings=settings)
        index = open_index(database or temporary, settings)
        index.search(Query("", limit=1))
        seconds = time.perf_counter() - began
        rankings, times = _ask(index, collection)
        index.close()
    return {
        **measures(rankings, collection.judged),
        "queries": len(collection.queries),
        "documents": len(collection.documents),
        "index_seconds": round(seconds, 3),
        "p50_ms": round(percentile(times, 0.5), 3),
        "p95_ms": round(percentile(times, 0.95), 3),
    }


def _ask(index: Index, collection: Collection) -> tuple[dict[str, list[str]], list[float]]:
    names = [str(row["id"]) for row in collection.documents]
    rankings: dict[str, list[str]] = {}
    times: list[float] = []
    for query, text in collection.queries:
        began = time.perf_counter()
        answer = index.search(Query(text, limit=DEPTH, passages=0))
        times.append((time.perf_counter() - began) * 1000)
        rankings[query] = [names[hit.id] for hit in answer.hits]
    return rankings, times
