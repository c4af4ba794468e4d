"""Time reading 120,000 places of the national directory, and finding one.

    python -m benchmarks.places [places]

Files in the published layouts are made up and read into a database of their own, on SQLite or
where DATABASE_URL says; printed are the seconds of a first and of a second reading, the longest
step (each is one transaction that writes), and the milliseconds of a search.
"""

import csv
import os
import random
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask

from portal import create_app
from portal.db import Base, db
from portal.reference import services
from portal.reference.queries.sites import find_sites
from portal.reference.rules.ods import BY_NAME
from portal.reference.serialise import rows_of
from portal.reference.services import ods
from portal.reference.services.ods_file import LoadResult, OdsFile

PLACES = 120_000
SHARES = {"etr": 0.002, "ets": 0.37, "epraccur": 0.128, "edispensary": 0.1, "ecarehomesite": 0.4}
FIRST = (
    "St Mary",
    "Royal",
    "North",
    "Rose",
    "Willow",
    "Park",
    "Victoria",
    "Station",
    "Manor",
    "Elm",
)
LAST = {
    "etr": ("NHS Foundation Trust", "University Hospitals NHS Trust"),
    "ets": ("Infirmary", "Community Hospital", "Outpatient Department", "Health Centre"),
    "epraccur": ("Surgery", "Medical Centre", "Practice"),
    "edispensary": ("Pharmacy", "Chemist"),
    "ecarehomesite": ("Care Home", "Nursing Home", "Home Care", "House"),
}
SEARCHES = (
    *("care home", "rose", "st mary hosp", "zz1", "royal infirmary town7", "s", "the", "a b c"),
    *("care surgery", "nursing home willow town12", "R0001", "no such place", "community hospital"),
)


def portal(folder: Path) -> Flask:
    """Return an application with empty tables and the reference data."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'places.db'}"
    app = create_app({"INSTANCE": str(folder), "SQLALCHEMY_ENGINES": {"default": url}})
    with app.app_context():
        Base.metadata.create_all(db.engine)
        services.load()
        db.session.commit()
    return app


def write(folder: Path, report: str, count: int, made: random.Random) -> Path:
    """Write a file of made-up places; every part of it the same for the same seed."""
    path = folder / f"{report}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number in range(count):
            rows.writerow(row(report, number, made))
    return path


def row(report: str, number: int, made: random.Random) -> list[str]:
    """Return a row of the common layout."""
    shapes = {"etr": f"R{number:02X}", "epraccur": f"A{number:05}"}
    code = shapes.get(report, f"{report[:3].upper()}{number:06}")
    name = f"{made.choice(FIRST)} {made.choice(FIRST)} {made.choice(LAST[report])}".upper()
    above = {"ets": f"R{number % 240:02X}", "epraccur": "16C"}.get(report, "")
    status, role = ("ACTIVE", "RO76") if report in ("epraccur", "edispensary") else ("", "")
    cells = [code, name, "Y60", made.choice(("QWU", "QHL", "QUA")), "1 HIGH STREET", "", ""]
    cells += [f"TOWN{made.randrange(900)}", "", f"ZZ{number % 99} {number % 9}AA", "20100401", ""]
    return [*cells, status, "", above, *[""] * 6, "1", "", "", "", role, ""]


def read(path: Path) -> tuple[float, float, int]:
    """Read a file as the command does; return its seconds, those of the longest step, its rows."""
    report = BY_NAME[path.stem]
    file = OdsFile(report, partial(rows_of, path, 27), path.name, date(2026, 6, 1))
    begun = time.perf_counter()
    rows = ods.check(file)
    db.session.rollback()
    longest, last = 0.0, time.perf_counter()
    for _ in ods.read(file, LoadResult()):
        db.session.commit()
        longest, last = max(longest, time.perf_counter() - last), time.perf_counter()
    return time.perf_counter() - begun, longest, rows


def search() -> None:
    """Print the milliseconds of each search: the median and the longest of ten."""
    for typed in SEARCHES:
        times = []
        for _ in range(10):
            begun = time.perf_counter()
            found = find_sites(typed)
            times.append((time.perf_counter() - begun) * 1000)
            db.session.rollback()
        print(
            f"{typed:<28} {median(times):6.1f} ms, longest {max(times):6.1f} ms, {len(found.sites)}"
        )


def main(places: int = PLACES) -> None:
    """Make the files, read them twice, and search."""
    with tempfile.TemporaryDirectory() as name:
        folder, made = Path(name), random.Random(7)
        with portal(folder).app_context():
            paths = [write(folder, r, max(1, int(places * s)), made) for r, s in SHARES.items()]
            for again in ("first", "second"):
                told = [read(path) for path in paths]
                seconds, longest = sum(t[0] for t in told), max(t[1] for t in told)
                rows = sum(t[2] for t in told)
                print(
                    f"{again} reading: {rows:,} rows, {seconds:.1f} s, longest step {longest:.2f} s"
                )
            search()
            db.session.close()
            db.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PLACES)
