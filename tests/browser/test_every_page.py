"""Every page, as everybody who reaches it: axe finds nothing, nothing runs off a phone's side, and
nobody has to scroll through more than can be looked over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.exceptions import HTTPException

from tests.browser.known import SharedKeys
from tests.together import of_the_run

PEOPLE = (None, "innovator", "ics", "hin", "national", "administrator")
START = ("/", "/home", "/search?q=heart", "/account", "/exchange")
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
VIOLATIONS = "options => axe.run(options).then(results => results.violations)"
ALL = {"resultTypes": ["violations"]}
OF_THE_TAGS = ALL | {"preload": False, "rules": {"color-contrast": {"enabled": False}}}
"""Without what hangs on the style sheets alone, which takes two thirds of axe's time."""
SHOWN = r"""() => {
  const clear = 'rgba(0, 0, 0, 0)', ground = new Map(), chain = new Map();
  const colours = new Set(), made = new Set(), kept = new Set(['class', 'role', 'type', 'scope',
    'lang', 'autocomplete', 'tabindex', 'disabled', 'open', 'multiple', 'colspan', 'rowspan']);
  const states = ['expanded', 'current', 'hidden', 'live', 'sort', 'pressed', 'selected'];
  states.forEach(state => kept.add('aria-' + state));
  let heading = '';
  for (const e of document.querySelectorAll('body, body *')) {
    const s = getComputedStyle(e), own = s.backgroundImage + s.backgroundColor + s.opacity;
    const below = ground.get(e.parentElement);
    ground.set(e, own === 'none' + clear + '1' ? below : own);
    const size = [s.color, s.fontSize, s.fontWeight].join();
    colours.add(['colour', e.tagName, e.getAttribute('disabled'), size, ground.get(e)].join('|'));
    const value = name => kept.has(name) ? e.getAttribute(name).trim().replace(/\d+/g, '0') : '';
    const told = e.getAttributeNames().sort().map(name => name + '=' + value(name));
    const within = chain.get(e.parentElement) || '', before = e.previousElementSibling;
    const text = e.textContent.trim() ? 'text' : '';
    chain.set(e, within + '>' + e.tagName + '.' + e.className);
    made.add(['made', within, before && before.tagName, e.tagName, told, text].join('|'));
    if (/^H[1-6]$/.test(e.tagName)) {
      made.add('order|' + heading + '|' + e.tagName);
      heading = e.tagName;
    }
  }
  return {
    links: [...document.querySelectorAll('a[href]')].map(a => a.href),
    colours: [...colours], made: [...made].map(one => one.replace(/\s+/g, ' ')),
  };
}"""
"""The links of a page; the colours, sizes and grounds of its letters; and how it is made: every
element with the names of its attributes, what it lies in, what stands before it, whether it holds
words, and the order of headings. Axe's verdict hangs on these and on nothing else."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONGEST = 10_000
"""Pixels of height on a phone. What is more is folded, with how many there are, or in pages."""
WHOLE = {
    "reports.published": "a report is one text; it begins with its contents",
    "reports.version": "the same",
    "reports.preview": "the same",
    "innovations.print_page": "it is for paper",
}
"""Routes of pages that may be longer, with the reason."""
NOT_PAGES = (
    *(".csv", ".xlsx", ".json", ".xml", ".zip", ".docx", ".pdf"),
    *(".svg", ".png", ".ics", ".atom"),
)
DOWNLOADS = {"introductions.attachment"}
"""Routes that give a file whatever their address looks like."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SharedKeys:
    """What axe has judged in this run, as anybody."""
    return SharedKeys(of_the_run(tmp_path_factory, request.config) / "judged-by-axe.txt")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda name: name or "stranger")
def test_every_page_is_accessible_and_fits_a_phone(
    world: Flask,
    server: str,
    signed_in: Callable[..., BrowserContext],
    known: SharedKeys,
    person: str | None,
) -> None:
    page = signed_in(person, viewport=PHONE).new_page()
    page.add_init_script(Axe().axe_script)  # kept by the browser: half a megabyte, sent once
    walk = Walk(page, world, server, known)
    page.on("console", lambda message: walk.complain(message.text) if bad(message) else None)
    page.on("pageerror", lambda error: walk.complain(str(error)))
    walk.go()
    assert not walk.problems, "\n".join(walk.problems)
    assert len(walk.seen) >= (8 if person is None else 20), f"only {sorted(walk.seen)}"


