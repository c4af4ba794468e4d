"""`flask init` writes the settings with which production starts, and says all that is wrong."""

import stat
from pathlib import Path

from click.testing import Result
from flask import Flask

import config

RIGHT = {
    "--server-name": "portal.example.org",
    "--database-url": "postgresql://portal@/portal?host=/run/postgresql&connect_timeout=5",
    "--mail-server": "smtp.example.org",
    "--mail-sender": "The portal <portal@example.org>",
}


def ask(app: Flask, file: Path, **other: str) -> Result:
    told = RIGHT | {f"--{name.replace('_', '-')}": said for name, said in other.items()}
    parts = [part for pair in told.items() for part in pair]
    return app.test_cli_runner().invoke(args=["init", str(file), *parts])


def settings_in(file: Path) -> dict[str, str]:
    lines = [line.partition("=") for line in file.read_text(encoding="utf-8").splitlines()]
    return {name: said.strip('"') for name, _, said in lines}


def test_production_starts_with_what_was_written(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    done = ask(app, file)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = settings_in(file)
    found = config.settings({"INSTANCE": str(tmp_path), **told})
    assert found["PRODUCTION"]
    assert found["SERVER_NAME"] == "portal.example.org"
    assert len({told[name] for name in config.SECRETS}) == len(config.SECRETS)
    for name in config.SECRETS:
        assert told[name] not in done.output


def test_a_file_that_is_there_is_left_alone(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    ask(app, file)
    before = file.read_bytes()
    done = ask(app, file)
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert file.read_bytes() == before


def test_all_that_is_wrong_is_said_at_once_and_nothing_written(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "settings"
    done = ask(app, file, server_name="https://portal.example.org", database_url="mysql://x")
    assert done.exit_code == 1
    assert "SERVER_NAME" in done.output
    assert "DATABASE_URL" in done.output
    assert "leave out quotation marks" in ask(app, file, mail_server='a"$(id)"').output
    assert not file.exists()
