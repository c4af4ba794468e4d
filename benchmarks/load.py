"""Load as the service meets it: `make bench-load`, or `python -m benchmarks.load FOLDER`.

    python -m benchmarks.load FOLDER [--staff 300] [--strangers 1000] [--minutes 20]
                              [--database postgresql://…]

FOLDER is a demonstration's (`benchmarks.grow` makes a copy of one large). The documented web line
is started on it, then people come: staff who pause five seconds between two pages and of whose
requests one in twenty writes (a contact is logged), and strangers on the public pages. Prints one
JSON object: how long pages took (50, 95 and 99 of 100), requests a second, failures, and the
memory of the web's processes at the start, after each tenth of the time, and at the end. With
`--database` the web reads that one, which must hold the same demonstration (`flask copy-sqlite`).
Locust (extra `bench`) sends the requests: it keeps thousands of people apart in one process.
"""

import argparse
import json
import random
import re
import time
from pathlib import Path
from typing import Any, ClassVar

import gevent
import psutil
from locust import HttpUser, between, constant, task
from locust.env import Environment
from locust.stats import StatsEntry

from benchmarks.browsing import Browser
from benchmarks.faults import House

PEOPLE = ("hin", "hin", "national", "ics", "innovator")
"""Networks are more than the others."""
WORDS = ("falls", "remote monitoring", "heart failure", "sepsis", "care home", "cardic")
RECORD = re.compile(r'href="(/innovations/\d+)"')
CHALLENGE = re.compile(r'href="(/challenges/\d+)"')
TICK = r'name="{}"[^>]*value="(\d+)"'
PUBLIC = ("/", "/exchange", "/challenges", "/innovations", "/ideas", "/reports")


class Staff(HttpUser):
    """Somebody who is signed in and reads, and now and then writes."""

    wait_time = constant(5)

    signed_in: ClassVar[dict[str, dict[str, str]]] = {}
    """The cookies of each role. A demonstration has few accounts, and who tries often is slowed
    down: all of a role share what the first of them got."""

    def on_start(self) -> None:
        """Sign in, or go on as the first of the role."""
        self.role = random.choice(PEOPLE)
        self.records, self.challenges = ["/innovations"], ["/challenges"]
        self.browser = Browser.__new__(Browser)
        self.browser.session, self.browser.url = self.client, self.client.base_url
        if self.role not in self.signed_in:
            first = Browser(str(self.client.base_url), f"{self.role}@demo.example")
            self.signed_in[self.role] = dict(first.session.cookies)
        self.client.cookies.update(self.signed_in[self.role])

    @task(15)
    def home(self) -> None:
        """Open the first page."""
        self.client.get("/home")

    @task(25)
    def search(self) -> None:
        """Search for something."""
        page = self.client.get("/search", params={"q": random.choice(WORDS)}, name="/search?q=")
        self.records = RECORD.findall(page.text) or self.records

    @task(25)
    def record(self) -> None:
        """Open a record that was found."""
        self.client.get(random.choice(self.records), name="/innovations/<id>")

    @task(10)
    def innovations(self) -> None:
        """Open a page of the list."""
        page = random.randint(1, 5)
        found = self.client.get("/innovations", params={"page": page}, name="/innovations?page=")
        self.records = RECORD.findall(found.text) or self.records

    @task(10)
    def matches(self) -> None:
        """Open a challenge and, as those who may, its matches."""
        found = self.client.get("/challenges")
        self.challenges = CHALLENGE.findall(found.text) or self.challenges
        with self.client.get(
            f"{random.choice(self.challenges)}/matches",
            name="/challenges/<id>/matches",
            catch_response=True,
        ) as answer:
            if answer.status_code in {403, 404}:
                answer.success()

    @task(5)
    def pipeline(self) -> None:
        """Look at the pipeline, as staff."""
        self.client.get("/pipeline" if self.role in {"hin", "national"} else "/challenges")

    @task(5)
    def write(self) -> None:
        """Log a contact, as a network; the others save how they are told."""
        if self.role != "hin":
            self.browser.open("/account/notifications/choices")
            self.browser.send(self.browser.form("opened"))
            return
        page = self.browser.open("/support/interactions/add")
        form = self.browser.form("minutes")
        ticked = {name: re.findall(TICK.format(name), page) for name in ("kinds", "engagements")}
        typed = {name: values[0] for name, values in ticked.items() if values}
        note = f"Call {time.time_ns()}"  # the same contact twice within minutes is refused
        self.browser.send(form, minutes="15", note=note, **typed)


class Stranger(HttpUser):
    """Somebody who reads what is published."""

    wait_time = between(5, 15)

    @task
    def read(self) -> None:
        """Open a public page."""
        self.client.get(random.choice(PUBLIC))


def memory(house: House) -> float:
    """Return how many megabytes the web's processes have that they share with nobody."""
    web = psutil.Process(house.running["web"].pid)
    each = [web, *web.children(recursive=True)]
    return round(sum(one.memory_full_info().uss for one in each) / 1e6, 1)


def row(entry: StatsEntry) -> dict[str, Any]:
    """Return the line of one kind of page."""
    times = {f"p{n}": entry.get_response_time_percentile(n / 100) for n in (50, 95, 99)}
    return {"requests": entry.num_requests, "failures": entry.num_failures, **times}


def loaded(house: House, said: argparse.Namespace) -> dict[str, Any]:
    """Let people come, wait, and return what was seen."""
    environment = Environment(user_classes=[Staff, Stranger], host=house.url)
    Staff.fixed_count, Stranger.fixed_count = said.staff, said.strangers
    runner = environment.create_local_runner()
    held = [memory(house)]
    runner.start(said.staff + said.strangers, spawn_rate=10)
    for _ in range(10):
        gevent.sleep(said.minutes * 6)
        held.append(memory(house))
    stats = environment.stats
    runner.quit()
    pages = {entry.name: row(entry) for entry in sorted(stats.entries.values(), key=_slowest)}
    failed = [f"{one.name}: {one.error} ({one.occurrences})" for one in stats.errors.values()]
    whole = {**row(stats.total), "a_second": round(stats.total.total_rps, 1)}
    return {"all": whole, "memory_mb": held, "failed": failed[:10], "pages": pages}


def _slowest(entry: StatsEntry) -> float:
    return -entry.avg_response_time


def main() -> None:
    """Serve a demonstration and load it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--staff", type=int, default=300)
    parser.add_argument("--strangers", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--database", default="")
    said = parser.parse_args()
    folder = said.folder.resolve()
    secrets = ("secret_key", "password_salt", "two_factor_secret", "audit_key")
    names = ("SECRET_KEY", "SECURITY_PASSWORD_SALT", "TWO_FACTOR_SECRET", "AUDIT_KEY")
    own = {name: (folder / kept).read_text() for name, kept in zip(names, secrets, strict=True)}
    database = said.database or f"sqlite:///{folder / 'portal.db'}"
    house = House(folder, database, {**own, "DEMO": "1"})
    house.start("web")
    try:
        print(json.dumps(loaded(house, said), indent=1))
    finally:
        house.kill_all()


if __name__ == "__main__":
    main()
