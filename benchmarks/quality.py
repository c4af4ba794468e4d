"""The ranking of each engine on judged collections: ``python -m benchmarks.quality DIR…``.

Our own parts are switched off one by one; the others are used as in ``engines``.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.engines import Bm25s, Fts5, Postgres, Tantivy, Whoosh
from benchmarks.search import server
from search_index.evaluate import (
    DEPTH,
    Collection,
    as_document,
    evaluate,
    measures,
    read_collection,
)
from search_index.ranking import Settings

OURS = {
    "ours": Settings(),
    "ours without themes": replace(Settings(), theme_share=0.0),
    "ours without concepts": replace(Settings(), concept=0.0, covered=1.0),
    "ours, words only": replace(Settings(), theme_share=0.0, concept=0.0, covered=1.0),
}
Ask = Callable[[str], list[int]]


def fts5(folder: Path) -> Ask:
    """SQLite full text, best first."""
    engine = Fts5(folder)
    engine.open()

    def ask(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        found = engine.db.execute(
            f"SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT {DEPTH}",  # noqa: S608 - our number
            (words,),
        )
        return [row[0] for row in found]

    return ask


def postgresql(folder: Path) -> Ask:
    """PostgreSQL full text with OR, by ``ts_rank`` with long texts discounted (its best here)."""
    engine = Postgres(folder)
    engine.open()

    def ask(question: str) -> list[int]:
        words = " | ".join(re.findall(r"\w+", question))
        found = engine.db.execute(
            "SELECT id FROM t, to_tsquery('english', %s) q WHERE words @@ q "
            "ORDER BY ts_rank(words, q, 1) DESC, id LIMIT %s",
            (words, DEPTH),
        )
        return [row[0] for row in found]

    return ask


def whoosh(folder: Path, every_word: bool = False) -> Ask:
    """Whoosh with OR, best first."""
    engine = Whoosh(folder)
    engine.open()

    def ask(question: str) -> list[int]:
        plain = " ".join(re.findall(r"\w+", question))
        found = engine.searcher.search(engine._parse(plain, every_word), limit=DEPTH)
        return [int(hit["id"]) for hit in found]

    return ask


def whoosh_and(folder: Path) -> Ask:
    """Whoosh as it is by default: every word must be there."""
    return whoosh(folder, every_word=True)


def tantivy(folder: Path) -> Ask:
    """tantivy with OR, best first."""
    engine = Tantivy(folder)
    engine.open()

    def ask(question: str) -> list[int]:
        searcher = engine.index.searcher()
        plain = " ".join(re.findall(r"\w+", question.lower()))
        found = searcher.search(engine.index.parse_query(plain, ["body"]), DEPTH)
        return [searcher.doc(address)["id"][0] for _, address in found.hits]

    return ask


def bm25s(folder: Path) -> Ask:
    """bm25s, best first."""
    engine = Bm25s(folder)
    engine.open()
    size = engine.retriever.scores["num_docs"]

    def ask(question: str) -> list[int]:
        tokens = engine._tokens([question])
        found, _ = engine.retriever.retrieve(tokens, k=min(DEPTH, size), show_progress=False)
        return [int(one) for one in found[0]]

    return ask


OTHERS: dict[str, tuple[Any, Callable[[Path], Ask]]] = {
    "Whoosh, stemming, OR": (Whoosh, whoosh),
    "Whoosh, stemming, AND": (Whoosh, whoosh_and),
    "tantivy, English": (Tantivy, tantivy),
    "SQLite FTS5, porter": (Fts5, fts5),
    "PostgreSQL ts_rank": (Postgres, postgresql),
    "BM25 (bm25s)": (Bm25s, bm25s),
}


def judged(name: str, collection: Collection, url: str) -> dict[str, float]:
    """The measures of another engine."""
    made, opened = OTHERS[name]
    documents = [as_document(n, row) for n, row in enumerate(collection.documents)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "url").write_text(url, encoding="utf-8")
        made(folder).build(documents)
        ask = opened(folder)
        names = [str(row["id"]) for row in collection.documents]
        rankings = {query: [names[n] for n in ask(text)] for query, text in collection.queries}
    return measures(rankings, collection.judged)


def rows(folders: list[Path], url: str) -> Iterator[str]:
    """The table, line by line; ``url`` is a PostgreSQL database of this run's own, if any."""
    shown = ("ndcg@10", "map", "recall@100", "p@1")
    yield "| Engine | Collection | " + " | ".join(shown) + " |"
    yield "|---" * (len(shown) + 2) + "|"
    for folder in folders:
        collection = read_collection(folder)
        found = {name: evaluate(folder, settings) for name, settings in OURS.items()}
        if url:
            found["ours in PostgreSQL"] = evaluate(folder, database=url)
        for name in OTHERS:
            if url or "PostgreSQL" not in name:
                found[name] = judged(name, collection, url)
        for name, one in found.items():
            yield f"| {name} | {folder.name} | " + " | ".join(f"{one[m]:.3f}" for m in shown) + " |"


if __name__ == "__main__":
    with server() as address:
        for line in rows([Path(argument) for argument in sys.argv[1:]], address):
            print(line, flush=True)
