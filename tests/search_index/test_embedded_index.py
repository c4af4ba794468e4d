"""The embedded engine under rot, concurrency and rebuilding."""

import errno
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from search_index import themes
from search_index.backends import open_index, rebuild
from search_index.columns import Columns
from search_index.interface import Document, IndexUnusable, Query
from search_index.ranking import Settings

KETTLE = Document(1, {"name": "Kettle"})
TEAPOT = Document(2, {"name": "Teapot"})


def test_records_outlive_the_process_that_wrote_them(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    index.put([KETTLE])
    index.close()
    assert open_index(tmp_path).search(Query("kettle")).total == 1


def test_a_change_by_one_process_is_seen_by_another(tmp_path: Path) -> None:
    one, other = open_index(tmp_path, create=True), open_index(tmp_path)
    assert other.search(Query("kettle")).total == 0
    one.put([KETTLE])
    assert other.search(Query("kettle")).total == 1
    other.remove([1])
    assert one.search(Query("kettle")).total == 0


def test_a_missing_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path / "nowhere")


@pytest.mark.parametrize("rot", [b"", b"{", b"[]", b'{"format": 0}', b"\xff\xfe"])
def test_a_damaged_pointer_says_what_to_run(tmp_path: Path, rot: bytes) -> None:
    open_index(tmp_path, create=True).close()
    (tmp_path / "current.json").write_bytes(rot)
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path)


def test_an_index_of_another_version_says_what_to_run(tmp_path: Path) -> None:
    open_index(tmp_path, create=True).close()
    with pytest.raises(IndexUnusable, match="another version"):
        open_index(tmp_path, Settings(k1=9.0))
    facts = json.loads((tmp_path / "current.json").read_text())
    (tmp_path / "current.json").write_text(json.dumps({**facts, "format": 999}))
    with pytest.raises(IndexUnusable, match="another version"):
        open_index(tmp_path)


def test_a_damaged_store_says_what_to_run_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    index.put([KETTLE])
    index.close()
    (store,) = tmp_path.glob("store-*/records.sqlite3")
    store.write_bytes(b"rot" * 5_000)
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path).search(Query("kettle"))
    assert rebuild(tmp_path, [TEAPOT]) == 1
    assert open_index(tmp_path).search(Query("teapot")).total == 1


def test_a_folder_deleted_while_open_says_what_to_run(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    (tmp_path / "current.json").unlink()
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        index.search(Query("kettle"))


def test_searches_go_on_in_the_old_index_until_the_new_one_is_whole(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    index.put([KETTLE])
    seen: list[tuple[int, int]] = []

    def documents() -> Iterator[Document]:
        yield TEAPOT
        seen.append((index.search(Query("kettle")).total, index.search(Query("teapot")).total))

    steps: list[int] = []
    assert rebuild(tmp_path, documents(), steps.append) == 1
    assert seen == [(1, 0)]
    assert steps == [1]
    assert (index.search(Query("kettle")).total, index.search(Query("teapot")).total) == (0, 1)
    assert len(list(tmp_path.glob("store-*"))) == 1


def test_a_rebuild_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    index.put([KETTLE])

    def documents() -> Iterator[Document]:
        yield TEAPOT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        rebuild(tmp_path, documents())
    assert index.search(Query("kettle")).total == 1


def test_a_put_that_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)

    def documents() -> Iterator[Document]:
        yield KETTLE
        raise ConnectionError

    with pytest.raises(ConnectionError):
        index.put(documents())
    assert index.count() == 0
    assert index.put([TEAPOT]) == 1


def test_many_changes_are_made_into_columns_and_readers_follow(tmp_path: Path) -> None:
    writer = open_index(tmp_path, create=True)
    reader = open_index(tmp_path)
    for start in range(0, 700, 70):
        writer.put(Document(n, {"name": f"Kettle {n}"}) for n in range(start, start + 70))
        assert reader.search(Query("kettle")).total == start + 70
    writer.put([Document(3, {"name": "Teapot"})])
    assert reader.search(Query("kettle")).total == 699
    (made,) = tmp_path.glob("store-*/columns-*")
    assert made.name.split("-")[1] == "700"


@contextmanager
def while_columns_are_made(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]
) -> Iterator[None]:
    """Once, in the middle of making columns, something else happens."""
    with monkeypatch.context() as patch:
        fit = themes.fit

        def interrupted(columns: Columns, settings: Settings) -> Columns:
            patch.setattr(themes, "fit", fit)
            happens()
            return fit(columns, settings)

        patch.setattr(themes, "fit", interrupted)
        yield


def test_nobody_waits_while_columns_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, other = open_index(tmp_path, create=True), open_index(tmp_path)
    many = [Document(n, {"name": f"Kettle {n}"}) for n in range(2, 300)]

    def change() -> None:
        other.put([Document(2, {"name": "Teapot"}), Document(900, {"name": "Kettle"})])
        other.remove([3])
        assert other.search(Query("kettle")).total == 297

    with while_columns_are_made(monkeypatch, change):
        writer.put(many)
    for index in (writer, other, open_index(tmp_path)):
        assert index.search(Query("kettle")).total == 297
        assert index.search(Query("teapot")).total == 1


