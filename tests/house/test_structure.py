"""The shape of the house: its rooms, their layers and their templates. Each test lists all
offenders at once."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PORTAL = ROOT / "portal"
CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}


def _levels(contract: str) -> list[set[str]]:
    """Return the layers of a contract, highest first; those of one line are one set."""
    return [set(re.findall(r"\w+", line)) for line in CONTRACTS[contract]["layers"]]


LAYERS = set().union(*_levels("Down the layers inside a room"))
LEVEL = {name: n for n, names in enumerate(_levels("Down the rooms")) for name in names}
"""How far down a room stands; the ground below the rooms is in it too."""
NOT_ROOMS = {"web", "templates", "static"}
ROOMS = sorted(
    path.name
    for path in PORTAL.iterdir()
    if path.is_dir() and path.name not in NOT_ROOMS and (path / "__init__.py").exists()
)
SOURCES = sorted([*PORTAL.rglob("*.py"), *(ROOT / "search_index").rglob("*.py")])
TEMPLATES = sorted(
    path
    for kind in ("html", "txt", "jinja", "xml")
    for path in PORTAL.rglob(f"*.{kind}")
    if "templates" in path.parts
)
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50
"""Blank lines, docstrings and comments included; ruff counts at most 25 statements."""
MAX_TEMPLATE_LINE = 140
KIT = {"layout.html", "macros", "errors", "nhsuk"}
USES = re.compile(r"""\{%-?\s*(?:include|extends|import|from)\s+["']([^"']+)["']""")


def _of_room(template: Path) -> str:
    """Return the room of a template, or "web" for the kit's own."""
    room = template.relative_to(PORTAL).parts[0]
    return "web" if room == "templates" else room


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_contracts_know_every_room() -> None:
    missing = [room for room in ROOMS if room not in LEVEL]
    assert not missing, (
        f'name these in the layers of "Down the rooms", in pyproject.toml: {missing}'
    )
    containers = set(CONTRACTS["Down the layers inside a room"]["containers"])
    assert containers == {f"portal.{room}" for room in ROOMS}, (
        'the containers of "Down the layers inside a room", in pyproject.toml'
    )


def test_a_room_has_only_the_layers_that_have_names() -> None:
    assert [
        _short(path)
        for room in ROOMS
        for path in (PORTAL / room).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
        if path.stem not in LAYERS | {"__init__"}
    ] == []


def test_the_init_of_a_room_holds_no_code() -> None:
    assert [
        room
        for room in ROOMS
        for node in ast.parse((PORTAL / room / "__init__.py").read_text(encoding="utf-8")).body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ] == []


def test_modules_stay_short() -> None:
    lengths = {_short(path): len(path.read_bytes().splitlines()) for path in SOURCES}
    assert {name: n for name, n in lengths.items() if n > MAX_MODULE_LINES} == {}


def test_functions_stay_short() -> None:
    assert [
        f"{_short(path)}: {node.name} ({(node.end_lineno or 0) - node.lineno + 1} lines)"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    ] == []


def test_lines_of_templates_stay_short() -> None:
    assert [
        f"{_short(path)}:{number} ({len(line)})"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > MAX_TEMPLATE_LINE
    ] == []


def _may_use(room: str, used: str) -> bool:
    """Whether a template of a room may use another: its own, the kit's or a lower room's."""
    top = used.split("/", maxsplit=1)[0]
    return top in KIT or top == room or (top in ROOMS and LEVEL[top] > LEVEL[room])


def test_templates_use_those_of_lower_rooms_only() -> None:
    """What a view or a contribution hands over by a variable is not a name, and not seen here."""
    assert [
        (_short(path), used)
        for path in TEMPLATES
        for used in USES.findall(path.read_text(encoding="utf-8"))
        if not _may_use(_of_room(path), used)
    ] == []


def test_no_room_is_empty() -> None:
    assert [room for room in ROOMS if len(list((PORTAL / room).rglob("*.py"))) == 1] == []


def test_the_readme_maps_every_room() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    mapped = set(re.findall(r"^\s*(?:portal/)?([a-z_]+)/ ", text, flags=re.MULTILINE))
    assert set(ROOMS) <= mapped, "the map of README.md"
    ground = {path.name for path in PORTAL.glob("*.py")} - {"__init__.py"}
    assert ground <= set(re.findall(r"^  ([a-z_]+\.py) ", text, flags=re.MULTILINE))


def test_nothing_at_the_top_that_does_not_belong_there() -> None:
    allowed = {
        *("portal", "search_index", "migrations", "tests", "benchmarks", "docs", ".ci"),
        *("config.py", "wsgi.py", "pyproject.toml", "README.md", "Makefile", "CHANGELOG.md"),
        *("Containerfile", "compose.yaml"),
        *("LICENSE", "CONTRIBUTING.md", "SECURITY.md", ".gitignore", ".gitattributes", ".git"),
        *(".venv", "instance", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
        *(".import_linter_cache", "__pycache__", "build"),
        *(path.name for path in ROOT.glob(".coverage*")),
    }
    found = {path.name for path in ROOT.iterdir() if not path.name.endswith(".egg-info")}
    assert found - allowed == set()
