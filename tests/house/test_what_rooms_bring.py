"""What a room brings is named in `rooms.py`, `room_pages.py` or `room_rows.py`, a module of pages
in its package, a page in some link: what is forgotten is simply not there."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flask import Flask

from tests.house.test_structure import PORTAL, ROOMS

NAMING = ("rooms", "room_pages", "room_rows")
BROUGHT: Mapping[str, set[str]] = {
    "admin_views": {"blueprint"},
    "dimensions": {"DIMENSIONS"},
    "figures": {"FIGURES"},
    "merging": {"MERGES"},
    "privacy": {"ADDRESS_READERS", "PLACES", "RETENTION"},
    "services": {"RESPONSIBILITIES"},
    "views": {"ASKS", "CARDS", "LISTS", "blueprint"},
}
"""The names of a room's layers that one of the three files takes up."""
IMPORTED = ("cli", "listeners", "tasks")
"""Layers that do their work by being imported, or whose commands have names of their own."""
FOR_OTHERS = ("area_part", "cards", "home", "pieces")
"""Modules of views with what a room puts on pages of others, under names of their own."""


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _taken_up() -> set[str]:
    """Return what the three files name, as "portal.room.layer" and "portal.room.layer.NAME"."""
    found = set()
    for name in NAMING:
        tree = _tree(PORTAL / f"{name}.py")
        alias = {
            one.asname or one.name: f"{node.module}.{one.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for one in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in alias:
                found.add(alias[node.id])
            if isinstance(node, ast.Attribute):
                path = ast.unparse(node).split(".")
                found.add(".".join([alias.get(path[0], path[0]), *path[1:]]))
    return found


def _modules(layer: Path) -> list[Path]:
    one = layer.with_suffix(".py")
    return [one] if one.exists() else sorted(layer.rglob("*.py"))


def _assigned(path: Path) -> set[str]:
    """Return what a module sets at its top."""
    return {
        target.id
        for node in _tree(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def _dotted(path: Path) -> str:
    parts = path.relative_to(PORTAL.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path) -> bool:
    """Whether a module is imported by its package."""
    package = path.with_name("__init__.py").read_text(encoding="utf-8")
    return re.search(rf"\b{path.stem}\b", package) is not None


def _brought() -> Iterator[str]:
    """Yield what three files must name; a second blueprint of a package is the package's own."""
    for room in ROOMS:
        for layer, names in BROUGHT.items():
            for path in _modules(PORTAL / room / layer):
                for name in names & _assigned(path):
                    if name != "blueprint" or path.stem in {"__init__", layer}:
                        yield f"{_dotted(path)}.{name}"
        for layer in IMPORTED:
            yield from (_dotted(path) for path in _modules(PORTAL / room / layer)[:1])
        parts = (PORTAL / room / "views" / f"{name}.py" for name in FOR_OTHERS)
        yield from (_dotted(path) for path in parts if path.exists() and not _imported(path))


def test_what_a_room_brings_is_named() -> None:
    taken = _taken_up()
    above = {name.rpartition(".")[0] for name in taken}
    missing = [name for name in _brought() if name not in taken | above]
    assert not missing, (
        "name these in portal/rooms.py, room_pages.py or room_rows.py, as other rooms do, or they"
        f" do nothing: {missing}"
    )


ADDS_PAGES = re.compile(r"^@\w*(?:blueprint|pages)\.(?:route|get|post)\(|^@operation\(", re.M)


def test_every_module_of_pages_is_imported_by_its_package() -> None:
    packages = [PORTAL / room / layer for room in ROOMS for layer in ("views", "admin_views")]
    missing = [
        str(path.relative_to(PORTAL))
        for package in packages
        for path in sorted(package.glob("*.py"))
        if path.stem != "__init__"
        and ADDS_PAGES.search(path.read_text(encoding="utf-8"))
        and not _imported(path)
    ]
    assert not missing, (
        f"import these in their package's __init__.py, or they have no pages: {missing}"
    )


QUOTED = re.compile(r"""["']([a-z_]+\.[a-z_]+)["']""")
"""A page of any room, as `url_for` takes it."""
QUOTED_SHORT = re.compile(r"""["'.}]([a-z_]+)["']""")
"""A page of one's own room, put together: f"support.{step}", ".show", row("edit")."""
ALL = re.compile(r"^__all__ = \[.*?\]", re.M | re.S)
FILES = re.compile(r"\.(?:<|csv|xlsx|xml|txt)|<kind>$")
"""Files of a list: their links are made from the list's own address."""
NOT_LINKED = {
    "api_pages.moved_to_reference": "an old address",
    "figures.moved": "an old address",
    "innovations.answer_invitation": "sent to from the page of the record",
    "innovations.answer_transfer": "sent to from the page of the record",
    "pages.healthz": "asked by machines",
    "pages.readyz": "asked by machines",
    "reports.published_photo": "its address is kept in the published report",
    "support.moved_task": "an old address",
}
"""Pages that nothing links, and why."""


def _linked() -> tuple[set[str], Mapping[str, set[str]]]:
    """Return the pages that any source names whole, and the words that each room quotes."""
    whole, short = set(), dict.fromkeys(ROOMS, frozenset[str]())
    for path in PORTAL.rglob("*.*"):
        if path.suffix not in {".py", ".html", ".txt", ".xml"} or "static" in path.parts:
            continue
        text = ALL.sub("", path.read_text(encoding="utf-8"))
        whole |= set(QUOTED.findall(text))
        room = path.relative_to(PORTAL).parts[0]
        if room in short:
            short[room] |= set(QUOTED_SHORT.findall(text))
    return whole, short


def test_every_page_is_linked_from_somewhere(app: Flask) -> None:
    whole, short = _linked()
    alone = set()
    for rule in app.url_map.iter_rules():
        blueprint, _, name = rule.endpoint.rpartition(".")
        if "GET" not in (rule.methods or ()) or blueprint in {"", "api"} or FILES.search(rule.rule):
            continue
        room = app.view_functions[rule.endpoint].__module__.split(".")[1]
        if rule.endpoint not in whole and name not in short.get(room, ()):
            alone.add(rule.endpoint)
    missing = sorted(alone - set(NOT_LINKED))
    assert not missing, (
        "no page leads there: link it, or name it in NAVIGATION, SUPPORT_PAGES or RECORD_TABS"
        f" (portal/room_pages.py), or say in NOT_LINKED why not: {missing}"
    )
    assert set(NOT_LINKED) - alone == set(), "these are linked, or gone"
