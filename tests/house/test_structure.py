"""The shape of the house: what DESIGN calls its rooms and layers, kept true."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PORTAL = ROOT / "portal"
LAYERS = {
    *("views", "admin_views", "cli", "tasks", "forms", "session", "serialise", "charts"),
    *("figures", "dimensions"),
    *("listeners", "services", "outbox", "indexing", "queries", "policy", "documents"),
    *("rules", "sections", "engine", "models"),
}
NOT_ROOMS = {"web", "templates", "static"}
ROOMS = sorted(
    path.name
    for path in PORTAL.iterdir()
    if path.is_dir() and path.name not in NOT_ROOMS and (path / "__init__.py").exists()
)
SOURCES = sorted([*PORTAL.rglob("*.py"), *(ROOT / "search_index").rglob("*.py")])
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50
"""Blank lines, docstrings and comments included; ruff counts at most 25 statements."""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_the_layers_that_have_names(room: str) -> None:
    found = {
        path.stem if path.is_file() else path.name
        for path in (PORTAL / room).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - {"__init__"} <= LAYERS


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_MODULE_LINES
    long = [
        f"{node.name} ({(node.end_lineno or 0) - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert not long


def test_no_room_is_empty() -> None:
    assert [room for room in ROOMS if len(list((PORTAL / room).rglob("*.py"))) == 1] == []


def test_the_readme_maps_every_room() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    mapped = set(re.findall(r"^\s*(?:portal/)?([a-z_]+)/ ", text, flags=re.MULTILINE))
    assert set(ROOMS) <= mapped


def test_nothing_at_the_top_that_does_not_belong_there() -> None:
    allowed = {
        *("portal", "search_index", "migrations", "tests", "benchmarks", "docs", ".ci"),
        *("config.py", "wsgi.py", "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md"),
        *("LICENSE", ".gitignore", ".gitattributes", ".git"),
        *(".venv", "instance", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
        *(".import_linter_cache", "__pycache__", "build"),
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.endswith(".egg-info")}
    assert found - allowed == set()
