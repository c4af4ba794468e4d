"""What stands around every page."""

import re

import pytest
from flask import Flask

from portal.web import navigation
from portal.web.navigation import NavItem
from tests.pages import PageClient


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
