"""Every page, as everybody who reaches it: axe finds nothing, nothing runs off a phone's side.

A page is read before it is opened. What stands on it word for word on a page of another person is
not opened again, and axe judges a page when it has a piece that no page before had; every other
page is measured alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import APIResponse, BrowserContext, Page, ViewportSize
from werkzeug.exceptions import HTTPException

PEOPLE = ((None, "innovator", "ics"), ("administrator", "hin", "national"))
"""In two tests, for two workers: those of one test share what was looked at."""
FEWEST: dict[str | None, int] = {None: 8}
"""How many pages a person meets at least, where it is not 20."""
START = ("/", "/home", "/search?q=heart", "/account", "/exchange")
PHONE: ViewportSize = {"width": 320, "height": 640}
DESK: ViewportSize = {"width": 1280, "height": 900}
VIOLATIONS = "options => axe.run(options).then(results => results.violations)"
ALL = {"resultTypes": ["violations"]}
OF_THE_TAGS = ALL | {"preload": False, "rules": {"color-contrast": {"enabled": False}}}
"""Without what hangs on the style sheets alone, which takes two thirds of axe's time."""
STYLED = """() => {
  const clear = 'rgba(0, 0, 0, 0)', ground = new Map(), found = new Set();
  for (const e of document.querySelectorAll('body, body *')) {
    const s = getComputedStyle(e), own = s.backgroundImage + s.backgroundColor + s.opacity;
    const below = ground.get(e.parentElement);
    ground.set(e, own === 'none' + clear + '1' ? below : own);
    const size = [s.color, s.fontSize, s.fontWeight].join();
    found.add([e.tagName, e.getAttribute('disabled'), size, ground.get(e)].join('|'));
  }
  return [...found];
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIECES = """() => {
  const kind = e => [e.tagName, e.className, e.getAttributeNames().sort().join(' '),
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())].join('|');
  const all = [...document.body.querySelectorAll('*')];
  return [...new Set(all.map(e => kind(e.parentElement) + '>' + kind(e)))];
}"""
"""Every element in its parent: its class, the names of its attributes, whether it has words."""
HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(e => e.tagName)
  .filter((name, i, all) => name !== all[i - 1]).join()"""
"""The order of the headings, those of one level that follow each other as one."""
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
LINK = re.compile(r'<a\b[^>]*\shref="([^"]+)"')
OF_THIS_TIME = re.compile(r'value="[\w.\-]{20,}"')
"""Keys of forms, which are new each time a page is opened."""
NOT_PAGES = (".csv", ".xlsx", ".json")
DOWNLOADS = {"introductions.attachment"}
"""Routes that give a file whatever their address looks like."""

pytestmark = pytest.mark.browser


@dataclass
class Walk:
    """What was looked at, by whichever person, and what was wrong with it."""

    world: Flask
    problems: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    """The words of the pages."""
    pieces: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)
    """The colours, sizes and grounds of letters that axe has judged."""
    forms: set[str] = field(default_factory=set)
    """The routes whose form was sent empty."""

    def is_new(self, html: str) -> bool:
        """Whether no page before had these words; remembers them."""
        found = MAIN.search(html)
        words = OF_THIS_TIME.sub("", found[0] if found else html)
        return not _all_in(self.read, {words})

    def route_of(self, path: str) -> str | None:
        """Return the endpoint behind a path, if it is one of ours that GET answers."""
        try:
            found = self.world.url_map.bind("localhost").match(urlsplit(path).path, "GET")
        except HTTPException:
            return None
        return None if found[0] in {"static", *DOWNLOADS} else str(found[0])


@pytest.mark.parametrize(
    "people", PEOPLE, ids=lambda names: "-".join(n or "stranger" for n in names)
)
def test_every_page_is_accessible_and_fits_a_phone(
    world: Flask, signed_in: Callable[..., BrowserContext], people: tuple[str | None, ...]
) -> None:
    walk = Walk(world)
    for person in people:
        page = signed_in(person, viewport=DESK).new_page()
        page.add_init_script(Axe().axe_script)  # kept by the browser: half a megabyte, sent once
        listen(page, walk.problems)
        seen = crawl(page, walk)
        page.close()
        assert len(seen) >= FEWEST.get(person, 20), f"{person}: only {sorted(seen)}"
    assert not walk.problems, "\n".join(walk.problems)


def listen(page: Page, problems: list[str]) -> None:
    """Note what the browser complains of."""
    page.on("console", lambda m: problems.append(f"{page.url}: {m.text}") if bad(m) else None)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))


def bad(message: Any) -> bool:
    """Whether the browser complained: a refused style, a missing file."""
    return bool(message.type in {"error", "warning"} and "status of 4" not in message.text)


def crawl(page: Page, walk: Walk) -> set[str]:
    """Read one page of every route that links lead to; returns the routes."""
    waiting, seen = list(START), set[str]()
    while waiting:
        path = waiting.pop(0)
        route = walk.route_of(path)
        if route is None or route in seen or path.split("?")[0].endswith(NOT_PAGES):
            continue
        seen.add(route)
        response = page.request.get(path)
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        html = response.text()
        waiting += [unescape(link) for link in LINK.findall(html) if link.startswith("/")]
        if walk.is_new(html) or len(seen) == 1:
            look_at(page, walk, route, response)
    return seen


def look_at(page: Page, walk: Walk, route: str, response: APIResponse) -> None:
    """Open a page that was read; look at it, and at what becomes of its form sent empty."""
    path = urlsplit(response.url)._replace(scheme="", netloc="").geturl()
    page.route(response.url, lambda route: route.fulfill(response=response), times=1)
    page.goto(path)
    check(page, walk)
    if route not in walk.forms and send_empty_form(page):
        walk.forms.add(route)
        check(page, walk)


def check(page: Page, walk: Walk) -> None:
    """Note what axe finds at desk width, and whether the page is too wide for a phone."""
    if not _all_in(walk.pieces, {page.evaluate(HEADINGS), *page.evaluate(PIECES)}):
        new_styles = not _all_in(walk.styles, set(page.evaluate(STYLED)))
        for found in page.evaluate(VIOLATIONS, ALL if new_styles else OF_THE_TAGS):
            where = found["nodes"][0]["html"][:160]
            walk.problems.append(f"{page.url}: axe {found['id']}: {found['help']}: {where}")
    page.set_viewport_size(PHONE)
    wide = settled_width(page)
    page.set_viewport_size(DESK)
    if wide > 0:
        walk.problems.append(f"{page.url}: {wide}px too wide for a phone")


def _all_in(known: set[str], found: set[str]) -> bool:
    """Whether all of it is known already; it is from now on."""
    before = len(known)
    known |= found
    return len(known) == before


def settled_width(page: Page) -> int:
    """How far the page runs off its side, once the header has folded its navigation."""
    for _ in range(20):
        wide = int(page.evaluate(SIDEWAYS))
        if wide <= 0:
            break
        page.wait_for_timeout(50)
    return wide


def send_empty_form(page: Page) -> bool:
    """Send the page's form as it stands, emptied; return whether its error state came."""
    form = page.locator("main form[method=post]:not(.app-action)")
    inputs = form.locator("input[type=text], input[type=email], input[type=password], textarea")
    # A form of a passkey is sent by the device's answer: it has no button of its own.
    if form.count() != 1 or inputs.count() == 0 or form.locator("button[type=submit]").count() == 0:
        return False
    for field_ in inputs.all():
        field_.fill("") if field_.is_visible() else None
    form.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    return page.title().startswith("Error: ")
