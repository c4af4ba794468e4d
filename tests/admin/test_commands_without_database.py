"""A command says in one line that the database is away, and ends with 1."""

from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError, ProgrammingError

from tests.conftest import make_app

COMMANDS = [
    ["db", "upgrade"],
    ["accounts", "renew-secrets"],
    ["jobs", "run"],
    ["search", "rebuild"],
]


class Refused(Exception):
    """What a driver raises, with the server's code."""

    def __init__(self, words: str, sqlstate: str | None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


@pytest.fixture
def away(tmp_path: Path) -> Flask:
    """An application whose database lies where nothing can be."""
    return make_app(f"sqlite:///{tmp_path}/no/such/folder/portal.db", tmp_path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_without_its_database_says_so_in_one_line(away: Flask, command: Any) -> None:
    with away.app_context():
        done = away.test_cli_runner().invoke(args=command)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    (line,) = done.output.strip().splitlines()
    assert line.startswith("Error: The database cannot be reached.")
    assert "Look at DATABASE_URL" in line


@pytest.mark.parametrize("code", [None, "28P01", "3D000", "57P03"])
def test_what_the_server_answers_is_said(app: Flask, code: str | None) -> None:
    said = Refused('connection failed:\n  password authentication failed for user "x"', code)
    error = OperationalError("SELECT 1", {}, said)
    with mock.patch("portal.accounts.cli.app_secrets", side_effect=error):
        done = app.test_cli_runner().invoke(args=["accounts", "renew-secrets"])
    assert done.exit_code == 1
    assert (
        'reached. It says: connection failed: password authentication failed for user "x"'
        in done.output
    )
    assert "SELECT 1" not in done.output


def test_a_mistake_of_ours_is_still_a_fault(app: Flask) -> None:
    error = ProgrammingError("SELECT 1", {}, Refused("no such column", "42703"))
    with mock.patch("portal.accounts.cli.app_secrets", side_effect=error):
        done = app.test_cli_runner().invoke(args=["accounts", "renew-secrets"])
    assert isinstance(done.exception, ProgrammingError)
