"""More of what breaks at night, for `benchmarks.faults`: mail, jobs, two workers."""

import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, select, update

from benchmarks.running import House, expect, wait_until
from portal.jobs import Job, JobState
from portal.notifications.models import Email

NO_WORK = "imports.apply"
"""A kind of job that takes other arguments than the ones it is given here."""


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server of moods: says nothing, refuses everybody for now, or takes all."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        """Listen at a free port of this machine."""
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood = "silent"
        self.asked = 0
        self.took: Counter[str] = Counter()


class _Talk(socketserver.StreamRequestHandler):
    """One connection, by RFC 5321."""

    server: MailServer

    def handle(self) -> None:
        """Answer each line, in the server's mood."""
        self.server.asked += 1
        if self.server.mood == "silent":
            self.rfile.read(1)
            return
        self._say("220 here")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT"):
                recipient = line.partition("<")[2].rpartition(">")[0]
                refuses = self.server.mood == "refusing"
                self._say("450 later" if refuses else "250 taken")
            elif word == "DATA":
                self._say("354 go on")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                self.server.took[recipient] += 1
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 gone")
                return
            else:
                self._say("250 yes")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server for the while."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def laid(house: House, *what: str) -> None:
    """Lay something into the portal (`benchmarks.faults_fill`)."""
    line = [sys.executable, "-m", "benchmarks.faults_fill", *what]
    subprocess.run(line, env=house.env, check=True, stdout=subprocess.DEVNULL)


def again(house: House, *whats: str, **settings: str) -> None:
    """Start processes again with settings beside their own."""
    for what in whats:
        house.kill(what)
    house.settings = {**house.settings, **settings}
    for what in whats:
        house.start(what)


def bad_mail(house: House) -> str:
    """A mail server says nothing, then refuses, then takes all, with two workers at once: each
    email leaves once, and other work goes on all the while."""
    names = [f"person{number}" for number in range(12)]
    with mail_server() as server:
        port = str(server.server_address[1])
        told = {"MAIL_BACKEND": "smtp", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port}
        again(house, "worker", **told, MAIL_TIMEOUT="2")
        house.start("worker", "worker 2")
        try:
            for mood in ("silent", "refusing"):
                server.mood, before = mood, server.asked
                laid(house, "emails", *names)
                wait_until(lambda seen=before: server.asked > seen, f"{mood}: nobody asked")
                expect(house.write(f"mail-{time.time_ns()}") == 201, f"{mood}: no writing")
            expect(not server.took, server.took)
            server.mood = "taking"
            _end_pauses(house)
            house.flask("notifications", "send")
            wait_until(lambda: _waiting_emails(house) == 0, "emails still wait")
        finally:
            house.kill("worker 2")
        left = {name: server.took[f"{name}@example.org"] for name in names}
        expect(set(left.values()) == {2}, left)
    again(house, "worker", MAIL_BACKEND="file")
    return f"silent, refusing, taking: {len(names) * 2} emails, each left once; writing went on"


def failing_job(house: House) -> str:
    """A job cannot be done: it is tried three times and kept as failed; others are done."""
    laid(house, "job", NO_WORK)
    wait_until(lambda: _states(house).get(NO_WORK) == JobState.FAILED, "it never failed")
    expect(house.flask("search", "check").returncode == 0, "the index was not brought up to date")
    return "tried again twice, then on the page of jobs as failed; other jobs were done"


def _end_pauses(house: House) -> None:
    """Let the time come at which each email is tried again: the pauses are minutes and hours."""
    with create_engine(house.address).begin() as connection:
        connection.execute(update(Email).values(next_at=None))


def _waiting_emails(house: House) -> int:
    with create_engine(house.address).connect() as connection:
        return len(connection.execute(select(Email.id).where(Email.sent_at.is_(None))).all())


def _states(house: House) -> dict[str, JobState]:
    with create_engine(house.address).connect() as connection:
        rows = connection.execute(select(Job.kind, Job.state).order_by(Job.id))
        return {row.kind: row.state for row in rows}
