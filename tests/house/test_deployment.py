"""The files by which it is put on a server: they agree with the code, with each other, and with the
tools that read them."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import NEEDED
from tests.house.test_installed import ALONE, PARTS
from tests.house.test_structure import ROOT

CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
FOLDER = ROOT / "docs" / "operating"
UNITS = sorted((FOLDER / "systemd").iterdir())
SETTINGS = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "config.py").read_text(encoding="utf-8")))
SERVER = re.compile(r"--workers 2 .*wsgi:app")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """What compose.yaml says."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def instruction(name: str) -> list[str]:
    """Return what follows each instruction of the Containerfile, its lines joined."""
    joined = CONTAINERFILE.replace("\\\n", " ")
    return re.findall(rf"^\s*{name} (.*)$", joined, flags=re.MULTILINE)


def test_the_image_copies_all_that_the_wheel_needs() -> None:
    copied = [line.split()[:-1] for line in instruction("COPY") if "--from" not in line]
    names = {name for line in copied for name in line}
    locked = "docs/operating/lock/python-3.13.txt"
    assert names == {*PARTS, *ALONE, locked}
    assert all((ROOT / name).exists() for name in names)


def test_the_image_is_not_run_as_root_and_says_how_it_is() -> None:
    assert instruction("USER") == ["10001"]
    check = instruction("HEALTHCHECK")[0]
    assert "/healthz" in check
    compile(json.loads(check[check.index("CMD") + 3 :])[2], "healthcheck", "exec")


def test_one_server_line_everywhere() -> None:
    image = " ".join(json.loads(instruction("CMD")[-1]))
    unit = (FOLDER / "systemd" / "portal-web.service").read_text(encoding="utf-8")
    told = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    lines = {found[0] for text in (image, unit, told) if (found := SERVER.search(text))}
    assert len(lines) == 1, lines
    assert len([text for text in (image, unit, told) if SERVER.search(text)]) == 3


def test_web_and_worker_have_the_same_settings_and_folders(compose: dict[str, Any]) -> None:
    web, worker = compose["services"]["web"], compose["services"]["worker"]
    assert {**web["environment"], "WEB_CONCURRENCY": None} == {
        **worker["environment"],
        "WEB_CONCURRENCY": None,
    }
    for name in ("image", "volumes", "read_only", "cap_drop", "security_opt", "tmpfs"):
        assert web[name] == worker[name]
    assert web["read_only"]
    assert web["cap_drop"] == ["ALL"]


def test_compose_sets_what_production_needs_and_nothing_that_is_not_read(
    compose: dict[str, Any],
) -> None:
    given = set(compose["services"]["web"]["environment"])
    assert set(NEEDED) <= given
    assert given - SETTINGS == set()


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    given = compose["services"]["web"]["environment"]
    assert [name for name in NEEDED if ":?" not in given[name]] == []


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, one in compose["services"].items() if "ports" in one] == ["proxy"]
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}
    mounted = compose["services"]["proxy"]["volumes"][0].split(":")[0]
    assert (ROOT / mounted).is_file()


def test_the_proxy_takes_as_much_as_the_portal(compose: dict[str, Any]) -> None:
    text = (FOLDER / "Caddyfile").read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")
    assert set(re.findall(r"max_size (\S+)|_buffers (\S+)", text)) == {("25MB", ""), ("", "25MB")}
    host, port = re.findall(r"reverse_proxy (\w+):(\d+)", text)[0]
    assert host in compose["services"]
    assert instruction("EXPOSE") == [port]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_understood(unit: Path, tmp_path: Path) -> None:
    """With programs that are there in the place of the portal's, which are not on this machine."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: install it to run this test")
    for one in UNITS:
        text = one.read_text(encoding="utf-8")
        (tmp_path / one.name).write_text(re.sub(r"/opt/portal/bin/\w+", "/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )
    about_it = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, about_it) == (0, []), done.stderr


def test_units_run_as_somebody_who_can_write_only_where_they_must() -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        if unit.suffix == ".service":
            assert "User=portal\n" in text
            assert "ProtectSystem=strict\n" in text
            assert shlex.split(re.findall(r"^ExecStart=(.*)$", text, flags=re.M)[0])


def test_commands_run_as_web_and_worker_do(tmp_path: Path) -> None:
    """`portal doctor`: with their user, settings and folder, wherever root stands."""
    unit = (FOLDER / "systemd" / "portal-web.service").read_text(encoding="utf-8")
    text = (FOLDER / "portal").read_text(encoding="utf-8")
    for shared in ("/etc/portal/settings", "INSTANCE", "/var/lib/portal", "/opt/portal/bin/"):
        assert shared in text
        assert shared in unit
    settings, runs = tmp_path / "settings", tmp_path / "runuser"
    settings.write_text('MAIL_SENDER="The portal <portal@example.org>"\n', encoding="utf-8")
    runs.write_text(
        '#!/bin/sh\necho "$*|$MAIL_SENDER|$INSTANCE|$PRODUCTION|$HOME|$(pwd)|$(umask)"\n'
    )
    runs.chmod(0o755)
    for name, here in (("/etc/portal/settings", settings), ("/var/lib/portal", tmp_path)):
        text = text.replace(name, str(here))
    done = run_script(text, tmp_path)
    assert done.stdout.strip().split("|") == [
        "-u portal -- /opt/portal/bin/flask --app wsgi backup /backups/a b",
        "The portal <portal@example.org>",
        *(str(tmp_path), "1", str(tmp_path), str(tmp_path), "0077"),
    ]
    settings.unlink()
    refused = run_script(text, tmp_path)
    assert refused.returncode == 1
    assert "cannot be read: run it as root" in refused.stderr


def run_script(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", text, "portal", "backup", "/backups/a b"],
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
