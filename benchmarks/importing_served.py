"""Measure a list of 800 messy rows brought in by the pages while somebody else saves.

    python -m benchmarks.importing_served [csv|xlsx] [ROWS]

The demonstration is made in a temporary folder (INSTANCE names one that is there already, which is
used up), and served on SQLite with a worker beside it, each a process of its own. HIN staff send
the list, match its columns and values, look at the rows, bring them in, undo all of it, bring it in
again and send it once more; in the second time the worker is killed in the middle and the next goes
on. All the while an innovator saves a section of a record, a second after the last time. Prints one
JSON object of seconds and counts, with the transactions that held SQLite's lock longest.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import select

from benchmarks.browsing import Browser
from benchmarks.importing_files import HEADER, ROWS, as_csv, as_xlsx, rows
from portal import create_app
from portal.accounts.models import Membership, Organisation, User
from portal.db import db, reading
from portal.imports.views.rows import REFRESH_SECONDS
from portal.reference.models import Site
from portal.reference.queries import ics_ids_served

ROOT = Path(__file__).parents[1]
HANA = "hin@demo.example"
PATIENCE = 900
"""Seconds after which what is waited for will not come."""
MEANS = {"Ready to adopt": "READY", "ready for adoption": "READY", "Spreading": "SPREAD"}
DONE = re.compile(
    r"(Made|Changed|Left as it was|Not brought in|Undone|Changed since: decide|Kept): ([\d,]+)"
)
VERDICT = re.compile(r"(New|Changes|The same|Perhaps a duplicate|Wrong|Kept by others)\s*\((\d+)\)")


@dataclass
class Portal:
    """A served portal, its worker and what they wrote down."""

    folder: Path
    port: int
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *what: str) -> "subprocess.Popen[bytes]":
        """Start a process that serves or works."""
        log = str(self.folder / f"{what[0]}.log")
        command = [sys.executable, "-m", "benchmarks.watched", log, *what]
        errors = (self.folder / f"{what[0]}.err").open("ab")
        found = subprocess.Popen(command, cwd=ROOT, env=environment(self.folder), stderr=errors)
        self.processes.append(found)
        return found

    def longest(self, what: str) -> list[str]:
        """Return the longest transactions of its server or worker."""
        log = self.folder / f"{what}.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return sorted(lines, key=lambda line: -float(line.split()[0]))[:6]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a demonstration in a folder."""
    return {**os.environ, "DEMO": "1", "INSTANCE": str(folder), "PYTHONPATH": str(ROOT)}


