"""The engines that are compared, each used the way its own manual shows.

All but ours are given the easier job: one field with the whole text of a record. The three
shapes are ``rank`` (the best twenty), ``facets`` (and the counts of six facets over everything
found) and ``full`` (and a highlighted passage for each of the twenty).
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from benchmarks.catalogue import FACETS
from search_index.backends import open_index, rebuild
from search_index.interface import Document, Query

TOP = 20


class Engine(Protocol):
    """What is measured; ``build`` and ``open`` run in processes of their own."""

    def __init__(self, folder: Path) -> None: ...
    def build(self, documents: Iterable[Document]) -> None: ...
    def open(self) -> None: ...
    def ask(self, question: str, shape: str) -> int: ...
    def update(self, document: Document) -> None: ...


def body(document: Document) -> str:
    """The whole text of a record."""
    return " ".join(document.fields.values())


def pairs(document: Document) -> Iterator[tuple[str, str]]:
    """Each facet value of a record."""
    return ((name, value) for name in FACETS for value in document.facets.get(name, ()))


class Ours:
    """This index through its public interface: seven fields, synonyms, spelling, reasons."""

    def __init__(self, folder: Path) -> None:
        self.where: str | Path = folder

    def build(self, documents: Iterable[Document]) -> None:
        rebuild(self.where, documents)

    def open(self) -> None:
        self.index = open_index(self.where)

    def ask(self, question: str, shape: str) -> int:
        facets = () if shape == "rank" else FACETS
        passages = TOP if shape == "full" else 0
        answer = self.index.search(Query(question, limit=TOP, facets=facets, passages=passages))
        return answer.total

    def update(self, document: Document) -> None:
        self.index.put([document])


class OursInPostgres(Ours):
    """The same index kept in PostgreSQL, for several web machines."""

    def __init__(self, folder: Path) -> None:
        self.where = (folder / "url").read_text(encoding="utf-8")


class Whoosh:
    """Whoosh with a stemming analyser, OR groups, ``groupedby`` and ``highlights``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, documents: Iterable[Document]) -> None:
        from whoosh import analysis, fields, index  # noqa: PLC0415 - only when measured

        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            body=fields.TEXT(stored=True, analyzer=analysis.StemmingAnalyzer()),
            **{name: fields.KEYWORD(stored=True, commas=True) for name in FACETS},
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        writer = index.create_in(str(self.folder), schema).writer(limitmb=256)
        for document in documents:
            writer.add_document(**self._row(document))
        writer.commit()

    def _row(self, document: Document) -> dict[str, str]:
        facets = {
            name: ",".join(v.replace(",", " ") for v in document.facets.get(name, ()))
            for name in FACETS
        }
        return {"id": str(document.id), "body": body(document), **facets}

    def open(self) -> None:
        from whoosh import index, sorting  # noqa: PLC0415 - only when measured

        self.index = index.open_dir(str(self.folder))
        self.searcher = self.index.searcher()
        self.grouped = [
            sorting.StoredFieldFacet(name, allow_overlap=True, split_fn=lambda v: v.split(","))
            for name in FACETS
        ]

    def ask(self, question: str, shape: str) -> int:
        groups = None if shape == "rank" else dict(zip(FACETS, self.grouped, strict=True))
        results = self.searcher.search(self._parse(question), limit=TOP, groupedby=groups)
        for name in FACETS if groups else ():
            Counter({value: len(held) for value, held in results.groups(name).items()})
        if shape == "full":
            for hit in results:
                hit.highlights("body", top=1)
        return len(results)

    def _parse(self, question: str, every_word: bool = False) -> Any:
        from whoosh import qparser  # noqa: PLC0415 - only when measured

        group = qparser.AndGroup if every_word else qparser.OrGroup
        return qparser.QueryParser("body", self.index.schema, group=group).parse(question)

    def update(self, document: Document) -> None:
        writer = self.index.writer()
        writer.update_document(**self._row(document))
        writer.commit(merge=False)
        self.searcher = self.searcher.refresh()


