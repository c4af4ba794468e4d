"""The documentation: every page is found from its index, and no page names what is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from tests.house.test_structure import ROOMS, ROOT

DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
AT_THE_TOP = [ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")]
PAGES = [*AT_THE_TOP, *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\s]+)`")
FOLDERS = (ROOT, ROOT / "portal", DOCS, *(ROOT / "portal" / room for room in ROOMS))
"""What a page calls a file by is read from one of these."""
MADE_LATER = re.compile(r"^instance/|^benchmarks/results/|_say_why\.py$")
"""Files of a running service, and those of an example."""


def _links(page: Path) -> set[Path]:
    """Return the files that a page links, as they are on the disk."""
    return {
        (page.parent / target).resolve()
        for target in LINK.findall(page.read_text(encoding="utf-8"))
    }


def _code(page: Path) -> Iterator[str]:
    """Yield what a page sets as code in a line, outside its blocks."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    yield from CODE.findall(text)


def test_every_page_is_linked_from_the_index() -> None:
    wanted = {page for page in PAGES if page not in (INDEX, ROOT / "README.md")}
    assert {str(page.relative_to(ROOT)) for page in wanted - _links(INDEX)} == set()


def test_the_readme_leads_to_the_index() -> None:
    assert INDEX in _links(ROOT / "README.md")


def test_no_link_is_dead() -> None:
    assert [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in _links(page)
        if not target.exists()
    ] == []


def test_files_that_are_named_exist() -> None:
    """What ends like a source file is one: moved files are corrected where they are named."""
    named = re.compile(r"^[\w.-]+(?:/[\w.-]+)+\.(?:py|html|csv|md)$")
    assert [
        f"{page.relative_to(ROOT)}: {name}"
        for page in PAGES
        for name in _code(page)
        if named.match(name) and not MADE_LATER.search(name)
        if not any((folder / name).exists() for folder in FOLDERS)
        if not any((folder / "templates" / name).exists() for folder in FOLDERS)
        if not (ROOT / "search_index" / name).exists()
    ] == []


def test_addresses_that_are_named_exist(app: Flask) -> None:
    """An address in a page is one of the portal's, without the old ones that only lead on."""
    rules = {
        re.sub(r"<[^>]*>", "<id>", rule.rule): rule.endpoint for rule in app.url_map.iter_rules()
    }
    rooms = {rule.split("/")[1] for rule in rules}
    wrong = []
    for page in PAGES:
        for name in _code(page):
            path = re.sub(r"<[^>]*>", "<id>", name.split("?")[0])
            is_address = re.fullmatch(r"/[\w<>/-]+", path) and path.split("/")[1] in rooms
            if is_address and rules.get(path, ".moved").split(".")[-1].startswith("moved"):
                wrong.append(f"{page.relative_to(ROOT)}: {name}")
    assert wrong == []
