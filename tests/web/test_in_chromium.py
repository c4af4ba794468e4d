"""The gallery in a real browser: axe, small screens, keyboard, and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.serving import served

pytestmark = pytest.mark.browser

PAGES = ("/everything", "/list?stage=develop&q=sepsis", "/one?field=kind", "/fail/409", "/nowhere")


@pytest.fixture(scope="module")
def address(gallery: Flask) -> Iterator[str]:
    with served(gallery) as where:
        yield where


@pytest.fixture(params=[1280, 320])
def page_(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_page(viewport={"width": request.param, "height": 900}) as page:
        yield page


def assert_good(page: Page) -> None:
    problems = Axe().run(page).response["violations"]
    assert not problems, [(p["id"], p["nodes"][0]["html"][:200]) for p in problems]
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(page_: Page, address: str) -> None:
    refused: list[str] = []
    page_.on("console", lambda m: refused.append(m.text) if "Content Security" in m.text else None)
    page_.on("request", lambda r: refused.append(r.url) if address not in r.url else None)
    for path in PAGES:
        page_.goto(address + path)
        assert_good(page_)
    assert refused == []


def test_the_error_state_is_good_and_its_links_lead_to_the_inputs(
    page_: Page, address: str
) -> None:
    page_.goto(address + "/everything")
    page_.fill("#started-day", "31")
    page_.fill("#started-month", "2")
    page_.fill("#started-year", "2024")
    page_.click("main form button:has-text('Continue')")
    expect(page_).to_have_title(re.compile("^Error: "))
    assert_good(page_)
    expect(page_.locator(".nhsuk-error-summary")).to_be_focused()
    for link, focused in (
        ("Enter the name", "name"),
        ("Start date must be a real date", "started-day"),
        ("Select a kind of organisation", "kind"),
        ("Select at least one care setting", "settings"),
    ):
        page_.click(f"a:has-text('{link}')")
        expect(page_.locator(f"#{focused}")).to_be_focused()


def test_long_lists_can_be_narrowed_while_typing(browser: Browser, address: str) -> None:
    with browser.new_page() as page:
        page.goto(address + "/everything")
        page.fill("#conditions-narrow", "condition 3.2")
        expect(page.locator("details.app-choice-group:visible")).to_have_count(1)
        expect(page.locator("label:has-text('Condition 3.2'):visible")).to_have_count(1)
        expect(page.locator("label:has-text('Condition 3.1'):visible")).to_have_count(0)


def test_the_form_works_without_javascript(browser: Browser, address: str) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(address + "/everything")
        page.click("summary:has-text('Group 3')")
        page.check("label:has-text('Condition 3.2')")
        page.fill("#name", "Sepsis alert")
        page.click("main form button:has-text('Continue')")
        expect(page).to_have_title(re.compile("^Error: "))
        expect(page.locator("#name")).to_have_value("Sepsis alert")
        expect(page.locator("input[value='c3-2']")).to_be_checked()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_link_to_what_is_folded_opens_it(
    browser: Browser, address: str, has_script: bool
) -> None:
    with browser.new_page(java_script_enabled=has_script) as page:
        page.goto(address + "/list")
        expect(page.locator("#term-rwv")).to_be_hidden()
        page.click(".app-contents a:has-text('Terms (2)')")
        expect(page.locator("#term-rwv")).to_be_visible()
        page.goto(address + "/list#sign")
        expect(page.locator("#sign")).to_be_in_viewport()


def test_the_script_opens_what_is_folded_where_the_browser_does_not(
    browser: Browser, address: str
) -> None:
    with browser.new_page() as page:
        page.goto(address + "/list")
        page.evaluate("history.replaceState(null, '', '#sign')")  # the browser itself opens nothing
        expect(page.locator("#sign")).to_be_hidden()
        page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))")
        expect(page.locator("#sign")).to_be_in_viewport()


def test_what_is_folded_is_printed(browser: Browser, address: str) -> None:
    with browser.new_page() as page:
        page.goto(address + "/list")
        page.emulate_media(media="print")
        expect(page.locator("#sign")).to_be_visible()


def test_the_skip_link_is_the_first_stop_of_the_keyboard(browser: Browser, address: str) -> None:
    with browser.new_page() as page:
        page.goto(address + "/list")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#maincontent")).to_be_focused()


def test_the_whole_of_a_number_card_is_a_link(browser: Browser, address: str) -> None:
    with browser.new_page() as page:
        page.goto(address + "/list")
        box = page.locator(".app-stat:has-text('proven')").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
        page.wait_for_url("**/list?proven=yes")


def test_a_small_screen_folds_filters_that_are_not_in_use(browser: Browser, address: str) -> None:
    with browser.new_page(viewport={"width": 320, "height": 900}) as page:
        page.goto(address + "/list?stage=deploy")
        groups = page.locator(".app-filter details details")
        assert groups.evaluate_all("all => all.map(d => d.open)") == [True, False]
        expect(groups.first).to_be_hidden()
        page.locator(".app-filter__fold > summary").click()
        expect(groups.first).to_be_visible()
        page.set_viewport_size({"width": 1280, "height": 900})
        expect(page.locator(".app-filter__fold > summary")).to_be_hidden()
        expect(groups.first).to_be_visible()
