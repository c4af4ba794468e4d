"""Every page, as everybody who reaches it: axe finds nothing, nothing runs off a phone's side."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.exceptions import HTTPException

PEOPLE = (None, "innovator", "ics", "hin", "national", "administrator")
START = ("/", "/home", "/search?q=heart", "/account", "/exchange")
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
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
_looked_at: set[str] = set()
"""The colours, sizes and grounds of letters that axe has judged."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
NOT_PAGES = (".csv", ".xlsx", ".json", ".docx", ".svg", ".ics", ".atom", ".xml", ".pdf", ".zip")
DOWNLOADS = {"introductions.attachment"}
"""Routes that give a file whatever their address looks like."""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("person", PEOPLE, ids=lambda name: name or "stranger")
def test_every_page_is_accessible_and_fits_a_phone(
    world: Flask, server: str, signed_in: Callable[..., BrowserContext], person: str | None
) -> None:
    page = signed_in(person, viewport=DESK).new_page()
    page.add_init_script(Axe().axe_script)  # kept by the browser: half a megabyte, sent once
    problems: list[str] = []
    page.on("console", lambda m: problems.append(f"{page.url}: {m.text}") if bad(m) else None)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    seen = crawl(page, world, server, problems)
    assert not problems, "\n".join(problems)
    assert len(seen) >= (8 if person is None else 20), f"only {sorted(seen)}"


def bad(message: Any) -> bool:
    """Whether the browser complained: a refused style, a missing file."""
    return bool(message.type in {"error", "warning"} and "status of 4" not in message.text)


def crawl(page: Page, world: Flask, server: str, problems: list[str]) -> set[str]:
    """Open one page of every route that links lead to; adds what is wrong, returns the routes."""
    waiting, seen = list(START), set[str]()
    while waiting:
        path = waiting.pop(0)
        route = route_of(world, path)
        if route is None or route in seen or path.split("?")[0].endswith(NOT_PAGES):
            continue
        seen.add(route)
        response = page.goto(path)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        waiting += [link.removeprefix(server) for link in page.evaluate(LINKS) if server in link]
        problems += check(page)
        problems += check_empty_form(page)
    return seen


def route_of(world: Flask, path: str) -> str | None:
    """Return the endpoint behind a path, if it is one of ours that GET answers."""
    try:
        endpoint, _ = world.url_map.bind("localhost").match(urlsplit(path).path, "GET")
    except HTTPException:
        return None
    return None if endpoint in {"static", *DOWNLOADS} else str(endpoint)


def check(page: Page) -> list[str]:
    """Return what axe finds at desk width, and whether the page is too wide for a phone."""
    found = [
        f"{page.url}: axe {v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}"
        for v in page.evaluate(VIOLATIONS, ALL if has_new_styles(page) else OF_THE_TAGS)
    ]
    page.set_viewport_size(PHONE)
    wide = settled_width(page)
    page.set_viewport_size(DESK)
    return found + ([f"{page.url}: {wide}px too wide for a phone"] if wide > 0 else [])


def has_new_styles(page: Page) -> bool:
    """Whether some letters have a colour, size or ground that no page before had."""
    styled = set(page.evaluate(STYLED))
    found = not styled <= _looked_at
    _looked_at.update(styled)
    return found


def settled_width(page: Page) -> int:
    """How far the page runs off its side, once the header has folded its navigation."""
    for _ in range(20):
        wide = int(page.evaluate(SIDEWAYS))
        if wide <= 0:
            break
        page.wait_for_timeout(50)
    return wide


def check_empty_form(page: Page) -> list[str]:
    """Send the page's form as it stands, emptied; return what is wrong with its error state."""
    form = page.locator("main form[method=post]:not(.app-action)")
    inputs = form.locator("input[type=text], input[type=email], input[type=password], textarea")
    # A form of a passkey is sent by the device's answer: it has no button of its own.
    if form.count() != 1 or inputs.count() == 0 or form.locator("button[type=submit]").count() == 0:
        return []
    for field in inputs.all():
        field.fill("") if field.is_visible() else None
    form.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    return check(page) if page.title().startswith("Error: ") else []
