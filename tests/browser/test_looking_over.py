"""The walk of every page finds what is wrong on a page that is otherwise made as one before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.known import SharedKeys
from tests.browser.test_every_page import PHONE, Walk

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Home</title><style>
  p { color: #222 } .pale { color: #ccc }</style></head><body>
  <header><p>The portal</p></header>
  <main><h1>Home</h1><h2>What is new</h2><ul><li><a href="/1">One</a></li></ul>
  <img src="data:," alt="A chart"><p>Words</p>
  <form><label for="a1">Name</label><input id="a1"><button>Send</button></form></main>
  <footer><p>The end</p></footer></body></html>"""
BROKEN = {
    "a link without words": ('<a href="/1">One</a>', '<a href="/1"></a>'),
    "a button without words": ("<button>Send</button>", "<button></button>"),
    "a picture without its words": (' alt="A chart"', ""),
    "a field without a label": ('<label for="a1">Name</label>', ""),
    "a heading that leaves out a level": ("<h2>What is new</h2>", "<h4>What is new</h4>"),
    "what may not stand in a list": ("<li><a", "<p>No item</p><li><a"),
    "words too pale to read": ("<p>Words</p>", '<p class="pale">Words</p>'),
    "words outside every landmark": ("<footer>", "<p>Lost</p><footer>"),
    "a word too long for a phone": ("<p>Words</p>", f"<p>{'Words' * 30}</p>"),
}

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(app: Flask, browser: Browser, tmp_path: Path) -> Iterator[Walk]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.add_init_script(Axe().axe_script)
    page.goto("about:blank")
    yield Walk(page, app, "http://localhost", SharedKeys(tmp_path / "known.txt"))
    context.close()


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_is_found_though_the_rest_was_judged_before(
    walk: Walk, change: tuple[str, str]
) -> None:
    walk.page.set_content(PAGE)
    walk.look_over()
    assert walk.problems == []
    assert change[0] in PAGE
    walk.page.set_content(PAGE.replace(*change))
    walk.look_over()
    assert walk.problems


def test_other_words_and_more_of_the_same_are_not_judged_again(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = '<li><a href="/1">One</a></li>'
    walk.page.set_content(PAGE.replace(item, item * 3))
    walk.look_over()
    monkeypatch.setattr(Walk, "_ask_axe", lambda _walk: pytest.fail("judged again"))
    walk.page.set_content(PAGE.replace(item, item * 5).replace("Home", "Start"))
    walk.look_over()
    assert walk.problems == []
