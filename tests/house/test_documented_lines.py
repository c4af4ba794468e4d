"""The lines that documentation prints for whoever runs the portal do what they say, as printed:
the first start on an empty place, web and worker, backup, restore, the audit trail's check.

`pip` and `venv` alone are left out: the environment of the tests stands for what they make
(`tests/house/test_installed.py` installs the wheel).
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from threading import Thread
from typing import Any

import pytest
import requests
from sqlalchemy import make_url

from benchmarks.faults_night import MailServer
from benchmarks.running import free_port, wait_until
from tests.house.test_installed import ALONE, PARTS
from tests.house.test_structure import ROOT
from tests.postgres import binaries, fresh_database

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
NEW_SHELL = ". .venv/bin/activate; set -a; . ./settings; set +a\n"
"""What documentation says to do in each shell, before any command."""
PASSWORD = "a long password that nobody guesses"


def block(page: str, begins: str) -> str:
    """Return the one block of a page that begins with these words."""
    every = [dedent(said) for said in BLOCK.findall((DOCS / page).read_text("utf-8"))]
    found = [said for said in every if said.startswith(begins)]
    assert len(found) == 1, f"{page} has {len(found)} blocks that begin with {begins!r}"
    return found[0]


class Place:
    """An empty place: a checkout, a database, a folder for backups."""

    def __init__(self, folder: Path, database: str, mail_port: int) -> None:
        """Lay the checkout out in the folder."""
        self.folder, self.database, self.mail_port = folder, database, mail_port
        self.port = free_port()
        (folder / "backups").mkdir(parents=True)
        for name in {*PARTS, *ALONE}:
            (folder / name).symlink_to(ROOT / name)
        activate = folder / ".venv" / "bin" / "activate"
        activate.parent.mkdir(parents=True)
        paths = f"{Path(sys.executable).parent}:{binaries()}"
        activate.write_text(f'PATH="{paths}:$PATH"\n', encoding="utf-8")

    @property
    def prelude(self) -> str:
        """Return what stands for the person at the keyboard, and for pip."""
        answers = f"portal.example.org\\n{self.database}\\n127.0.0.1\\nportal@example.org\\n\\n"
        twice = f"{PASSWORD}\\n{PASSWORD}\\n"
        return f"""
            set -euo pipefail
            python3() {{ [ "$1 $2" = "-m venv" ]; }}
            pip() {{ [ "$1" = install ]; }}
            answered() {{
              case "$*" in
                *" init settings"*) printf '{answers}' ;;
                *" users create "*) printf '{twice}' ;;
              esac
            }}
            flask() {{ answered "$@" | command flask "$@"; }}
        """

    def run(self, said: str, *, first: bool = False) -> subprocess.CompletedProcess[str]:
        """Run printed lines in one shell, and return what they said."""
        begun = "" if first else NEW_SHELL
        lines = f"{self.prelude}\n{begun}{said.replace('/backups/', f'{self.folder}/backups/')}"
        return subprocess.run(
            ["bash", "-c", lines], **self.around, capture_output=True, text=True, check=False
        )

    @property
    def around(self) -> dict[str, Any]:
        """Return where a new shell stands and what it knows: nothing of this run's settings. It has
        no terminal: a password is asked for there where there is one."""
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
        found = {name: os.environ[name] for name in kept if name in os.environ}
        # The code is not copied: it would take the folder of the checkout that it lies in, and the
        # environment of the tests may know another checkout.
        here = {"INSTANCE": str(self.folder / "instance"), "PYTHONPATH": str(self.folder)}
        return {"cwd": self.folder, "env": {**found, **here}, "start_new_session": True}

    @contextmanager
    def started(self, said: str) -> Iterator[None]:
        """Let a printed line run beside; ends it as a service manager does."""
        lines = f"{NEW_SHELL}exec {said}"
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(["bash", "-c", lines], **self.around, stdout=log, stderr=log)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=120)

    def web(self) -> str:
        """Return the documented server line, at a free port; another server's where that one is
        not installed."""
        told = (DOCS / "operating.md").read_text("utf-8")
        line = re.findall(r"`(gunicorn [^`]*wsgi:app)`", told)[0]
        at = f"127.0.0.1:{self.port}"
        if find_spec("gunicorn"):
            return str(line).replace("wsgi:app", f"--bind {at} wsgi:app")
        return f"waitress-serve --listen={at} wsgi:app"

    def code(self, path: str) -> int:
        """Return what the proxy in front would get."""
        headers = {"Host": "portal.example.org", "X-Forwarded-Proto": "https"}
        try:
            found = requests.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60)
        except requests.ConnectionError:
            return 0
        return found.status_code


@pytest.fixture
def place(database: str, tmp_path: Path) -> Iterator[Place]:
    """An empty place, and a mail server that takes all."""
    with MailServer() as mail:
        mail.mood = "takes"
        Thread(target=mail.serve_forever, daemon=True).start()
        url = database.replace("+psycopg", "")
        yield Place(tmp_path / "checkout", url, int(mail.server_address[1]))
        mail.shutdown()


def done(found: subprocess.CompletedProcess[str]) -> str:
    """Return what lines said that came to their end."""
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-3000:]
    return found.stdout


def test_the_lines_for_who_runs_it_do_what_they_say(
    place: Place, postgres_url: str, tmp_path: Path
) -> None:
    *lines, doctor = block("operating.md", "python3 -m venv").strip().splitlines()
    done(place.run("\n".join(lines), first=True))
    settings = place.folder / "settings"
    assert settings.stat().st_mode & 0o777 == 0o600
    with settings.open("a", encoding="utf-8") as more:
        more.write(f'MAIL_PORT="{place.mail_port}"\n')
    with ExitStack() as stack:
        stack.enter_context(place.started("flask --app wsgi jobs work"))
        stack.enter_context(place.started(place.web()))
        wait_until(lambda: place.code("/readyz") == 200, "the web never answered")
        assert place.code("/account/sign-in") == 200
        wait_until(lambda: "at work a moment ago" in done(place.run(doctor)), "no worker")
        done(place.run(block("operating/backup.md", "flask --app wsgi backup /")))

    it_is_restored_elsewhere(place, postgres_url, tmp_path)


def it_is_restored_elsewhere(place: Place, postgres_url: str, tmp_path: Path) -> None:
    """Into an empty database and an empty folder, with the settings that were kept."""
    kept = (place.folder / "settings").read_text("utf-8")
    with fresh_database(postgres_url, tmp_path / "not-used") as url:
        other = Place(tmp_path / "other", url.replace("+psycopg", ""), place.mail_port)
        was, now = (make_url(one).database for one in (place.database, url))
        (other.folder / "settings").write_text(kept.replace(f"/{was}?", f"/{now}?"), "utf-8")
        (other.folder / "backups").rmdir()
        (other.folder / "backups").symlink_to(place.folder / "backups")
        restore = "operating/restore.md"
        done(other.run(block(restore, "flask --app wsgi backup verify")))
        done(other.run(block(restore, "flask --app wsgi restore")))
        assert "agree" in done(other.run(block(restore, "flask --app wsgi db upgrade")))
    with fresh_database(postgres_url, tmp_path / "not-used") as url:
        aside = block(restore, "createdb look\nINSTANCE=").replace("createdb look\n", "")
        aside = aside.replace("postgresql:///look", f"'{url.replace('+psycopg', '')}'")
        done(other.run(re.sub("/[a-z]+/look", str(tmp_path / "look"), aside)))
