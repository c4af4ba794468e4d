"""The pipeline's views beside DuckDB and pandas, over the same rows, in one run.

`python -m benchmarks.pipeline` makes 3,000 and 30,000 innovations (`--sizes`; `--postgres` too).
The portal's time is that of its own functions, labels included, as the page calls them; DuckDB
runs the portal's own statement over tables in memory, pandas the same group-bys over frames in
memory. Every answer is compared before it is timed; one connection and one thread each.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from benchmarks.pipeline_rows import Maker, store, tables_read
from portal import create_app
from portal.accounts.models import Actor, Role
from portal.db import Base, db
from portal.reference import services as reference
from portal.reference.queries import today
from portal.reports.queries import network, stages
from portal.reports.queries.crosstab import Asked, crosstab, statement
from portal.reports.queries.values import Values, all_values
from search_index.evaluate import percentile

READER = Actor(user_id=1, role=Role.NATIONAL)
CROSSTABS = (
    ("stage", "care_setting"),
    ("condition_group", "stage"),
    ("region", "proven"),
    ("hin", "level"),
    ("quarter", "organisation_kind"),
)
TIMES = 15


def main() -> None:
    """Measure what was asked for and print one table for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="3000,30000", help="innovations, separated by commas")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    chosen = parser.parse_args()
    for size in map(int, chosen.sizes.split(",")):
        with world(size, postgres=chosen.postgres):
            measure(size, "PostgreSQL" if chosen.postgres else "SQLite")


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


def measure(size: int, engine: str) -> None:
    """Print one line for each view."""
    frames = {table.name: _frame(table) for table in tables_read()}
    duck = duckdb.connect(config={"threads": 1})
    for name, frame in frames.items():
        duck.register("loaded", frame)
        duck.execute(f'CREATE TABLE "{name}" AS SELECT * FROM loaded')  # noqa: S608 - our names
    values = all_values()
    print(f"\n{size:,} innovations, {engine} | p50 ms | p95 ms | DuckDB p50 ms | pandas p50 ms")
    on = today()
    line("By stage", lambda: stages.standing(READER, on))
    line("HIN × HIN", lambda: network.shared(READER))
    for row, column in CROSSTABS:
        asked = Asked(row, column)
        duck_sql = _for_duckdb(asked, values)
        answer = {tuple(r) for r in db.session.execute(statement(READER, asked, values)) if r[-1]}
        theirs = {tuple(r) for r in duck.execute(duck_sql).fetchall() if r[-1]}
        same(answer, theirs, f"DuckDB, {row} × {column}")
        panda = Pandas(frames, values).of(row, column)
        same(_counted(asked, values), panda(), f"pandas, {row} × {column}")
        line(
            f"{row} × {column}",
            lambda asked=asked: crosstab(READER, asked, all_values()),  # type: ignore[misc]
            lambda sql=duck_sql: duck.execute(sql).fetchall(),  # type: ignore[misc]
            panda,
        )


def _counted(asked: Asked, values: Values) -> list[int]:
    """Return the portal's counts, margins and total included, in order."""
    return sorted(n for n in crosstab(READER, asked, values).whole.cells.values() if n)


def same(ours: object, theirs: object, what: str) -> None:
    """Stop when another engine counted something else."""
    if ours != theirs:
        raise SystemExit(f"not the same answer: {what}")


def line(name: str, *engines: Callable[[], Any]) -> None:
    """Time the engines in turn and print their medians; the first one's p95 too."""
    found = [timed(engine) for engine in engines]
    cells = [f"{percentile(found[0], 0.5):.1f}", f"{percentile(found[0], 0.95):.1f}"]
    cells += [f"{percentile(times, 0.5):.1f}" for times in found[1:]]
    print(" | ".join([name, *cells]))


def timed(run: Callable[[], Any]) -> list[float]:
    """Return the milliseconds of every run after the first, which warms caches."""
    run()
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    return times


def _for_duckdb(asked: Asked, values: Values) -> str:
    """Return the portal's own statement: DuckDB reads PostgreSQL's dialect."""
    compiled = statement(READER, asked, values).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    return str(compiled).replace("%%", "%")