def bad(message: Any) -> bool:
    """Whether the browser complained: a refused style, a missing file."""
    return bool(message.type in {"error", "warning"} and "status of 4" not in message.text)


@dataclass
class Walk:
    """One page of every route that links lead somebody to, looked over on a phone and a desk."""

    page: Page
    world: Flask
    server: str
    known: SharedKeys
    seen: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def complain(self, words: str) -> None:
        """Write down what is wrong with the page that is open."""
        self.problems.append(f"{self.page.url}: {words}")

    def go(self) -> None:
        """Follow the links from where people start."""
        waiting = list(START)
        while waiting:
            path = waiting.pop(0)
            route = route_of(self.world, path)
            if route is None or route in self.seen or path.split("?")[0].endswith(NOT_PAGES):
                continue
            self.seen.add(route)
            response = self.page.goto(path)
            if response is None or "text/html" not in response.headers.get("content-type", ""):
                continue
            self._measure(route)
            links = self.look_over()
            waiting += [one.removeprefix(self.server) for one in links if self.server in one]
            self._send_empty_form(route)

    def _measure(self, route: str) -> None:
        """Note whether the page is too long for a phone."""
        height = int(self.page.evaluate("document.documentElement.scrollHeight"))
        if height > LONGEST and route not in WHOLE:
            self.complain(f"{height}px high on a phone: fold it, or show it in pages")

    def look_over(self) -> list[str]:
        """Note whether the page is too wide for a phone, and what axe finds at a desk's width
        where something is made or coloured as on no page before; returns the links."""
        wide = settled_width(self.page)
        if wide > 0:
            self.complain(f"{wide}px too wide for a phone")
        shown = self.page.evaluate(SHOWN)
        keys = digests(shown["made"] + shown["colours"])
        if self.known.lacks(keys):
            self._ask_axe()
            self.known.add(keys)
        return list(shown["links"])

    def _ask_axe(self) -> None:
        self.page.set_viewport_size(DESK)
        colours = digests(self.page.evaluate(SHOWN)["colours"])
        options = ALL if self.known.lacks(colours) else OF_THE_TAGS
        for found in self.page.evaluate(VIOLATIONS, options):
            first = found["nodes"][0]["html"][:160]
            self.complain(f"axe {found['id']}: {found['help']}: {first}")
        self.known.add(colours)
        self.page.set_viewport_size(PHONE)

    def _send_empty_form(self, route: str) -> None:
        """Send the page's form as it stands, emptied, and look over its error state; a form that
        nobody sent yet."""
        form = self.page.locator("main form[method=post]:not(.app-action)")
        inputs = form.locator("input[type=text], input[type=email], input[type=password], textarea")
        button = form.locator("button[type=submit]")
        # A form of a passkey is sent by the device's answer: it has no button of its own.
        if form.count() != 1 or inputs.count() == 0 or button.count() == 0:
            return
        key = {f"sent {route} {'|'.join(sorted(set(form.evaluate(NAMES))))}"}
        if not self.known.lacks(key):
            return
        self.known.add(key)
        for one in inputs.all():
            one.fill("") if one.is_visible() else None
        button.last.click()
        self.page.wait_for_load_state()
        if self.page.title().startswith("Error: "):
            self.look_over()


NAMES = "form => [...form.elements].map(one => one.name)"


def digests(texts: list[str]) -> set[str]:
    """Return a short key for each text, which may be long."""
    return {blake2b(text.encode(), digest_size=8).hexdigest() for text in texts}


def route_of(world: Flask, path: str) -> str | None:
    """Return the endpoint behind a path, if it is one of ours that GET answers."""
    try:
        endpoint, _ = world.url_map.bind("localhost").match(urlsplit(path).path, "GET")
    except HTTPException:
        return None
    return None if endpoint in {"static", *DOWNLOADS} else str(endpoint)


def settled_width(page: Page) -> int:
    """How far the page runs off its side, once the header has folded its navigation."""
    for _ in range(20):
        wide = int(page.evaluate(SIDEWAYS))
        if wide <= 0:
            break
        page.wait_for_timeout(50)
    return wide