class Fts5:
    """SQLite's full text with the Porter stemmer, ``bm25`` and ``snippet``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def build(self, documents: Iterable[Document]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open()
        self.db.executescript(
            "CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'porter unicode61');"
            "CREATE TABLE facet (name TEXT, value TEXT, id INT);"
        )
        for document in documents:
            self._add(document)
        self.db.executescript("CREATE INDEX of ON facet (id, name, value); ANALYZE;")
        self.db.commit()

    def _add(self, document: Document) -> None:
        self.db.execute("INSERT INTO t (rowid, body) VALUES (?, ?)", (document.id, body(document)))
        rows = [(name, value, document.id) for name, value in pairs(document)]
        self.db.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)

    def open(self) -> None:
        self.db = sqlite3.connect(self.folder / "fts.sqlite3")

    def ask(self, question: str, shape: str) -> int:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        shown = ", snippet(t, 0, '[', ']', '…', 32)" if shape == "full" else ""
        rows = self.db.execute(
            f"SELECT rowid{shown} FROM t WHERE t MATCH ? ORDER BY rank LIMIT {TOP}",  # noqa: S608 - our words
            (words,),
        ).fetchall()
        if shape != "rank":
            self.db.execute(
                "SELECT name, value, count(*) FROM facet WHERE id IN "
                "(SELECT rowid FROM t WHERE t MATCH ?) GROUP BY name, value",
                (words,),
            ).fetchall()
        return len(rows)

    def update(self, document: Document) -> None:
        self.db.execute("DELETE FROM t WHERE rowid = ?", (document.id,))
        self.db.execute("DELETE FROM facet WHERE id = ?", (document.id,))
        self._add(document)
        self.db.commit()


class Postgres:
    """PostgreSQL: generated ``tsvector``, GIN, ``ts_rank``, ``ts_headline``."""

    def __init__(self, folder: Path) -> None:
        self.url = (folder / "url").read_text(encoding="utf-8")

    def build(self, documents: Iterable[Document]) -> None:
        self.open()
        self.db.execute("DROP TABLE IF EXISTS t, facet")
        self.db.execute(
            "CREATE TABLE t (id int PRIMARY KEY, body text, facets jsonb, words tsvector "
            "GENERATED ALWAYS AS (to_tsvector('english', body)) STORED)"
        )
        self.db.execute("CREATE TABLE facet (id int, name text, value text)")
        with self.db.cursor().copy("COPY t (id, body, facets) FROM STDIN") as copy:
            rows = list(documents)
            for one in rows:
                copy.write_row((one.id, body(one), json.dumps(dict(one.facets))))
        with self.db.cursor().copy("COPY facet FROM STDIN") as copy:
            for one in rows:
                for name, value in pairs(one):
                    copy.write_row((one.id, name, value))
        self.db.execute("CREATE INDEX ON t USING gin (words)")
        self.db.execute("CREATE INDEX ON facet (id) INCLUDE (name, value)")
        self.db.execute("VACUUM ANALYZE")

    def open(self) -> None:
        import psycopg  # noqa: PLC0415 - only when measured

        self.db = psycopg.connect(self.url, autocommit=True)

    def ask(self, question: str, shape: str) -> int:
        words = " | ".join(re.findall(r"\w+", question))
        shown = ", ts_headline('english', body, q)" if shape == "full" else ""
        rows = self.db.execute(
            f"SELECT id{shown} FROM (SELECT id, body, q FROM t, to_tsquery('english', %s) q "  # noqa: S608 - ours
            f"WHERE words @@ q ORDER BY ts_rank(words, q) DESC LIMIT {TOP}) best",
            (words,),
        ).fetchall()
        if shape != "rank":
            self.db.execute(
                "SELECT name, value, count(*) FROM facet JOIN t USING (id) "
                "WHERE words @@ to_tsquery('english', %s) GROUP BY name, value",
                (words,),
            ).fetchall()
        return len(rows)

    def update(self, document: Document) -> None:
        self.db.execute("UPDATE t SET body = %s WHERE id = %s", (body(document), document.id))


class Tantivy:
    """tantivy with its English stemmer, term aggregations and snippets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tantivy = import_module("tantivy")
        builder = self.tantivy.SchemaBuilder().add_integer_field("id", stored=True, indexed=True)
        builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
        for name in FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()

    def build(self, documents: Iterable[Document]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open()
        writer = self.index.writer(heap_size=256_000_000, num_threads=1)
        for document in documents:
            writer.add_document(self._row(document))
        writer.commit()
        writer.wait_merging_threads()

    def _row(self, document: Document) -> Any:
        row = self.tantivy.Document(id=document.id, body=body(document))
        for name, value in pairs(document):
            row.add_text(name, value)
        return row

    def open(self) -> None:
        self.index = self.tantivy.Index(self.schema, path=str(self.folder))
        self.index.reload()
        self.counts = {name: {"terms": {"field": name, "size": 500}} for name in FACETS}

    def ask(self, question: str, shape: str) -> int:
        searcher = self.index.searcher()
        query = self.index.parse_query(question, ["body"])
        found = searcher.search(query, TOP)
        if shape != "rank":
            searcher.aggregate(query, self.counts)
        if shape == "full":
            made = self.tantivy.SnippetGenerator.create(searcher, query, self.schema, "body")
            for _, address in found.hits:
                made.snippet_from_doc(searcher.doc(address)).fragment()
        return int(found.count)

    def update(self, document: Document) -> None:
        writer = self.index.writer(heap_size=50_000_000, num_threads=1)
        writer.delete_documents_by_term("id", document.id)
        writer.add_document(self._row(document))
        writer.commit()
        self.index.reload()


class Bm25s:
    """bm25s with the same stemmer as ours; it ranks only and cannot be updated."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bm25s = import_module("bm25s")

    def _tokens(self, texts: list[str]) -> Any:
        from search_index.text import stem  # noqa: PLC0415 - only when measured

        def stemmed(words: list[str]) -> list[str]:
            return [stem(word) for word in words]

        return self.bm25s.tokenize(texts, stopwords="en", stemmer=stemmed, show_progress=False)

    def build(self, documents: Iterable[Document]) -> None:
        retriever = self.bm25s.BM25()
        texts = [body(document) for document in documents]
        retriever.index(self._tokens(texts), show_progress=False)
        retriever.save(str(self.folder))

    def open(self) -> None:
        self.retriever = self.bm25s.BM25.load(str(self.folder), mmap=True)

    def ask(self, question: str, shape: str) -> int:
        if shape != "rank":
            raise NotImplementedError
        tokens = self._tokens([question])
        found, _ = self.retriever.retrieve(tokens, k=TOP, show_progress=False)
        return len(found[0])

    def update(self, document: Document) -> None:
        raise NotImplementedError


ENGINES: dict[str, type[Engine]] = {
    "ours": Ours,
    "ours-postgresql": OursInPostgres,
    "whoosh": Whoosh,
    "fts5": Fts5,
    "postgresql": Postgres,
    "tantivy": Tantivy,
    "bm25s": Bm25s,
}
