"""`flask init` writes the settings with which production starts, and says all that is wrong."""

import runpy
import stat
import subprocess
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from portal.admin.cli import init
from tests.house.test_structure import ROOT

RIGHT = {
    "--server-name": "portal.example.org",
    "--database-url": "postgresql://portal@/portal?host=/run/postgresql&connect_timeout=5",
    "--mail-server": "smtp.example.org",
    "--mail-sender": "The portal <portal@example.org>",
    "--trusted-proxies": "1",
}
WRONG = {
    "server_name": "https://portal.example.org",
    "database_url": "mysql://x",
    "mail_server": "smtp://x",
    "mail_sender": "nobody",
    "trusted_proxies": "one",
}


def ask(file: Path, **other: str) -> Result:
    told = RIGHT | {f"--{name.replace('_', '-')}": said for name, said in other.items()}
    parts = [part for pair in told.items() for part in pair]
    return CliRunner().invoke(init, [str(file), *parts])


def answer(file: Path, *lines: str, given: tuple[str, ...] = ()) -> Result:
    """Without a terminal: what is typed comes from a file."""
    return CliRunner().invoke(init, [str(file), *given], input="".join(f"{x}\n" for x in lines))


def settings_in(file: Path) -> dict[str, str]:
    lines = [line.partition("=") for line in file.read_text(encoding="utf-8").splitlines()]
    return {name: said.strip('"') for name, _, said in lines}


def test_production_starts_with_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    done = ask(file)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = settings_in(file)
    found = config.settings({"INSTANCE": str(tmp_path), **told})
    assert found["PRODUCTION"]
    assert found["SERVER_NAME"] == "portal.example.org"
    assert found["TRUSTED_PROXIES"] == 1
    assert len({told[name] for name in config.SECRETS}) == len(config.SECRETS)
    for name in config.SECRETS:
        assert told[name] not in done.output


@pytest.mark.parametrize("settings", [{}, {"PRODUCTION": "1"}, {"MAIL_PORT": "smtp"}])
def test_it_needs_no_settings_and_makes_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]
) -> None:
    """In an image that says PRODUCTION=1 already; a folder would hold four secrets of no use."""
    for name, said in settings.items():
        monkeypatch.setenv(name, said)
    monkeypatch.chdir(tmp_path)
    assert ask(Path("settings")).exit_code == 0
    assert [one.name for one in tmp_path.iterdir()] == ["settings"]


def test_flask_finds_it_without_the_application() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = told["project"]["entry-points"]["flask.commands"].items()
    assert found[0] == "init"
    assert EntryPoint(*found, "flask.commands").load() is init


def test_what_is_to_be_done_next_is_a_line_for_a_shell(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    done = ask(folder / "settings")
    line = next(x for x in done.output.splitlines() if x.startswith("Next: ")).removeprefix(
        "Next: "
    )
    loaded = line.partition("; then")[0]
    said = subprocess.run(
        ["/bin/sh", "-c", f'{loaded}; printf %s "$DATABASE_URL $MAIL_SENDER"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{RIGHT['--database-url']} {RIGHT['--mail-sender']}"


def test_a_file_that_is_there_is_left_alone_before_anything_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    ask(file)
    before = file.read_bytes()
    done = answer(file)
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert "Host of the service" not in done.output
    assert file.read_bytes() == before


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    done = ask(tmp_path / "nowhere" / "settings")
    assert done.exit_code == 1
    assert "cannot be written: No such file or directory" in done.output


def test_all_that_is_wrong_is_said_at_once_and_nothing_written(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    done = ask(file, **WRONG)
    assert done.exit_code == 1
    for name in WRONG:
        assert f"set {name.upper()} to" in done.output
    for name in WRONG:
        assert f"say {name.upper()}" in ask(file, **{name: " "}).output
    assert not file.exists()


@pytest.mark.parametrize("odd", ['a"b', "a'b", "a$(id)", "a`id`", "a\\b", "a\nb"])
def test_what_a_shell_would_read_otherwise_is_refused(tmp_path: Path, odd: str) -> None:
    done = ask(tmp_path / "settings", database_url=f"postgresql://portal:{odd}@db/portal")
    assert "leave out quotation marks" in done.output
    assert "%24" in done.output
    assert not (tmp_path / "settings").exists()


def test_answers_are_asked_for_and_a_wrong_one_again(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    right = list(RIGHT.values())
    done = answer(file, WRONG["server_name"], "", right[0], WRONG["database_url"], *right[1:4], "")
    assert done.exit_code == 0, done.output
    assert done.output.count("set SERVER_NAME to a host such as portal.example.org") == 1
    assert done.output.count("set DATABASE_URL to") == 1
    assert settings_in(file)["MAIL_SERVER"] == "smtp.example.org"
    assert settings_in(file)["TRUSTED_PROXIES"] == "1"


def test_without_somebody_who_answers_the_options_are_named(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    done = answer(file, "portal.example.org", given=("--mail-server", "smtp.example.org"))
    assert done.exit_code == 1
    assert "give --database-url, --mail-sender, --trusted-proxies" in done.output
    assert not file.exists()


def test_wrong_settings_are_said_without_lines_of_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, said in {"INSTANCE": str(tmp_path), "PRODUCTION": "1", "MAIL_PORT": "smtp"}.items():
        monkeypatch.setenv(name, said)
    with pytest.raises(SystemExit, match="It does not start: the settings are wrong") as refused:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert refused.value.__suppress_context__
    assert "MAIL_PORT" in str(refused.value)
    assert "set -a; . FILE; set +a" in str(refused.value)
