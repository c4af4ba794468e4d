"""What stands around every page."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.web import navigation
from portal.web.navigation import NavItem
from tests.pages import PageClient
from tests.web.gallery import ROOT


def test_the_title_is_heading_section_and_service(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert "<title>Innovations – Pipeline – Innovation Exchange</title>" in page


def test_the_language_is_british_english(visitor: PageClient) -> None:
    assert '<html lang="en-GB">' in visitor.get("/list").get_data(as_text=True)


def test_keyboards_can_skip_to_the_content(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert re.search(r'<a class="nhsuk-skip-link"[^>]* href="#maincontent"', page)
    assert 'id="maincontent"' in page


def test_demonstration_data_are_named_on_every_page(
    gallery: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Demonstration data." in visitor.get("/list").get_data(as_text=True)
    assert "Demonstration data." in visitor.get("/nowhere").get_data(as_text=True)
    monkeypatch.setitem(gallery.config, "DEMO", False)
    assert "Demonstration data." not in visitor.get("/list").get_data(as_text=True)


def test_no_identity_of_the_nhs_is_shown_without_permission(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert "nhsuk-header__logo" not in page
    assert "© NHS" not in page
    assert "nhsuk-icon-180" not in page


def test_a_service_with_permission_shows_its_logo_and_owner(
    gallery: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gallery.config, "BRAND_LOGO", "favicon.svg")
    monkeypatch.setitem(gallery.config, "BRAND_OWNER", "The Network & Co")
    page = visitor.get("/list").get_data(as_text=True)
    assert re.search(r'<img class="nhsuk-header__organisation-logo" src="/static/favicon', page)
    assert "© The Network &amp; Co" in page


def test_a_stranger_is_offered_to_sign_in_and_a_person_to_sign_out(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert 'href="/sign-in">Sign in</a>' in page
    assert "Sign out" not in page
    visitor.get("/sign-in")
    page = visitor.get("/list").get_data(as_text=True)
    assert "Sign out" in page
    assert 'href="/sign-in"' not in page


def test_the_footer_links_the_pages_that_exist(gallery: Flask, visitor: PageClient) -> None:
    links = (("gallery.listed", "All innovations"), ("pages.nowhere", "Nothing"))
    kept = gallery.config["FOOTER_LINKS"]
    gallery.config["FOOTER_LINKS"] = links
    try:
        page = visitor.get("/everything").get_data(as_text=True)
    finally:
        gallery.config["FOOTER_LINKS"] = kept
    assert '<a class="nhsuk-footer__list-item-link" href="/list">All innovations</a>' in page
    assert "Nothing</a>" not in page


def test_rooms_put_items_into_the_navigation(
    gallery: Flask, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gallery.extensions, navigation.SECTIONS, [])
    monkeypatch.setitem(gallery.extensions, navigation.ACCOUNT, [])

    def sections() -> list[NavItem]:
        return [NavItem("Pipeline", "/list"), NavItem("A & B", "/other")]

    navigation.register(gallery, sections)
    navigation.register_account(gallery, lambda: [NavItem("Inbox (3)", "/inbox")])
    visitor.get("/sign-in")
    page = visitor.get("/list").get_data(as_text=True)
    assert page.count('href="/other">A &amp; B</a>') == 1
    assert re.search(r'href="/list" aria-current="page"', page)
    assert "Inbox (3)" in page


@pytest.mark.parametrize(
    ("path", "here"),
    [("/innovations", True), ("/innovations/7/edit", True), ("/innovations-old", False)],
)
def test_an_item_is_current_for_the_pages_below_it(path: str, here: bool) -> None:
    assert NavItem("Innovations", "/innovations").is_current(path) is here


def test_a_task_is_described_by_its_status(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert 'href="/e" aria-describedby="task-e-hint task-e-status"' in page


def test_what_people_typed_is_escaped_in_cards_rows_and_reasons(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    assert "Sepsis alert &lt;b&gt;" in page
    assert "matches &lt;i&gt; and in acute care" in page
    assert "Sepsis &lt;alert&gt;" in page


def css_rules(css: str, media: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield media, selector and declarations of every rule of a style sheet."""
    place = 0
    while head := re.compile(r"\s*([^{}]+)\{").match(css, place):
        depth, end = 1, head.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        body, place = css[head.end() : end - 1], end
        if head[1].startswith("@media"):
            yield from css_rules(body, head[1].strip())
        else:
            yield from ((media, selector.strip(), body) for selector in head[1].split(","))


@pytest.fixture(scope="module")
def rules() -> list[tuple[str, str, str]]:
    css = (ROOT / "static" / "portal.css").read_text(encoding="utf-8")
    return list(css_rules(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))


def test_no_selector_is_defined_twice(rules: list[tuple[str, str, str]]) -> None:
    counted = Counter((media, selector) for media, selector, _ in rules)
    assert [place for place, count in counted.items() if count > 1] == []


def test_colours_have_names(rules: list[tuple[str, str, str]]) -> None:
    bare = [where for _, where, body in rules if where != ":root" and re.search("#[0-9a-f]", body)]
    assert bare == []
    vendored = next((ROOT / "static" / "vendor" / "nhsuk").glob("*.css")).read_text("utf-8")
    own = " ".join(body for _, where, body in rules if where == ":root")
    used = {name for _, _, body in rules for name in re.findall(r"var\((--[a-z0-9-]+)\)", body)}
    assert {name for name in used if f"{name}:" not in vendored and f"{name}:" not in own} == set()


def test_headings_and_titles_may_break_anywhere(rules: list[tuple[str, str, str]]) -> None:
    breaking = {where for _, where, body in rules if "overflow-wrap: anywhere" in body}
    assert {"h1", "h2", "h3", "legend", "label", ".nhsuk-heading-l", ".nhsuk-card"} <= breaking


def test_one_line_under_the_navigation_says_phase_and_demonstration(visitor: PageClient) -> None:
    page = visitor.get("/list").get_data(as_text=True)
    line = re.search(r'<div class="app-line">(.*?)<main', page, re.DOTALL)
    assert line
    assert "Beta" in line[1]
    assert "Demonstration data." in line[1]
    assert page.count("Demonstration data.") == 1


def test_the_menu_scrolls_until_its_script_has_folded_it() -> None:
    """Or the page would be wider than a phone while the script is on its way."""
    css = (ROOT / "static" / "portal.css").read_text(encoding="utf-8")
    menu = ".nhsuk-header:not([data-nhsuk-header-init]) .nhsuk-header__navigation"
    assert f"{menu} {{ overflow-x: auto; }}" in css
