"""Writers killed at random points lose nothing that they said was written."""

import random
import subprocess
import textwrap
import time
from pathlib import Path

import pytest

from search_index.backends import open_index, rebuild
from search_index.interface import Document, Query
from search_index.ranking import fingerprint
from tests.killing import kill, start

WRITER = """
    import sys
    from pathlib import Path
    from search_index import embedded
    from search_index.interface import Document

    embedded.MOST_RECENT = 20  # columns are made anew often, so that kills hit that too
    index = embedded.EmbeddedIndex(Path(sys.argv[1]))
    start = int(sys.argv[2])
    for number in range(start, start + 100_000):
        one = number % 50 + (1_000 if start % 2 else 0)
        index.put([Document(one, {"name": f"Kettle {number}"}, version=number)])
        print(one, number, flush=True)
"""
REBUILDER = """
    import sys
    from search_index.backends import rebuild
    from search_index.interface import Document

    def documents():
        for number in range(200):
            yield Document(number, {"name": f"Teapot {number}"})
            print(number, flush=True)

    while True:
        rebuild(sys.argv[1], documents())
"""


def started(code: str, *arguments: object) -> "subprocess.Popen[str]":
    return start("-c", textwrap.dedent(code), *arguments)


def kill_after(writer: "subprocess.Popen[str]", seconds: float) -> list[str]:
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)  # not for anything: it is killed anywhere
    lines = (first + kill(writer)).splitlines(keepends=True)
    return [line for line in lines if line.endswith("\n")]


@pytest.mark.slow
def test_two_writers_killed_again_and_again_lose_nothing_acknowledged(tmp_path: Path) -> None:
    open_index(tmp_path, create=True).close()
    chance = random.Random(5)  # noqa: S311 - when to kill, not a secret
    held: dict[int, int] = {}
    for turn in range(6):
        writers = [started(WRITER, tmp_path, turn * 200_000 + odd) for odd in (0, 1)]
        for writer in writers:
            for line in kill_after(writer, chance.uniform(0.0, 0.5)):
                one, number = map(int, line.split())
                held[one] = max(held.get(one, -1), number)
    index = open_index(tmp_path)
    found = {hit.id: hit for hit in index.search(Query("kettle", limit=None)).hits}
    prints = dict(index.fingerprints())
    assert set(found) == set(prints) >= set(held)
    for one, number in held.items():
        # The last write of a killed writer may have been made before it could say so: the next
        # number of that record, or its first in a later turn.
        later = (turn * 200_000 + odd for turn in range(6) for odd in (0, 1))
        firsts = {begin + (one - begin) % 50 for begin in later}
        possible = {number, number + 50} | {first for first in firsts if first > number}
        allowed = {fingerprint(Document(one, {"name": f"Kettle {n}"})) for n in possible}
        assert prints[one] in allowed
    assert index.put([Document(5_000, {"name": "Saucer"})]) == 1


@pytest.mark.slow
def test_a_rebuild_killed_half_way_leaves_the_old_index_in_use(tmp_path: Path) -> None:
    rebuild(tmp_path, [Document(1, {"name": "Kettle"})])
    for seconds in (0.0, 0.02, 0.1):
        kill_after(started(REBUILDER, tmp_path), seconds)
        index = open_index(tmp_path)
        kettles, teapots = (index.search(Query(word)).total for word in ("kettle", "teapot"))
        assert (kettles, teapots) in {(1, 0), (0, 200)}
        index.close()
    assert rebuild(tmp_path, [Document(1, {"name": "Saucer"})]) == 1
    assert len(list(tmp_path.glob("store-*"))) == 1
