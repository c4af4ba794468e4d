"""Load as the service meets it: `make bench-load`, or `python -m benchmarks.load FOLDER`.

    python -m benchmarks.load FOLDER [--staff 300] [--strangers 1000] [--minutes 20]
                              [--database postgresql://…]

FOLDER is a demonstration's (`benchmarks.grow` makes a copy of one large). The documented web line
is started on it, then people come: staff who pause five seconds between two pages and of whose
requests one in twenty writes (a contact is logged), and strangers on the public pages. Prints one
JSON object: how long pages took (50, 95 and 99 of 100), requests a second, failures, what the
processor worked for a request (which others on the machine change little), and the memory of the
web's processes at the start, after each tenth of the time, and at the end. The first minute, in
which everybody arrives and each process reads what it keeps, is not counted. With `--database`
the web reads that one, which must hold the same demonstration (`flask copy-sqlite`).
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
from benchmarks.running import House
from config import SECRETS

PEOPLE = ("hin", "hin", "national", "ics", "innovator")
"""Networks are more than the others."""
WORDS = ("falls", "remote monitoring", "heart failure", "sepsis", "care home", "cardic")
RECORD = re.compile(r'href="(/innovations/\d+)[?"]')
CHALLENGE = re.compile(r'href="(/challenges/\d+)"')
TICK = r'name="{}"[^>]*value="(\d+)"'
WARM_SECONDS = 60
PUBLIC = ("/", "/exchange", "/challenges", "/innovations", "/ideas", "/reports")


class Staff(HttpUser):
    """Somebody who is signed in and reads, and now and then writes."""

    wait_time = constant(5)

    signed_in: ClassVar[dict[str, dict[str, str]]] = {}
    """The cookies of each role. A demonstration has few accounts, and who tries often is slowed
    down: all of a role share what the first of them got."""

    @classmethod
    def sign_in(cls, address: str) -> None:
        """Sign each role in, before anybody comes: all at once would wait for one another."""
        for role in sorted(set(PEOPLE)):
            first = Browser(address, f"{role}@demo.example")
            cls.signed_in[role] = dict(first.session.cookies)

    def on_start(self) -> None:
        """Go on as somebody of a role."""
        self.role = random.choice(PEOPLE)
        self.records, self.challenges = ["/innovations"], ["/challenges"]
        self.browser = Browser.__new__(Browser)
        self.browser.session, self.browser.url = self.client, self.client.base_url
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
        found = self.client.get("/search", params={"page": page}, name="/search?page=")
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
            form = self.browser.form("opened")
            # Chosen anew each time: the same form twice within minutes is refused.
            chosen = {name: random.choice(ways)[0] for name, ways in form.offered.items()}
            self.browser.send(form, **chosen)
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


def processes(house: House) -> list[psutil.Process]:
    """Return the web's processes."""
    web = psutil.Process(house.running["web"].pid)
    return [web, *web.children(recursive=True)]


def memory(house: House) -> float:
    """Return how many megabytes the web's processes have that they share with nobody."""
    return round(sum(one.memory_full_info().uss for one in processes(house)) / 1e6, 1)


def worked(house: House) -> float:
    """Return the seconds that the processor has worked for the web."""
    times = [one.cpu_times() for one in processes(house)]
    return float(sum(one.user + one.system for one in times))


def row(entry: StatsEntry) -> dict[str, Any]:
    """Return the line of one kind of page."""
    times = {f"p{n}": entry.get_response_time_percentile(n / 100) for n in (50, 95, 99)}
    return {"requests": entry.num_requests, "failures": entry.num_failures, **times}


def loaded(house: House, said: argparse.Namespace) -> dict[str, Any]:
    """Let people come, wait, and return what was seen."""
    environment = Environment(user_classes=[Staff, Stranger], host=house.url)
    Staff.fixed_count, Stranger.fixed_count = said.staff, said.strangers
    if said.staff:
        Staff.sign_in(house.url)
    runner = environment.create_local_runner()
    held = [memory(house)]
    runner.start(said.staff + said.strangers, spawn_rate=25)
    gevent.sleep(WARM_SECONDS)
    environment.stats.reset_all()
    before = worked(house)
    for _ in range(10):
        gevent.sleep(said.minutes * 6)
        held.append(memory(house))
    stats, spent = environment.stats, worked(house) - before
    runner.quit()
    pages = {entry.name: row(entry) for entry in sorted(stats.entries.values(), key=_slowest)}
    failed = [f"{one.name}: {one.error} ({one.occurrences})" for one in stats.errors.values()]
    whole = {**row(stats.total), "a_second": round(stats.total.total_rps, 1)}
    whole["ms_of_processor"] = round(spent * 1000 / max(stats.total.num_requests, 1), 1)
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
    own = {name: (folder / kept).read_text() for name, kept in zip(SECRETS, secrets, strict=True)}
    database = said.database or f"sqlite:///{folder / 'portal.db'}"
    house = House(folder, database, {**own, "DEMO": "1"})
    house.start("web")
    try:
        print(json.dumps(loaded(house, said), indent=1))
    finally:
        house.kill_all()


if __name__ == "__main__":
    main()
