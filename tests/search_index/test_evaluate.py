"""The measures, against values worked out by hand, and a whole small collection."""

import json
import math
from pathlib import Path

import pytest

from search_index import evaluate


def test_gain_is_discounted_by_rank_and_compared_with_the_best_order() -> None:
    grades = {"a": 2, "b": 1, "c": 0}
    assert evaluate.ndcg(["a", "b"], grades) == 1.0
    found = evaluate.ndcg(["c", "b", "a"], grades)
    best = 2 + 1 / math.log2(3)
    assert found == pytest.approx((1 / math.log2(3) + 2 / math.log2(4)) / best)
    assert evaluate.ndcg([], grades) == 0.0
    assert evaluate.ndcg(["a"], {}) == 0.0


def test_average_precision_counts_relevant_documents_that_were_not_found() -> None:
    assert evaluate.average_precision(["a", "x", "b"], {"a": 1, "b": 1, "c": 2}) == pytest.approx(
        (1 + 2 / 3) / 3
    )


def test_recall_and_precision_at_one_ignore_grade_zero() -> None:
    assert evaluate.recall(["x", "a"], {"a": 1, "x": 0}) == 1.0
    assert evaluate.first_right(["x", "a"], {"a": 1, "x": 0}) == 0.0


def test_queries_without_a_relevant_document_are_not_counted_but_unanswered_ones_are() -> None:
    judged = {"1": {"a": 1}, "2": {"a": 0}, "3": {"b": 1}}
    assert evaluate.measures({"1": ["a"]}, judged)["p@1"] == 0.5


def test_percentiles_are_values_that_occurred() -> None:
    assert evaluate.percentile([4, 1, 3, 2], 0.5) == 2
    assert evaluate.percentile([4, 1, 3, 2], 0.95) == 4
    assert evaluate.percentile([], 0.5) == 0


def test_a_collection_is_indexed_asked_and_measured(tmp_path: Path) -> None:
    documents = [
        {"id": "D1", "title": "Kettle", "text": "Boils water."},
        {"id": "D2", "title": "", "text": "Teapots pour tea.", "setting": ["Kitchen"]},
    ]
    queries = [{"id": "q1", "text": "teapot"}, {"id": "q2", "text": "boiling water"}]
    lines = {"documents.jsonl": documents, "queries.jsonl": queries}
    for name, rows in lines.items():
        (tmp_path / name).write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "qrels.txt").write_text("q1 0 D2 1\nq2 0 D1 2\n\n")
    found = evaluate.evaluate(tmp_path)
    assert (found["ndcg@10"], found["map"], found["recall@100"], found["p@1"]) == (1, 1, 1, 1)
    assert (found["queries"], found["documents"]) == (2, 2)
    assert found["p95_ms"] >= found["p50_ms"] > 0
    assert found["index_seconds"] > 0
