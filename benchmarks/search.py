"""Search engines side by side, in one run, on catalogues of 1,000, 10,000 and 100,000 records.

Every engine builds, opens and answers in processes of its own, so that memory can be told apart.
A question's time is the least of three, because the machine is shared, and the processor's time is
given beside it in the JSON; p50 and p95 are over 400 questions of one to four words (fewer, in the
same mix, for an engine that needs seconds each). An index may remember a question that it was asked
before (ours remembers how it read it): ``rank_first`` is the processor's time of the first time.
"""

import argparse
import json
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.catalogue import ROOT, catalogue, from_file, questions
from benchmarks.engines import ENGINES, Engine
from search_index.evaluate import percentile
from search_index.interface import Document

SHAPES = ("rank", "facets", "full")
RESULTS = ROOT / "benchmarks" / "results"
_PATIENCE_SECONDS = 60.0


def main() -> None:
    """Measure what was asked for, print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000", help="records, separated by commas")
    parser.add_argument("--large", action="store_true", help="100,000 records as well")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--from", dest="file", type=Path, help="JSONL instead of made records")
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")] + [100_000] * chosen.large
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary, server() as url:
        for size in sizes:
            documents = list(from_file(chosen.file) if chosen.file else catalogue(size))[:size]
            for name in chosen.engines.split(","):
                folder = Path(temporary) / f"{name}-{size}"
                row = measure(name, folder, documents, url, chosen.questions)
                rows.append({"engine": name, "records": len(documents), **row})
                shutil.rmtree(folder, ignore_errors=True)
            print(table([row for row in rows if row["records"] == len(documents)]))
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "search.json").write_text(json.dumps(rows, indent=2), encoding="utf-8")


def measure(
    name: str, folder: Path, documents: list[Document], url: str, count: int
) -> dict[str, Any]:
    """Everything about one engine at one size; ``missing`` says why it could not be measured."""
    if name.endswith("postgresql"):
        if not url:
            return {"missing": "no server programs"}
        folder.mkdir(parents=True)
        (folder / "url").write_text(url, encoding="utf-8")
    try:
        built = in_process(_build, name, folder, documents)
        asked = in_process(_ask, name, folder, documents, count)
    except ImportError as error:
        return {"missing": str(error)}
    return {**built, **asked}


def in_process(work: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """What ``work`` returns, run in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work, arguments)


def _build(name: str, folder: Path, documents: list[Document]) -> dict[str, Any]:
    engine = ENGINES[name](folder)
    began = time.perf_counter()
    engine.build(documents)
    seconds = time.perf_counter() - began
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {"build_s": round(seconds, 2), "disk_mb": round(size / 1e6, 1)}


def _ask(name: str, folder: Path, documents: list[Document], count: int) -> dict[str, Any]:
    asked = questions(documents, count)
    before = _own_bytes()
    engine = ENGINES[name](folder)
    began = time.perf_counter()
    engine.open()
    engine.ask("kidney", "rank")
    found: dict[str, Any] = {"open_ms": round((time.perf_counter() - began) * 1000, 1)}
    for shape in SHAPES:
        times = list(_times(engine, asked, shape))
        if times:
            wall, cpu, first = zip(*times, strict=True)
            for share in (50, 95):
                if shape == "rank":
                    found[f"rank_first_p{share}_ms"] = round(percentile(first, share / 100), 3)
                found[f"{shape}_p{share}_ms"] = round(percentile(wall, share / 100), 3)
                found[f"{shape}_cpu_p{share}_ms"] = round(percentile(cpu, share / 100), 3)
            found[f"{shape}_questions"] = len(times)
    found["memory_mb"] = round((_own_bytes() - before) / 1e6, 1)
    return {**found, **_update(engine, documents[len(documents) // 2])}


def _own_bytes() -> int:
    """What this process alone holds in memory: mapped files are shared by all that map them."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return int(psutil.Process().memory_full_info().uss)
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Anonymous:"))


def _times(engine: Engine, asked: list[str], shape: str) -> Iterator[tuple[float, float, float]]:
    """Milliseconds for each question while patience lasts: by the clock, of this process, and of
    this process when it was asked first."""
    end = time.perf_counter() + _PATIENCE_SECONDS
    for question in asked:
        wall, cpu = [], []
        for _ in range(3):
            began, worked = time.perf_counter(), time.process_time()
            try:
                engine.ask(question, shape)
            except NotImplementedError:
                return
            cpu.append((time.process_time() - worked) * 1000)
            wall.append((time.perf_counter() - began) * 1000)
        yield min(wall), min(cpu), cpu[0]
        if time.perf_counter() > end:
            return


def _update(engine: Engine, document: Document) -> dict[str, Any]:
    """Seconds until a changed record is found."""
    fields = {**document.fields, "name": "Zzyzxquartz"}
    changed = Document(document.id, fields, document.facets, version=1)
    began = time.perf_counter()
    try:
        engine.update(changed)
    except NotImplementedError:
        return {}
    if not engine.ask("zzyzxquartz", "rank"):
        raise AssertionError("the change was not found")
    return {"update_ms": round((time.perf_counter() - began) * 1000, 1)}


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL of this run's own, or nothing where its programs are missing."""
    from tests.postgres import binaries, running_postgres  # noqa: PLC0415 - only when measured

    if binaries() is None:
        yield ""
        return
    with running_postgres() as url:
        yield url.replace("postgresql+psycopg://", "postgresql://")


def table(rows: list[dict[str, Any]]) -> str:
    """Rows as Markdown, each time with how many times ours it is."""
    names = ["build_s", "open_ms", "update_ms", "disk_mb", "memory_mb"]
    shapes = ("rank_first", *SHAPES)
    names += [f"{shape}_p{share}_ms" for shape in shapes for share in (50, 95)]
    ours = next((row for row in rows if row["engine"] == "ours"), {})
    lines = [f"| {rows[0]['records']:,} records | " + " | ".join(names) + " |"]
    lines.append("|---" * (len(names) + 1) + "|")
    lines += [
        f"| {row['engine']} | " + " | ".join(_cell(row, ours, name) for name in names) + " |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def _cell(row: dict[str, Any], ours: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return "–"
    if row is ours or not ours.get(name):
        return f"{value:,}"
    return f"{value:,} (× {value / ours[name]:.2g})"


if __name__ == "__main__":
    main()
