"""Measure an import of 800 messy rows while somebody else saves: `python -m benchmarks.importing`,
with `--xlsx` of a workbook that holds support, hours and validations as well.

A portal of its own is made in a temporary folder, on SQLite. A HIN sends a semicolon CSV as Excel
writes it; it is matched, looked at, brought in, undone, brought in again, and then sent once more.
All the while another connection saves a row ten times a second, as a colleague would. Prints one
JSON object of seconds, with the longest transactions: how long each held the lock, and in which
functions it was committed.
"""

import io
import json
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import Flask
from sqlalchemy import event, func, select, update

from portal.accounts.models import Membership, User
from portal.accounts.session import actor_of
from portal.db import Base, db, writing
from portal.imports import queries
from portal.imports.models import Import
from portal.imports.rules.mapping import guessed, meaning_of, unknown_values
from portal.imports.serialise.kinds import kind_of
from portal.imports.services import files
from portal.innovations.models import Innovation
from portal.jobs import Job, JobState, run
from portal.reference import services as reference
from portal.web.spreadsheets import read_workbook
from tests.cast import Cast
from tests.conftest import make_app

ROWS = 800
HEADER = (
    "Ref",
    "Company name",
    "Product",
    "Short description",
    "Type",
    "Status",
    "Problem",
    "Care setting",
    "Date added",
    "Proven?",
    "Owner",
)
STATUSES = (
    "Prototype",
    "Ready to adopt",
    "ready for adoption",
    "Spreading",
    "In use at first sites",
)
KINDS = ("Digital", "digital ", "DIGITAL")


def messy(rows: int = ROWS) -> bytes:
    """Return a CSV as Excel saves it in England: Windows-1252, semicolons, dates of every kind."""
    dates = ("03/02/2024", "17 Mar 2023", "2022-11-05", "1.6.2021", "")
    lines = [";".join(HEADER)]
    for n in range(rows):
        stage, kind = STATUSES[n % len(STATUSES)], KINDS[n % len(KINDS)]
        company = f"Maker {n % 300} Ltd" if n % 7 else f"MAKER {n % 300}  LTD"
        product = f"Product {'ABCDEFGHJK'[n % 10]}{n * 7919 % 10007} café"
        short, problem = f"Helps ward {n} with task {n * 31 % 977}", f"Delay number {n * 17 % 991}"
        cells = [
            f"R{n}",
            company,
            product,
            short,
            kind,
            stage,
            problem,
            '"Urgent and emergency; Ambulance"',
            dates[n % 5],
            "yes" if n % 50 == 0 else "",
            "",
        ]
        lines.append(";".join(cells))
    return "\r\n".join(lines).encode("cp1252")


def workbook(rows: int = ROWS) -> bytes:
    """Return the same rows as a workbook, with what a network's list holds beside them."""
    lines = [line.split(";") for line in messy(rows).decode("cp1252").split("\r\n")]
    more = [
        "Support level",
        "Start date",
        "Hours spent",
        "Kind of support",
        "RWV site",
        "RWV start",
    ]
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Pipeline")
        for n, cells in enumerate(lines):
            # The care settings hold the separator: they are one cell here.
            whole = [*cells[:7], "Urgent and emergency; Ambulance", *cells[-3:]] if n else cells
            own = [
                str(n % 3 + 1),
                "2024-06-03",
                f"{n % 9 + 0.5}",
                "Evidence",
                f"Ward {n}",
                "1/7/2024",
            ]
            for column, text in enumerate([*whole, *(own if n else more)]):
                sheet.write_string(n, column, text)
    return body.getvalue()


class Transactions:
    """How long each transaction of a thread held the lock, and where it was committed."""

    def __init__(self) -> None:
        self.thread, self.began, self.longest = threading.get_ident(), 0.0, []  # type: ignore[var-annotated]
        event.listen(db.engine, "begin", self._begin)
        event.listen(db.engine, "commit", self._commit)
        event.listen(db.engine, "rollback", self._commit)

    def _begin(self, _connection: Any) -> None:
        if threading.get_ident() == self.thread:
            self.began = time.monotonic()

    def _commit(self, _connection: Any) -> None:
        if threading.get_ident() != self.thread or not self.began:
            return
        took, self.began = time.monotonic() - self.began, 0.0
        if len(self.longest) < 8 or took > self.longest[-1][0]:
            frames = [
                f
                for f in traceback.extract_stack()
                if "/portal/" in f.filename or "benchmarks" in f.filename
            ]
            where = [f"{f.name}:{f.lineno}" for f in frames[-5:]]
            self.longest = sorted([*self.longest, (took, where)], key=lambda one: -one[0])[:8]

    def said(self) -> list[str]:
        """Return the longest, in seconds, with where each was committed."""
        return [f"{took:.2f} s, {' > '.join(where)}" for took, where in self.longest]


