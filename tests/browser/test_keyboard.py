"""The main pages by keyboard alone: focus is seen, in reading order, and nothing traps it."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"


def focus(page: Page) -> str:
    """The words of what has the focus."""
    return str(page.evaluate(f"({FOCUSED}.innerText || {FOCUSED}.name || '').trim()"))


def test_the_first_tab_skips_to_the_content(signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in("ics").new_page()
    page.goto("/home")
    page.keyboard.press("Tab")
    assert focus(page) == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#maincontent")


def test_somebody_searches_and_opens_a_result_without_a_mouse(
    signed_in: Callable[..., BrowserContext],
) -> None:
    page = signed_in("ics").new_page()
    page.goto("/home")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("copd")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    titles = page.get_by_role("main").get_by_role("list", name="Innovations found")
    wanted = titles.get_by_role("heading").first.inner_text()
    walk_to(page, wanted)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(wanted)


def test_no_page_of_the_main_job_traps_the_focus(
    signed_in: Callable[..., BrowserContext],
) -> None:
    page = signed_in("ics").new_page()
    for path in ("/home", "/search?q=heart", "/challenges", "/challenges/new", "/pipeline"):
        page.goto(path)
        seen = walk_to(page, "Terms of use")
        assert all(outlined for outlined in seen), f"{path}: a focus that cannot be seen"


def test_hin_staff_work_at_the_desk_without_a_mouse(
    signed_in: Callable[..., BrowserContext],
) -> None:
    """Reach a queue, tick a case, give it to somebody: with Tab, space and Enter alone."""
    page = signed_in("hin").new_page()
    page.goto("/support?queue=mine")
    box = page.get_by_role("main").get_by_role("checkbox", name="Choose ").first
    wanted = box.evaluate("box => box.name + box.value")
    assert all(walk_until(page, f"{FOCUSED}.name + {FOCUSED}.value === '{wanted}'"))
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    assert all(walk_to(page, "Give to a person"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/support/assign?**")
    assert all(walk_to(page, "Terms of use"))


def walk_to(page: Page, wanted: str) -> list[bool]:
    """Press Tab until what has the focus says `wanted`; tell of each stop whether it is seen."""
    words = f"({FOCUSED}.innerText || {FOCUSED}.name || '').trim()"
    return walk_until(page, f"{words} === {json.dumps(wanted)}")


def walk_until(page: Page, reached: str) -> list[bool]:
    """Press Tab until the script `reached` says so; tell of each stop whether it is seen."""
    seen = []
    for _ in range(400):
        page.keyboard.press("Tab")
        seen.append(bool(page.evaluate(VISIBLE)))
        if page.evaluate(reached):
            return seen
    raise AssertionError(f"{reached} was never reached by Tab on {page.url}")


VISIBLE = """(() => {
  const e = document.activeElement;
  if (e === document.body) return true;
  const label = e.labels && e.labels.length ? getComputedStyle(e.labels[0], '::before') : null;
  const own = getComputedStyle(e);
  return own.outlineStyle !== 'none' || own.boxShadow !== 'none'
    || own.backgroundColor !== 'rgba(0, 0, 0, 0)'
    || (label !== null && label.boxShadow !== 'none');
})()"""