def test_columns_of_a_store_that_a_rebuild_replaced_are_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = open_index(tmp_path, create=True)
    with while_columns_are_made(monkeypatch, lambda: rebuild(tmp_path, [TEAPOT])):
        index.put(Document(n, {"name": f"Kettle {n}"}) for n in range(300))
    assert index.search(Query("teapot")).total == 1
    assert index.search(Query("kettle")).total == 0
    assert len(list(tmp_path.glob("store-*"))) == 1


def test_a_writer_killed_half_way_hides_no_later_change(tmp_path: Path) -> None:
    reader, writer = open_index(tmp_path, create=True), open_index(tmp_path)
    assert reader.search(Query("kettle")).total == 0
    mark = np.memmap(tmp_path / "mark", dtype=np.int64, mode="r+")
    mark[0] |= 1  # what a killed writer leaves behind
    writer.put([KETTLE])
    assert reader.search(Query("kettle")).total == 1
    (tmp_path / "mark").unlink()
    writer.put([TEAPOT])
    assert reader.search(Query("teapot")).total == 1
    writer.remove([2])
    assert reader.search(Query("teapot")).total == 0


def test_a_full_disk_loses_no_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = open_index(tmp_path, create=True)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("search_index.arrays.save", full)
    index.put(Document(n, {"name": f"Kettle {n}"}) for n in range(300))
    assert index.search(Query("kettle")).total == 300
    monkeypatch.undo()
    index.put([TEAPOT])
    assert open_index(tmp_path).search(Query("kettle")).total == 299


@pytest.mark.slow
def test_a_disk_that_is_full_in_truth_keeps_the_index_and_says_so(tmp_path: Path) -> None:
    """A process that may write only small files meets what a full disk does."""
    rebuild(tmp_path, [KETTLE])
    code = """
        import resource, signal, sys
        from search_index.backends import open_index, rebuild
        from search_index.interface import Document, Query, SearchError

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        many = [Document(n, {"name": "Teapot " * 300}) for n in range(2, 300)]
        index = open_index(sys.argv[1])
        for write in (lambda: index.put(many), lambda: rebuild(sys.argv[1], many)):
            try:
                write()
            except SearchError as error:
                print("said", error)
            found = [index.search(Query(word)).total for word in ("kettle", "teapot")]
            assert found == [1, 0], found
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("said") == 2
    assert len(list(tmp_path.glob("store-*"))) == 1
    index = open_index(tmp_path)
    assert index.put([TEAPOT]) == 1
    assert index.search(Query("kettle")).total == index.search(Query("teapot")).total == 1


def test_columns_that_are_cut_short_say_what_to_run(tmp_path: Path) -> None:
    rebuild(tmp_path, [KETTLE])
    (rows,) = tmp_path.glob("store-*/columns-*/impacts.npy")
    rows.write_bytes(rows.read_bytes()[:-2])
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path).search(Query("kettle"))


def test_columns_with_impossible_rows_say_what_to_run(tmp_path: Path) -> None:
    rebuild(tmp_path, [KETTLE, TEAPOT])
    (file,) = tmp_path.glob("store-*/columns-*/rows.npy")
    np.save(file, np.load(file) + 1_000_000)
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path).search(Query("kettle"))


def flipped(file: Path, at: float) -> None:
    """Turn the bits of one byte around, which stands so far in the file."""
    held = bytearray(file.read_bytes())
    held[int(at * (len(held) - 1))] ^= 0xFF
    file.write_bytes(bytes(held))


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_one_damaged_byte_in_any_file_of_the_columns_is_found_on_opening(
    tmp_path: Path, at: float
) -> None:
    rebuild(tmp_path, [KETTLE, TEAPOT])
    for file in tmp_path.glob("store-*/columns-*/*"):
        whole = file.read_bytes()
        flipped(file, at)
        with pytest.raises(IndexUnusable, match="flask search rebuild"):
            Columns.load(file.parent)
        file.write_bytes(whole)
    open_index(tmp_path).check()


def test_check_reads_every_record(tmp_path: Path) -> None:
    rebuild(tmp_path, [KETTLE, TEAPOT])
    (file,) = tmp_path.glob("store-*/records.sqlite3")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE record SET body = replace(body, 'Teapot', 'Teapit')")
    with pytest.raises(IndexUnusable, match="flask search rebuild"):
        open_index(tmp_path).check()


def test_nothing_on_disk_is_a_pickle(tmp_path: Path) -> None:
    rebuild(tmp_path, [KETTLE, TEAPOT])
    kinds = {file.suffix for file in tmp_path.rglob("*") if file.is_file()}
    assert kinds <= {".npy", ".json", ".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ""}
    for file in tmp_path.rglob("*.npy"):
        assert np.load(file, allow_pickle=False).dtype.kind in "biuf"


def test_a_process_after_a_fork_uses_connections_of_its_own(tmp_path: Path) -> None:
    index = open_index(tmp_path, create=True)
    index.put([KETTLE])
    child = os.fork()
    if not child:
        found = index.search(Query("kettle")).total
        index.put([TEAPOT])
        os._exit(0 if found == 1 else 1)
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert index.search(Query("teapot")).total == 1
