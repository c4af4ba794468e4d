"""The pipeline's views beside DuckDB and pandas, over the same rows, in one run.

`python -m benchmarks.pipeline` makes 3,000 and 30,000 innovations (`--sizes`; `--large` makes
100,000 too; `--postgres`). The portal's time is that of its own functions as the page calls them,
the names of values included; DuckDB runs the portal's own statements over tables in memory, pandas
the same group-bys over frames in memory. Every answer is compared before it is timed, the engines
take turns, and each has one connection and one thread.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import Date, DateTime, select
from sqlalchemy.dialects import postgresql

from benchmarks.catalogue import ROOT
from benchmarks.pipeline_pandas import Pandas
from benchmarks.pipeline_rows import Maker, store, tables_read
from portal import create_app
from portal.accounts.models import Actor, Role
from portal.clock import today
from portal.db import Base, db
from portal.pipeline.queries import flow, network, stages
from portal.pipeline.queries.crosstab import CrosstabQuery, crosstab, statement
from portal.pipeline.queries.values import all_values
from portal.pipeline.rules.days import quarters_until
from portal.reference import services as reference
from search_index.evaluate import percentile

READER = Actor(user_id=1, role=Role.NATIONAL)
CROSSTABS = (
    ("stage", "care_setting"),
    ("condition_group", "stage"),
    ("region", "proven"),
    ("hin", "level"),
    ("quarter", "organisation_kind"),
)
TIMES = 21
RESULTS = ROOT / "benchmarks" / "results"
HEAD = "| View | p50 | p95 | DuckDB | pandas | × DuckDB |\n|---|---:|---:|---:|---:|---:|"

Run = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class View:
    """One view: the portal's function, its statements, and the same in pandas."""

    name: str
    portal: Run
    statements: Sequence[Any]
    pandas: Run | None = None
    told: Run | None = None
    """The portal's answer in the shape of pandas' answer."""