@contextmanager
def served(folder: Path) -> Iterator[Portal]:
    """Make the demonstration where it is not there yet, and serve it with a worker."""
    load = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
    subprocess.run(load, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        portal = Portal(folder, free.getsockname()[1])
    try:
        portal.start("serve", str(portal.port))
        until(lambda: answers(portal.address))
        yield portal
    finally:
        for process in portal.processes:
            process.kill()
            process.wait()


def answers(address: str) -> bool:
    """Whether a portal answers."""
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


def until(holds: Callable[[], object], every: float = 0.25) -> None:
    """Wait until something holds, looking every so many seconds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError("what was waited for did not come")
        time.sleep(every)


class Saver(threading.Thread):
    """An innovator who saves a section of a record all the while."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.browser = Browser(address, "innovator@demo.example")
        self.page = self._page()
        self.done, self.took = threading.Event(), []  # type: ignore[var-annotated]
        self.failed: list[str] = []

    def _page(self) -> str:
        """Return the page of a section that they may change: of some records they only read."""
        listed = self.browser.open("/innovations")
        for number in dict.fromkeys(re.findall(r'href="/innovations/(\d+)"', listed)):
            page = f"/innovations/{number}/edit/need"
            if self.browser.may_open(page):
                return page
        raise RuntimeError("there is no record that they may change")

    def run(self) -> None:
        """Open the section, save it, wait a second, and again."""
        while not self.done.wait(1):
            try:
                self.browser.open(self.page)
                form = self.browser.form("need")
                began = time.monotonic()
                self.browser.send(form, need=f"Delays, as seen {len(self.took)} times")
                self.took.append(time.monotonic() - began)
            except (RuntimeError, requests.ConnectionError) as wrong:
                self.failed.append(str(wrong)[:300])

    def since(self, count: int) -> dict[str, Any]:
        """Return how long its saves took after so many."""
        took = sorted(self.took[count:]) or [0.0]
        return {
            "saves": len(took),
            "median": round(took[len(took) // 2], 2),
            "longest": round(took[-1], 2),
            "over_a_second": sum(one >= 1 for one in took),
        }


@dataclass
class Bringing:
    """HIN staff who bring the list in by the pages."""

    browser: Browser
    base: str = ""
    looks_every: float = REFRESH_SECONDS
    """Seconds after which it looks again how far a job is."""
    times: int = 0

    def send(self, name: str, data: bytes) -> None:
        """Send the file, match what is not known, and have the rows looked at."""
        self.browser.open("/import/new/innovations")
        file = {"file": (name, data)}
        self.times += 1  # exactly the same again, within minutes, is asked about
        source = f"Our list, June 2026, brought in {self.times} times"
        self.browser.send(self.browser.form("source"), files=file, source=source)
        self.base = re.sub(r"/sheet.*", "", self.browser.url)
        self.browser.send(self.browser.form("header_row"))
        self.browser.send(self.browser.form("c0"))
        form = self.browser.form()
        typed = {name: self._meant(form.labels.get(name, "")) for name in form.offered}
        self.browser.send(form, **{name: code for name, code in typed.items() if code})

    def _meant(self, label: str) -> str:
        value = re.search("“(.*)”", label)
        return MEANS.get(value[1].strip(), "") if value else ""

    def press(self, to: str) -> None:
        """Press a button of the import's page."""
        self.browser.open(self.base)
        self.browser.send(self.browser.form(to=to))

    def confirm(self, to: str) -> None:
        """Press the button of a page that asks first."""
        self.browser.open(f"{self.base}{to}")
        self.browser.send(self.browser.form())

    def wait(self) -> None:
        """Wait until its job has ended."""
        until(self._is_at_rest, every=self.looks_every)

    def _is_at_rest(self) -> bool:
        page = self.browser.open(self.base)
        return "You can leave this page" not in page

    def said(self, pattern: re.Pattern[str]) -> dict[str, int]:
        """Return the counts that its page tells."""
        text = re.sub(r"<[^>]+>", "", self.browser.open(self.base))
        return {
            what: int(n.replace(",", "")) for what, n in pattern.findall(" ".join(text.split()))
        }


class Measured:
    """What was measured, by name."""

    def __init__(self, saver: Saver) -> None:
        self.saver, self.said = saver, {}  # type: ignore[var-annotated]

    def seconds(self, name: str, *steps: Callable[[], object]) -> None:
        """Do something and keep how many seconds it took, and how long saves took meanwhile."""
        began, count = time.monotonic(), len(self.saver.took)
        for step in steps:
            step()
        took = round(time.monotonic() - began, 1)
        self.said[name] = {"seconds": took, **self.saver.since(count)}
        print(name, self.said[name], file=sys.stderr, flush=True)


def facts(folder: Path) -> tuple[list[str], str]:
    """Return places of the area of the demonstration's HIN staff, and an email address there."""
    os.environ.update(environment(folder))
    with create_app().app_context(), reading():
        signed_in = select(Organisation.hin_id).join(Membership).join(Membership.user)
        hin_id = db.session.scalars(signed_in.where(User.email == HANA)).first()
        area = ics_ids_served(hin_id or 0)
        found = select(Site.code).where(Site.ics_id.in_(area)).order_by(Site.code).limit(12)
        return list(db.session.scalars(found)), HANA


def measure(portal: Portal, name: str, data: bytes) -> dict[str, Any]:
    """Bring the list in, undo it, bring it in again by two workers, and look at it once more."""
    worker = portal.start("work")
    saver = Saver(portal.address)
    saver.start()
    of, hana = Measured(saver), Bringing(Browser(portal.address, HANA))
    of.seconds("before", lambda: time.sleep(15))
    of.seconds("map_and_look", lambda: hana.send(name, data), hana.wait)
    of.said["looked_at"] = hana.said(VERDICT)
    of.seconds("bring_in", lambda: hana.press("/apply"), hana.wait)
    of.said["brought_in"] = hana.said(DONE)
    of.seconds("undo", lambda: hana.confirm("/undo"), hana.wait)
    of.said["undone"] = hana.said(DONE)
    of.seconds("again", lambda: hana.send(name, data), hana.wait)
    of.seconds("killed", lambda: hana.press("/apply"), lambda: kill_in_the_middle(hana, worker))
    portal.start("work")
    of.seconds("by_the_next", hana.wait)
    of.said["by_two_workers"] = hana.said(DONE)
    of.seconds("once_more", lambda: hana.send(name, data), hana.wait)
    of.said["looked_at_once_more"] = hana.said(VERDICT)
    saver.done.set()
    saver.join()
    of.said["saves_that_failed"] = saver.failed[:3]
    return of.said


def kill_in_the_middle(hana: Bringing, worker: "subprocess.Popen[bytes]") -> None:
    """Kill the worker once a quarter of the rows is done."""
    until(lambda: _share(hana.browser.open(hana.base)) >= 0.25)
    worker.kill()
    worker.wait()


def _share(page: str) -> float:
    found = re.search(r"<progress[^>]*?max=\"(\d+)\"[^>]*?value=\"(\d+)\"", page)
    found = found or re.search(r"<progress[^>]*?value=\"(\d+)\"[^>]*?max=\"(\d+)\"", page)
    if not found:
        return 0.0
    low, high = sorted(map(int, found.groups()))
    return low / high if high else 0.0


def main() -> None:
    """Measure and print."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "csv"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else ROWS
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(os.environ.get("INSTANCE") or temporary)
        with served(folder) as portal:
            lines = rows(*facts(folder), count)
            data = as_xlsx(lines) if kind == "xlsx" else as_csv(lines)
            said = {"rows": count, "columns": len(HEADER), "file": kind}
            said |= measure(portal, f"pipeline.{kind}", data)
            said |= {f"longest_{what}": portal.longest(what) for what in ("work", "serve")}
    print(json.dumps(said, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
