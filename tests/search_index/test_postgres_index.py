"""The engine in PostgreSQL under concurrency, rebuilding, kills and rot."""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from search_index import spelling
from search_index.backends import open_index, rebuild
from search_index.english import is_english
from search_index.interface import (
    Document,
    Index,
    IndexBusy,
    IndexUnusable,
    Query,
    SearchError,
)
from search_index.postgres import connecting, readers, schema
from search_index.ranking import Settings, fingerprint
from tests.killing import wait_until

KETTLE = Document(1, {"name": "Kettle"})
TEAPOT = Document(2, {"name": "Teapot"})


Open = Callable[..., Index]


@pytest.fixture
def open_at(database: str) -> Iterator[Open]:
    """Open the index of this test's database; closed afterwards."""
    every: list[Index] = []

    def open_it(**choices: bool) -> Index:
        every.append(open_index(database, **choices))
        return every[-1]

    yield open_it
    for one in every:
        one.close()


def plain(database: str) -> str:
    return database.replace("+psycopg", "")


def tables(database: str) -> set[str]:
    with psycopg.connect(plain(database)) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in found}


def many(count: int, word: str = "kettle") -> Iterator[Document]:
    return (Document(number, {"name": f"{word} number{number}"}) for number in range(count))


def test_a_database_without_an_index_says_what_to_run(database: str, open_at: Open) -> None:
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_at()


def test_an_index_of_another_version_says_what_to_run(database: str, open_at: Open) -> None:
    open_at(create=True).close()
    with pytest.raises(IndexUnusable, match="another version"):
        open_index(database, Settings(k1=9.0))


def test_opening_to_create_leaves_what_is_there(database: str, open_at: Open) -> None:
    rebuild(database, [KETTLE])
    assert open_at(create=True).count() == 1


def test_a_server_that_cannot_be_reached_is_an_error_of_search() -> None:
    with pytest.raises(SearchError):
        open_index("postgresql://nobody@/nothing?host=/nowhere")


def test_lost_tables_say_what_to_run_and_a_rebuild_mends_them(database: str, open_at: Open) -> None:
    rebuild(database, [KETTLE])
    opened = open_at()
    with psycopg.connect(plain(database)) as connection:
        connection.execute("DROP TABLE searchindex_1_posting")
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        opened.search(Query("kettle"))
    assert rebuild(database, [TEAPOT]) == 1
    assert opened.search(Query("teapot")).total == 1


def test_a_change_by_one_machine_is_seen_by_another(database: str, open_at: Open) -> None:
    one, other = open_at(create=True), open_at()
    assert other.search(Query("kettle")).total == 0
    one.put([KETTLE])
    assert other.search(Query("kettle")).total == 1
    other.remove([1])
    assert one.search(Query("kettle")).total == 0


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(database: str, open_at: Open) -> None:
    rebuild(database, [KETTLE])
    before = tables(database)

    def broken() -> Iterator[Document]:
        yield TEAPOT
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild(database, broken())
    assert open_at().search(Query("kettle")).total == 1
    assert tables(database) == before


def test_searches_go_on_while_the_index_is_built_and_swapped(database: str, open_at: Open) -> None:
    rebuild(database, many(200))
    opened = open_at()
    done = threading.Event()
    totals: set[int] = set()
    problems: list[Exception] = []

    def ask() -> None:
        while not done.is_set():
            try:
                totals.add(opened.search(Query("kettle", limit=3)).total)
            except SearchError as problem:
                problems.append(problem)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    for count in (150, 200, 250):
        rebuild(database, many(count))
    done.set()
    for thread in asking:
        thread.join()
    assert problems == []
    assert totals <= {150, 200, 250}
    assert len({name.split("_")[1] for name in tables(database) if "_" in name}) == 1


def test_one_id_given_twice_keeps_the_newest(database: str, open_at: Open) -> None:
    again = Document(1, {"name": "Teapot"}, version=5)
    rebuild(database, [KETTLE, again])
    assert open_at().search(Query("teapot")).total == 1
    assert rebuild(database, [again, KETTLE]) == 1
    assert open_at().search(Query("kettle")).total == 0


def test_growing_takes_averages_and_themes_anew_and_loses_nothing(
    database: str, open_at: Open
) -> None:
    chance = random.Random(4)  # noqa: S311 - a repeatable shuffle, not a secret
    words = [f"word{number}" for number in range(60)]
    every = [
        Document(
            number,
            {"name": f"Thing {number}", "description": " ".join(chance.choices(words, k=20))},
            {"stage": ["Deploy"], "setting": ["A=B", "C"]},
            audience=["public"],
            standing=1.0,
            version=number,
        )
        for number in range(300)
    ]
    opened = open_at(create=True)
    for start in range(0, 300, 50):
        opened.put(every[start : start + 50])
    assert dict(opened.fingerprints()) == {one.id: fingerprint(one) for one in every}
    grown = opened.search(Query("word1 word2 word3 word4 word5", limit=None, passages=0))
    rebuild(database, every)
    anew = opened.search(Query("word1 word2 word3 word4 word5", limit=None, passages=0))
    assert {hit.id for hit in grown.hits} == {hit.id for hit in anew.hits}
    with psycopg.connect(plain(database)) as connection:
        generation = connection.execute("SELECT generation FROM searchindex").fetchone()
        assert generation is not None
        themes = connection.execute(f"SELECT count(*) FROM searchindex_{generation[0]}_theme")  # noqa: S608 - ours
        assert themes.fetchone() == (60 + 2,)
    assert opened.put([Document(7, {"name": "Old"}, version=6)]) == 0