def _frame(table: Any) -> pd.DataFrame:
    """Return a table as the engines hold it: enums by their value, as the database does."""
    found = db.session.execute(select(table)).mappings().all()
    frame = pd.DataFrame([dict(row) for row in found], columns=[c.name for c in table.columns])
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = [getattr(value, "value", value) for value in frame[column]]
    return frame


class Pandas:
    """The five cross-tabs as group-bys over frames in memory."""

    def __init__(self, frames: dict[str, pd.DataFrame], values: Values) -> None:
        self.frames, self.values = frames, values

    def of(self, row: str, column: str) -> Callable[[], list[int]]:
        """Return a run that counts cells, margins and total; it returns the counts in order."""

        def run() -> list[int]:
            base = self.frames["innovation"]
            base = base[base["life"] == "submitted"][["id"]].rename(columns={"id": "innovation_id"})
            rows, columns = (base.merge(self._pairs(key), how="left") for key in (row, column))
            both = rows.merge(columns, on="innovation_id", suffixes=("_row", "_column"))
            sizes = [
                both.groupby(["value_row", "value_column"], dropna=False).size(),
                rows.groupby("value", dropna=False).size(),
                columns.groupby("value", dropna=False).size(),
            ]
            return sorted([len(base), *(n for size in sizes for n in size if n)])

        return run

    def _pairs(self, key: str) -> pd.DataFrame:
        return getattr(self, f"_{key}")().rename(columns={"id": "innovation_id"})

    def _stage(self) -> pd.DataFrame:
        return self.frames["innovation"][["id", "stage_id"]].rename(columns={"stage_id": "value"})

    def _terms(self, vocabulary: str, column: str) -> pd.DataFrame:
        terms = self.frames["term"]
        terms = terms[terms["vocabulary"] == vocabulary][["id", column]]
        terms = terms.set_axis(["term_id", "value"], axis=1)
        return self.frames["innovation_term"].merge(terms)[["innovation_id", "value"]]

    def _care_setting(self) -> pd.DataFrame:
        pairs = self.frames["innovation_term"]
        terms = self.frames["term"]
        ids = terms[terms["vocabulary"] == "care_setting"]["id"]
        return pairs[pairs["term_id"].isin(ids)].rename(columns={"term_id": "value"})

    def _condition_group(self) -> pd.DataFrame:
        return self._terms("condition", "group").drop_duplicates()

    def _region(self) -> pd.DataFrame:
        regions = self.frames["ics"].set_index("id")["region_id"]
        found = self.frames["innovation"]
        return pd.DataFrame({"id": found["id"], "value": found["ics_id"].map(regions)})

    def _proven(self) -> pd.DataFrame:
        found = self.frames["innovation"]
        until = pd.to_datetime(found["is_proven_until"])
        return pd.DataFrame({"id": found["id"], "value": until >= pd.Timestamp(today())})

    def _live(self) -> pd.DataFrame:
        found = self.frames["engagement"]
        return found[~found["state"].isin(["unsuitable", "closed"])]

    def _hin(self) -> pd.DataFrame:
        return self._live()[["innovation_id", "hin_id"]].rename(columns={"hin_id": "value"})

    def _level(self) -> pd.DataFrame:
        found = self._live()[["innovation_id", "level"]].rename(columns={"level": "value"})
        return found.dropna().drop_duplicates()

    def _quarter(self) -> pd.DataFrame:
        found = self.frames["innovation"]
        local = pd.to_datetime(found["submitted_at"], utc=True).dt.tz_convert("Europe/London")
        value = local.dt.tz_localize(None).dt.to_period("Q-MAR")
        return pd.DataFrame({"id": found["id"], "value": value})

    def _organisation_kind(self) -> pd.DataFrame:
        kinds = self.frames["organisation"].set_index("id")["kind"]
        found = self.frames["innovation"]
        return pd.DataFrame({"id": found["id"], "value": found["organisation_id"].map(kinds)})


if __name__ == "__main__":
    main()
