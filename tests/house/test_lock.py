"""The locked versions fit what the project asks for, and each has hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
EXTRAS = ("server", "postgres", "redis", "s3", "pdf")
"""What a production installation has; `make lock` names the same."""
LOCKED = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)(?: ;[^\\]*)?\s*\\?$", re.MULTILINE
)


def asked() -> list[Requirement]:
    """Return what the project requires in production."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (one for name in EXTRAS for one in project["optional-dependencies"][name])
    return [Requirement(one) for one in (*project["dependencies"], *extras)]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_lock_fits_the_project(version: str) -> None:
    text = (ROOT / f"docs/operating/lock/python-{version}.txt").read_text(encoding="utf-8")
    locked = {canonicalize_name(name): found for name, found in LOCKED.findall(text)}
    wrong = [
        str(one)
        for one in asked()
        if not one.specifier.contains(locked.get(canonicalize_name(one.name), "0"))
    ]
    assert wrong == []
    assert len(locked) > 80
    assert text.count("--hash=sha256:") >= len(locked)
    assert "://" not in text, "a lock names no host"