class Saver(threading.Thread):
    """Somebody else who saves all the while; keeps how long the longest save took."""

    def __init__(self, app: Flask, user_id: int) -> None:
        super().__init__(daemon=True)
        self.app, self.user_id = app, user_id
        self.done, self.saves, self.longest = threading.Event(), 0, 0.0
        self.slow: list[float] = []

    def run(self) -> None:
        """Save, wait a tenth of a second, and again."""
        while not self.done.wait(0.1):
            began = time.monotonic()
            with self.app.app_context(), writing():
                name = {"name": f"Saved {self.saves}"}
                db.session.execute(update(User).where(User.id == self.user_id).values(**name))
            took = time.monotonic() - began
            self.longest = max(self.longest, took)
            if took >= 1:
                self.slow.append(round(took, 2))
            self.saves += 1


@contextmanager
def world(folder: Path) -> Iterator[tuple[Flask, int, int]]:
    """Make a portal; yields it, the membership of HIN staff and the user who saves meanwhile."""
    app = make_app(f"sqlite:///{folder / 'portal.db'}", folder)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        reference.load()
        cast = Cast()
        db.session.commit()
        yield app, cast.hin.membership.id, cast.innovator.user.id
        db.engine.dispose()


def begun(membership_id: int, data: bytes, name: str = "crm.csv") -> Import:
    """Send a file and take what is guessed of its columns and values; queue the look at it."""
    membership = db.session.get_one(Membership, membership_id)
    by = actor_of(membership.user, membership)
    kind = kind_of("innovations")
    (_, header), *lines = read_workbook(data, name).lines("")
    importing = files.begin(kind=kind.code, name=name, data=data, source="Our CRM", by=by)
    memory = queries.memory_of(importing.organisation_id, kind.code)
    fields = kind.fields()
    samples = {n: [cells[n] for _, cells in lines[:200]] for n in range(len(header))}
    mapping = {
        name: guess.column
        for name, guess in guessed(fields, header, samples, memory.get("", {})).items()
    }
    files.choose_sheet(importing=importing, sheet="", header_row=1, header=header, mapping=mapping)
    files.match_columns(importing=importing, mapping=mapping, known=[one.name for one in fields])
    chosen: dict[str, dict[str, str]] = {}
    for one in fields:
        texts = [cells[mapping[one.name]] for _, cells in lines] if one.name in mapping else []
        for value in unknown_values(one, texts, {}) if one.is_coded else []:
            chosen.setdefault(one.name, {})[value] = meaning_of(one, value) or "READY"
    files.match_values(importing=importing, chosen=chosen, memory=memory)
    files.start_check(importing=importing, by=by)
    db.session.commit()
    return importing


def work() -> None:
    """Do what waits for imports."""
    waits = (Job.state == JobState.QUEUED) & Job.kind.startswith("imports.")
    for job_id in db.session.scalars(select(Job.id).where(waits)).all():
        run(job_id)


def applied(importing: Import, membership_id: int, start: Callable[..., Any]) -> None:
    """Start something with an import and do it."""
    membership = db.session.get_one(Membership, membership_id)
    start(importing=importing, by=actor_of(membership.user, membership))
    db.session.commit()
    work()


def results(importing: Import) -> dict[str, int]:
    """Return how many rows have each verdict and each result."""
    db.session.expire_all()
    found = {f"is {one.value}": n for one, n in queries.verdicts_of(importing).items()}
    found |= {f"was {one.value}": n for one, n in queries.results_of(importing).items()}
    db.session.commit()  # even to have looked holds SQLite's lock until then
    return found


class Measured:
    """What was measured, by name."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    def seconds(self, name: str, do: Callable[[], Any]) -> Any:
        """Do something and keep how many seconds it took."""
        began = time.monotonic()
        found = do()
        self.said[name] = round(time.monotonic() - began, 1)
        return found


def measure(hin: int, data: bytes, name: str) -> dict[str, Any]:
    """Bring the file in, undo it, bring it in again and look at it once more."""
    of = Measured()
    importing = of.seconds("match", lambda: begun(hin, data, name))
    of.seconds("look", work)
    of.seconds("bring_in", lambda: applied(importing, hin, files.start_apply))
    of.said["first"] = results(importing)
    of.seconds("undo", lambda: applied(importing, hin, files.start_undo))
    of.said["records_after_undo"] = db.session.scalar(select(func.count(Innovation.id)))
    db.session.commit()
    again = begun(hin, data, name)
    work()
    applied(again, hin, files.start_apply)
    of.said["second"] = results(again)
    third = begun(hin, data, name)
    of.seconds("look_again", work)
    of.said["third"] = results(third)
    return of.said


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as (app, hin, saver_id):
        saver = Saver(app, saver_id)
        saver.start()
        transactions = Transactions()
        is_workbook = "--xlsx" in sys.argv
        data = workbook() if is_workbook else messy()
        said = measure(hin, data, "crm.xlsx" if is_workbook else "crm.csv")
        said["longest_transactions"] = transactions.said()
        saver.done.set()
        saver.join()
    print(
        json.dumps(
            said
            | {
                "saves_over_a_second": saver.slow,
                "saves": saver.saves,
                "longest_save": round(saver.longest, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