def test_spelling_does_without_trigrams_where_the_server_has_none(
    database: str, open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (schema, readers):
        monkeypatch.setattr(module, "has_trigrams", lambda connection: False)
    monkeypatch.setattr(schema, "allow_trigrams", lambda connection: None)
    rebuild(database, [KETTLE, TEAPOT])
    assert open_at().search(Query("ketle")).suggestion == "kettle"


def test_trigrams_miss_no_single_error_in_a_short_word(database: str, open_at: Open) -> None:
    words = ["hive", "heart", "drain", "copper", "thopaz", "medela"]
    rebuild(database, [Document(n, {"name": word}) for n, word in enumerate(words)])
    opened = open_at()
    for word in words:
        for place in range(len(word) - 1):
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            missing = word[:place] + word[place + 1 :]
            for typed in {swapped, missing} - {word}:
                # A real word ("hart") is looked for as typed.
                if spelling.allowed_errors(typed) and not is_english(typed):
                    assert opened.search(Query(typed)).suggestion == word, typed


def test_text_that_the_server_cannot_hold_is_still_indexed(database: str, open_at: Open) -> None:
    odd = Document(1, {"name": "Ket\x00tle \ud800 teapot", "summary": "it's a 'quoted\\ one'"})
    opened = open_at(create=True)
    opened.put([odd])
    assert opened.search(Query("teapot")).total == 1
    assert opened.search(Query("quoted \ud800 \x00 it's")).total == 1
    assert dict(opened.fingerprints()) == {1: fingerprint(odd)}


def test_a_very_long_text_is_indexed(database: str, open_at: Open) -> None:
    opened = open_at(create=True)
    opened.put([Document(1, {"name": "Long", "description": "kettle spade " * 40_000 + "teapot"})])
    assert opened.search(Query("teapot")).total == 1
    assert opened.search(Query('"kettle spade"')).total == 1


def test_a_writer_that_waits_too_long_says_so(
    database: str, open_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "WAIT_SECONDS", 1)
    opened = open_at(create=True)
    other = connecting.Server(database)
    with other.writing(), pytest.raises(IndexBusy):
        opened.put([KETTLE])
    other.close()
    assert opened.put([KETTLE]) == 1


def _write_until_killed(database: str, start: int) -> None:
    opened = open_index(database)
    for number in range(start, start + 100_000):
        opened.put([Document(number, {"name": f"Kettle {number}"})])


def _begun(opened: Index, begins: list[int]) -> bool:
    """Whether a record of each writer is there."""
    held = set(dict(opened.fingerprints()))
    return all(held & set(range(begin, begin + 10_000)) for begin in begins)


@pytest.mark.slow
def test_killed_writers_and_rebuilds_leave_every_record_whole(database: str, open_at: Open) -> None:
    rebuild(database, [TEAPOT])
    opened = open_at()
    start = multiprocessing.get_context("spawn").Process
    chance = random.Random(7)  # noqa: S311 - when to kill, not a secret
    for round_ in range(3):
        begins = [10_000 * (2 * round_ + one) + 10 for one in range(2)]
        writers = [start(target=_write_until_killed, args=(database, begin)) for begin in begins]
        rebuilding = start(target=_rebuild, args=(database,))
        for process in (*writers, rebuilding):
            process.start()
        wait_until(lambda begins=begins: _begun(opened, begins))
        time.sleep(chance.uniform(0.0, 1.0))  # not for anything: they are killed anywhere
        for process in (*writers, rebuilding):
            if process.pid and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
            process.join()
        held = dict(opened.fingerprints())
        assert opened.search(Query(limit=0)).total == opened.count() == len(held)
        by_word = [opened.search(Query(w, limit=None, passages=0)) for w in ("kettle", "teapot")]
        assert {hit.id for found in by_word for hit in found.hits} == set(held)
        opened.put([TEAPOT])
        assert opened.search(Query("teapot")).total == 1


def _rebuild(database: str) -> None:
    while True:
        rebuild(database, [TEAPOT, *many(400)])


def test_connections_are_not_shared_across_a_fork(open_at: Open) -> None:
    index = open_at(create=True)
    index.put([KETTLE])
    assert index.search(Query("kettle")).total == 1
    child = os.fork()
    if not child:
        # Another process, on the same connection, would mix up both conversations.
        os._exit(0 if index.search(Query("kettle")).total == 1 else 1)
    for _ in range(50):
        assert index.search(Query("kettle")).total == 1
    assert os.waitpid(child, 0)[1] == 0
