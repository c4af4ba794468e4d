"""Lists are in the order that people expect of names: accents and capitals in their place."""

import re
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.innovations.models import Sharing
from tests import makers
from tests.cast import Cast

PORTAL = Path(__file__).parents[2] / "portal"
PLAIN = re.compile(
    r"(?:order_by\((?:[^()]|\([^()]*\))*?|^    \"\w+\": |order=)(?<!by_name\()"
    r"(?:func\.lower\()?\b[A-Z]\w+\.name\b(?!\))",
    re.MULTILINE,
)
"""An order by a name as the database compares it: É behind Z on SQLite."""


IN_PYTHON = re.compile(r"sorted\([^\n]*\b(?:name|label|title)\.(?:casefold|lower)\(\)")
"""An order by a name as Python compares it: É behind Z. `folded_for_sorting` is for this."""


def test_no_list_sorts_names_as_the_database_compares_them() -> None:
    plain = [
        f"{path.relative_to(PORTAL)}: {found[0][-60:]}"
        for path in sorted(PORTAL.rglob("*.py"))
        for found in PLAIN.finditer(path.read_text(encoding="utf-8"))
        if "order_by" in found[0] or "SORT" in path.read_text(encoding="utf-8")
    ]
    assert plain == []


def test_no_list_sorts_names_as_python_compares_them() -> None:
    plain = [
        f"{path.relative_to(PORTAL)}: {found[0]}"
        for path in sorted(PORTAL.rglob("*.py"))
        for found in IN_PYTHON.finditer(path.read_text(encoding="utf-8"))
    ]
    assert plain == []


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("hin", "/support?queue=all&sort=name"),
        ("national", "/pipeline/records?sort=name"),
        ("ics", "/search?sort=name"),
        ("innovator", "/innovations?sort=name"),
    ],
)
def test_accents_are_in_their_place(
    session: Session, cast: Cast, as_, person: str, address: str
) -> None:
    for name in ("Zebra", "Éclair", "edge"):
        makers.innovation(name, of=cast.innovator, sharing=Sharing.PUBLIC)
    shown = as_(getattr(cast, person)).get(address).text
    places = [shown.find(f">{name}<") for name in ("Éclair", "edge", "Zebra")]
    assert -1 not in places, address
    assert places == sorted(places), address
