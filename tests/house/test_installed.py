"""Installed from its wheel the portal needs no checkout: pages, styles and migrations are in it."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_structure import ROOT

PARTS = ("portal", "search_index", "migrations")
ALONE = ("config.py", "wsgi.py", "pyproject.toml", "README.md", "LICENSE")
BUILD = "import sys, setuptools.build_meta as build; print(build.build_wheel(sys.argv[1]))"
LOOK = """
import portal
from portal import create_app
from portal.db import migrations
app = create_app()
with app.app_context():
    migrations.upgrade()
    head = migrations.script_directory.get_current_head()
pages = [app.test_client().get(page).status_code for page in ("/", "/accessibility", "/healthz")]
print(portal.__file__, head, pages, app.config["INSTANCE"], sep="|")
"""


def files(folder: Path) -> Iterator[str]:
    for part in PARTS:
        for path in (folder / part).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(folder))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: building leaves its own folders beside what it builds."""
    pytest.importorskip("setuptools", minversion="77", reason="building needs a newer setuptools")
    folder = tmp_path_factory.mktemp("wheel")
    source, out = folder / "source", folder / "out"
    out.mkdir()
    ignored = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=ignored)
    for name in ALONE:
        shutil.copy(ROOT / name, source / name)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, str(out)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    return next(out.iterdir())


def test_every_file_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as found:
        assert {*files(ROOT), "config.py", "wsgi.py"} - set(found.namelist()) == set()


def test_nothing_else_is_in_it(wheel: Path) -> None:
    """No tests, and nothing of an instance."""
    with zipfile.ZipFile(wheel) as found:
        tops = {name.split("/")[0] for name in found.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        *PARTS,
        "config.py",
        "wsgi.py",
    }


def test_pages_and_migrations_work_outside_a_checkout(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as found:
        found.extractall(site)
    settings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOOK],
        cwd=elsewhere,
        env={**settings, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, head, pages, instance = done.stdout.strip().split("|")
    assert Path(where).is_relative_to(site)
    assert head == max(path.stem[:4] for path in (ROOT / "migrations").glob("0*.py"))
    assert pages == "[200, 200, 200]"
    assert Path(instance) == elsewhere / "instance"
