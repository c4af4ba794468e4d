"""What happens when things break: `python -m benchmarks.faults`, `--seconds 300` for longer.

Starts the documented web line, a worker and, with `--postgresql`, a server of its own, in a folder
of its own (with `--tmpfs`, as root, on a small disk of its own, which is then filled). A program
writes all the time by the API and tries again what was not acknowledged, by the same key. After
each fault every acknowledged write must be there once. Prints a line of JSON for each fault; ends
with 1 if anything was lost, was there twice, or did not heal.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import faults_night
from benchmarks.running import House, expect, wait_until, writing
from tests.postgres import _run, binaries, running_postgres

MAX_WRITES = 3000


def killed_at_random(house: House, seconds: float) -> str:
    """Kill web and worker at random moments; something starts them again, as systemd does."""
    chance, kills = random.Random(), 0
    end = time.monotonic() + seconds
    with writing(house):
        while not kills or time.monotonic() < end:
            time.sleep(chance.uniform(0.2, 2))
            for what in chance.sample(["web", "worker"], chance.choice([1, 2]) if kills else 2):
                house.kill(what)
                house.start(what)
                kills += 1
    return f"{kills} kills, {len(house.acknowledged)} writes acknowledged"


def damaged_index(house: House, *, at_once: bool = False) -> str:
    """Damage and delete files of the search index, of every kind one (`at_once`: before anybody
    looks); search answers, `check` says so, `rebuild` mends it."""
    rebuilt(house)
    names = ("current.json", "texts.npy", "records.sqlite3")
    for group in [names] if at_once else [(name,) for name in names]:
        for name in group:
            _damage(house, name)
        expect(house.answers("/search?q=record") == 200, f"no search with a damaged {group}")
        expect(house.flask("search", "check").returncode == 1, f"check saw nothing of {group}")
        rebuilt(house)
        expect(house.flask("search", "check").returncode == 0, f"{group} is still damaged")
    return "search answers, “search check” says it, “flask search rebuild” mends it"


def rebuilt(house: House) -> None:
    """Make the search index anew."""
    made = house.flask("search", "rebuild")
    expect(made.returncode == 0, made.stderr)


def _damage(house: House, name: str) -> None:
    """Change the last bytes of one file of this name; delete it where it is an array."""
    found = sorted((house.folder / "search").rglob(name))
    expect(bool(found), f"the index has no {name}: {sorted(os.listdir(house.folder / 'search'))}")
    if name.endswith(".npy"):
        found[-1].unlink()
    else:
        found[-1].write_bytes(found[-1].read_bytes()[:-9] + b"no index!")


def full_disk(house: House) -> str:
    """Fill the disk: reading goes on, writing is refused by a page, and goes on once there is
    room."""
    filler = house.folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 1):
            with suppress(OSError):
                while True:
                    file.write(b"x" * size)
    codes: set[int] = set()
    # The log of the database has room left in itself: some hundred writes go well.
    for _ in range(MAX_WRITES):
        codes.add(house.write(f"full-{time.time_ns()}"))
        if 503 in codes:
            break
    page = house.answers("/terms")
    filler.unlink()
    expect(page == 200, page)
    expect(codes <= {201, 503}, codes)
    expect(503 in codes, "the disk was never full")
    wait_until(lambda: house.write(f"room-{time.time_ns()}") == 201, "writing never went on")
    return "writing is answered by 503, pages open; writing goes on once there is room"


def killed_migration(house: House) -> str:
    """Kill `flask db upgrade` of an empty database at random moments; the next one ends it."""
    kills = 0
    with TemporaryDirectory() as name:
        env = {**house.env, "DATABASE_URL": f"sqlite:///{name}/portal.db"}
        line = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        for seconds in (4, 6, 8):
            process = subprocess.Popen(line, env=env, stderr=subprocess.DEVNULL)
            try:
                process.wait(seconds + random.random())
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
        done = subprocess.run(line, env=env, check=False, capture_output=True, text=True)
        expect(done.returncode == 0, done.stderr[-500:])
    return f"{kills} kills; the same command again ends it"


def stopped_database(house: House, server: "Server") -> str:
    """Stop PostgreSQL while programs write; pages say so, and writing goes on by itself."""
    with writing(house):
        time.sleep(1)
        server.stop()
        expect(house.answers("/healthz") == 200, "/healthz did not answer 200")
        expect(house.answers("/readyz") == 503, "/readyz did not answer 503")
        expect(house.answers("/search?q=x") == 503, "/search?q=x did not answer 503")
        server.start()
        wait_until(lambda: house.answers("/readyz") == 200, "it never answered again")
    return (
        "/healthz 200, /readyz and pages 503; after its start all goes on, nobody restarts the web"
    )


class Server:
    """A PostgreSQL that can be stopped and started."""

    def __init__(self, url: str) -> None:
        socket_folder = Path(url.rpartition("host=")[2])
        self.url, folder = url, binaries() or Path()
        self._control, self._data = folder / "pg_ctl", socket_folder.parent / "data"
        self._options = f"-k {socket_folder} -c listen_addresses=''"
        self._log = socket_folder.parent / "log"

    def stop(self) -> None:
        """Stop it at once, as a power cut does."""
        _run(self._control, "-D", self._data, "-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again: durable, as in production."""
        log = ("-l", self._log)
        _run(self._control, "-D", self._data, "-w", "-o", self._options, *log, "start")


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a disk in memory for the while (root alone may)."""
    with TemporaryDirectory(prefix="portal-faults-") as name:
        place = Path(name, "disk")
        place.mkdir()
        options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
        subprocess.run(["mount", *options], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def run(said: argparse.Namespace, stack: ExitStack) -> bool:
    """Try every fault; returns whether all held."""
    if said.tmpfs:
        folder = stack.enter_context(small_disk(64))
    else:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="portal-faults-")), "portal")
    server = None
    if said.postgresql:
        server = Server(stack.enter_context(running_postgres()))
        server.stop()
        server.start()
    house = House(folder, server.url if server else f"sqlite:///{folder / 'portal.db'}")
    house.fill()
    stack.callback(house.kill_all)
    house.start("web")
    house.start("worker")
    faults: list[tuple[str, Callable[[], str]]] = [
        ("killed at random", lambda: killed_at_random(house, said.seconds)),
        ("index damaged", lambda: damaged_index(house, at_once=said.short)),
    ]
    if said.tmpfs:
        faults.append(("disk full", lambda: full_disk(house)))
    if server is not None:
        faults.append(("PostgreSQL stopped", lambda: stopped_database(house, server)))
    if not said.short:
        faults += [
            ("migration killed", lambda: killed_migration(house)),
            ("mail, two workers", lambda: faults_night.bad_mail(house)),
            ("job fails", lambda: faults_night.failing_job(house)),
        ]
    held = [tried(house, name, fault) for name, fault in faults]
    return all(held)


def tried(house: House, name: str, fault: Callable[[], str]) -> bool:
    """Try one fault, and say what was seen; returns whether it held.

    Whatever goes wrong is the problem of this fault alone: the others are still to be tried.
    """
    try:
        seen, problems = fault(), house.problems()
    except Exception as problem:  # noqa: BLE001 - see above
        seen, problems = "", [f"{type(problem).__name__}: {problem}"]
    print(json.dumps({"fault": name, "seen": seen, "problems": problems[:5]}), flush=True)
    return not problems


def main() -> None:
    """Try every fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="of kills at random")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--tmpfs", action="store_true", help="on a small disk, which is filled")
    parser.add_argument(
        "--short", action="store_true", help="what is tried in a minute: fewer kills and runs"
    )
    with ExitStack() as stack:
        held = run(parser.parse_args(), stack)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
