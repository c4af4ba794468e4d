"""An index of its own for every test, and what a page of results says."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.search import services
from portal.search.indexing import opening
from tests.pages import PageClient


def names(html: str) -> list[str]:
    """The names of the results on a page, in order."""
    return [
        unescape(n)
        for n in re.findall(r'<h2 [^>]*><a href="/innovations/\d+(?:\?rank=\d+)?">(.*?)</a>', html)
    ]


def counts(html: str, facet: str) -> dict[str, int]:
    """The counts beside the options of a filter, by value."""
    found = re.findall(
        rf'name="{facet}" type="checkbox" value="([^"]*)".*?\((\d[\d,]*)\)</span></label>',
        html,
        re.S,
    )
    return {unescape(value): int(count.replace(",", "")) for value, count in found}


def said(html: str) -> str:
    """The sentence above the results."""
    found = re.search(r'<p class="nhsuk-body"><strong>(.*?)</strong>', html, re.S)
    return unescape(found[1]) if found else ""


@pytest.fixture
def where(app: Flask, session: Session) -> Path:
    """The folder of this test's index, which is not there yet."""
    return Path(app.config["SEARCH_INDEX"])


@pytest.fixture
def up_to_date(where: Path, session: Session) -> Callable[[], None]:
    """An empty index; call this to commit and let the worker bring it up to date."""
    services.rebuild()

    def apply() -> None:
        session.commit()
        while services.apply_waiting():
            session.commit()

    return apply


Look = Callable[..., str]


@pytest.fixture
def look(client: PageClient) -> Look:
    """Search as a stranger, or as whoever's browser is given; returns the page."""

    def searched(words: str = "", browser: PageClient | None = None, **args: object) -> str:
        response = (browser or client).get("/search", query_string={"q": words, **args})
        assert response.status_code == 200
        return response.get_data(as_text=True)

    return searched


@pytest.fixture
def broken(where: Path) -> Callable[[str], None]:
    """Damage the index in a named way."""

    def damage(how: str) -> None:
        if how == "older":
            pointer = where / "current.json"
            pointer.write_text(pointer.read_text().replace('"format": ', '"format": 9'))
        elif how == "torn":
            for file in where.rglob("*.*"):
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        elif how == "garbage":
            for file in where.rglob("*.*"):
                file.write_bytes(b"\xff\x00 no index " * 50)
        opening.let_go()

    return damage