def main() -> None:
    """Measure what was asked for, print one table for each size and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="3000,30000", help="innovations, separated by commas")
    parser.add_argument("--large", action="store_true", help="100,000 innovations as well")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    chosen, _ = parser.parse_known_args()
    sizes = [int(size) for size in chosen.sizes.split(",")] + [100_000] * chosen.large
    engine, rows = "PostgreSQL" if chosen.postgres else "SQLite", []
    for size in sizes:
        with world(size, postgres=chosen.postgres):
            found = [{"records": size, "engine": engine, **row} for row in measure()]
        print(f"\n{size:,} innovations, {engine}; milliseconds\n\n{table(found)}", flush=True)
        rows += found
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = f"pipeline-{engine.lower()}.json"
    (RESULTS / name).write_text(json.dumps(rows, indent=2), encoding="utf-8")


@contextmanager
def world(size: int, *, postgres: bool) -> Iterator[None]:
    """Give the portal a database of its own with that many innovations."""
    with tempfile.TemporaryDirectory() as folder, _url(Path(folder), postgres=postgres) as url:
        app = create_app(
            {
                "INSTANCE": folder,
                "SQLALCHEMY_ENGINES": {"default": url},
                "JOBS_URL": f"sqlite:///{folder}/jobs.db",
            }
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            reference.load()
            db.session.commit()
            store(Maker(size).all())
            yield
            db.session.rollback()
            db.engine.dispose()


@contextmanager
def _url(folder: Path, *, postgres: bool) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'pipeline.db'}"
        return
    from tests.postgres import running_postgres  # noqa: PLC0415 - only when measured

    with running_postgres() as url:
        yield url


def measure() -> list[dict[str, Any]]:
    """Return one row for each view: p50 and p95 of the portal, medians of the others."""
    frames = {found.name: _frame(found) for found in tables_read()}
    duck = duckdb.connect(config={"threads": 1})
    for name, frame in frames.items():
        duck.register("loaded", frame)
        duck.execute(f'CREATE TABLE "{name}" AS SELECT * FROM loaded')  # noqa: S608 - our names
    return [_row(view, duck) for view in views(Pandas(frames, today()))]


def views(pandas: Pandas) -> list[View]:
    """Return every view that is measured."""
    on, values = today(), all_values()
    since, quarters = on - timedelta(days=144), quarters_until(on, 8)
    days = [min(quarter.last, on) for quarter in quarters]
    found = [
        View(
            "By stage: totals, proven, stale, added",
            lambda: stages.standing(READER, on),
            [stages.by_stage(READER, on)],
            pandas.stages,
            lambda: sorted(
                (row.stage_id, row.total, row.proven, row.stale, row.added)
                for row in db.session.execute(stages.by_stage(READER, on))
            ),
        ),
        View(
            "HIN × HIN",
            lambda: network.shared(READER, on),
            [network.pairs(READER, on)],
            pandas.matrix,
            lambda: sorted(tuple(row) for row in db.session.execute(network.pairs(READER, on))),
        ),
        *(_crosstab(CrosstabQuery(row, column), pandas) for row, column in CROSSTABS),
    ]
    past = CrosstabQuery("stage", "care_setting", day=since)
    found.append(
        View(
            "Stage × care setting, a past day",
            lambda: crosstab(READER, past, all_values()),
            [statement(READER, past, values)],
        )
    )
    found.append(
        View(
            "Flow and medians of 144 days",
            lambda: flow.flow(READER, since, on),
            [flow.moves_of(READER, since, on), flow.medians_of(READER, since, on)],
        )
    )
    found.append(
        View(
            "Stages over eight quarters",
            lambda: flow.over_quarters(quarters, on),
            [flow.by_day(days)],
        )
    )
    return found


def _crosstab(asked: CrosstabQuery, pandas: Pandas) -> View:
    def counts() -> list[float]:
        whole = crosstab(READER, asked, all_values()).whole
        return sorted(n for n in whole.cells.values() if n)

    row, column = (dimension.label for dimension in asked.dimensions)
    return View(
        f"{row} × {column[0].lower()}{column[1:]}",
        lambda: crosstab(READER, asked, all_values()),
        [statement(READER, asked, all_values())],
        pandas.crosstab(asked.row, asked.column),
        counts,
    )


def _row(view: View, duck: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    texts = [_for_duckdb(one) for one in view.statements]
    for one, text in zip(view.statements, texts, strict=True):
        same(_rows(db.session.execute(one)), _rows(duck.execute(text).fetchall()), view.name)
    if view.told is not None and view.pandas is not None:
        same(view.told(), view.pandas(), f"pandas, {view.name}")
    engines: dict[str, Run] = {
        "portal": view.portal,
        "duckdb": lambda: [duck.execute(text).fetchall() for text in texts],
    }
    if view.pandas is not None:
        engines["pandas"] = view.pandas
    times = timed(engines)
    row = {"view": view.name, "p50": percentile(times["portal"], 0.5)}
    row["p95"] = percentile(times["portal"], 0.95)
    row |= {name: percentile(times[name], 0.5) for name in engines if name != "portal"}
    return row | {"ratio": row["p50"] / row["duckdb"]}


def _rows(found: Any) -> list[tuple[float | None, ...]]:
    """Return rows as they can be compared, those that count nothing left out."""
    told = [tuple(None if n is None else round(float(n), 3) for n in row) for row in found]
    return sorted((row for row in told if row[-1]), key=str)


def same(ours: object, theirs: object, what: str) -> None:
    """Stop when another engine counted something else."""
    if ours != theirs:
        raise SystemExit(f"not the same answer: {what}")


def timed(engines: dict[str, Run]) -> dict[str, list[float]]:
    """Return the milliseconds of every run, the engines in turn, so that what else the machine does
    slows all of them; the first, which warms caches, is left out."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    for turn in range(TIMES + 1):
        for name, run in engines.items():
            begun = time.perf_counter()
            run()
            if turn:
                times[name].append((time.perf_counter() - begun) * 1000)
    return times


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a table."""
    lines = [HEAD]
    for row in rows:
        times = [f"{row[key]:.1f}" if key in row else "" for key in ("p50", "p95", "duckdb")]
        pandas = f"{row['pandas']:.1f}" if "pandas" in row else ""
        lines.append(f"| {row['view']} | {' | '.join([*times, pandas])} | {row['ratio']:.1f} |")
    return "\n".join(lines)


def _for_duckdb(one: Any) -> str:
    """Return the portal's own statement: DuckDB reads PostgreSQL's dialect."""
    compiled = one.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")


def _frame(table: Any) -> pd.DataFrame:
    """Return a table as the engines hold it: enums by their value, as the database does."""
    columns = [column for column in table.columns if column.name not in {"changes", "findings"}]
    found = db.session.execute(select(*columns)).all()
    frame = pd.DataFrame(found, columns=[column.name for column in columns])
    for column in columns:
        held = frame[column.name]
        if isinstance(column.type, Date):
            frame[column.name] = pd.to_datetime(held)
        elif isinstance(getattr(column.type, "impl", column.type), DateTime):
            frame[column.name] = pd.to_datetime(held, utc=True)
        elif held.dtype == object:
            frame[column.name] = [getattr(value, "value", value) for value in held]
    return frame


if __name__ == "__main__":
    main()
