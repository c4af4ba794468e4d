"""How good the matching is, on a collection with judged pairs: `search_index.evaluate`'s folders.

Documents are the solutions, queries the challenges.
"""

import time
from collections.abc import Mapping
from pathlib import Path

from portal.matching.engine.asking import Asking
from portal.matching.engine.calls import sentences
from portal.matching.engine.described import Need, Solution
from portal.matching.engine.matcher import Matcher
from search_index.evaluate import DEPTH, measures, percentile, read_collection


def evaluate(folder: Path) -> dict[str, float]:
    """Fit the matcher on the documents, match every query, and measure; the queries are the needs
    whose common words tell little, as the open challenges are in the portal.

    Returns `ndcg@10`, `map`, `recall@100`, `p@1`, `queries`, `documents`, `index_seconds`,
    `p50_ms` and `p95_ms`; the means are over the queries that have a relevant document.
    """
    collection = read_collection(folder)
    began = time.perf_counter()
    asking = Asking.of(need_of(query, text) for query, text in collection.queries)
    matcher = Matcher([solution_of(row) for row in collection.documents], asking=asking)
    seconds = time.perf_counter() - began
    rankings: dict[str, list[str]] = {}
    times: list[float] = []
    for query, text in collection.queries:
        began = time.perf_counter()
        rankings[query] = [str(found) for found in matcher.order(need_of(query, text), DEPTH)]
        times.append((time.perf_counter() - began) * 1000)
    return {
        **measures(rankings, collection.judged),
        "queries": len(collection.queries),
        "documents": len(collection.documents),
        "index_seconds": round(seconds, 3),
        "p50_ms": round(percentile(times, 0.5), 3),
        "p95_ms": round(percentile(times, 0.95), 3),
    }


def need_of(query: str, text: str) -> Need:
    """Return a line of `queries.jsonl` as a need: its first sentence is the title."""
    title, *rest = sentences(text) or [""]
    return Need(query, {"title": title, "problem": " ".join(rest)})


def solution_of(row: Mapping[str, object]) -> Solution:
    """Return a row of `documents.jsonl` as a solution; lists of text are its coded facts."""
    facets = {
        name: frozenset(str(one) for one in value)
        for name, value in row.items()
        if isinstance(value, list)
    }
    fields = {name: str(row.get(name) or "") for name in ("title", "text")}
    labels = [str(row.get("category") or ""), *sorted(facets.get("care_setting", ()))]
    fields["setting"] = ". ".join(labels)
    return Solution(str(row["id"]), fields, facets)
