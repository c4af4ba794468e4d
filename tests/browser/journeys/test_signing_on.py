"""Signing in with a works account in a real browser, at a real provider that runs beside it.

A colleague links her account to that of her workplace, signs out, and comes in by it; somebody
whom the portal does not know is told what to do.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from portal.demo import services as demo
from tests.provider import known_there, running_provider

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider in a process of its own."""
    with running_provider(tmp_path_factory.mktemp("provider") / "log") as address:
        yield address


@pytest.fixture
def offered(world: Flask, provider: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A portal that offers to sign in there."""
    works = {
        "name": "works",
        "label": "Works account",
        "kind": "generic",
        "client_id": "the-portal",
        "client_secret": "secret",
        "discovery_url": f"{provider}/.well-known/openid-configuration",
    }
    monkeypatch.setitem(world.config, "SIGN_ON_PROVIDERS", (works,))
    world.extensions.pop("portal-sign-on", None)
    yield provider
    world.extensions.pop("portal-sign-on", None)


def agree(page: Page, sub: str) -> None:
    """Say at the provider who one is."""
    page.wait_for_url(re.compile("/oauth2/authorize"))
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def signed_in_by_password(page: Page) -> None:
    page.goto("/account/sign-in?next=/account/sign-on")
    page.get_by_label("Email").fill(demo.SIGN_INS["colleague"])
    page.get_by_label("Password", exact=True).fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def page_of(signed_in: Callable[..., BrowserContext]) -> Callable[[], Page]:
    """Return a page of a browser of its own; what the provider's page would load stays unloaded."""

    def fresh() -> Page:
        context = signed_in(None)
        context.route(re.compile(r"^https://"), lambda route: route.abort())
        return context.new_page()

    return fresh


def test_somebody_links_their_works_account_and_comes_in_by_it(
    page_of: Callable[[], Page], offered: str
) -> None:
    known_there(offered, "cal", name="Callum Reid")
    at_home = page_of()
    signed_in_by_password(at_home)
    at_home.get_by_role("button", name="Link Works account").click()
    at_home.get_by_role("button", name="Continue to Works account").click()
    agree(at_home, "cal")
    expect(at_home.get_by_role("main")).to_contain_text("Linked on")
    at_work = page_of()
    at_work.goto("/account/sign-in?next=/account/sessions")
    at_work.get_by_role("button", name="Works account").click()
    agree(at_work, "cal")
    at_work.wait_for_url("**/account/sessions")
    at_work.goto("/account")
    expect(at_work.get_by_role("main")).to_contain_text("Callum Reid")
    at_home.get_by_role("link", name=re.compile("Remove")).click()
    at_home.get_by_role("button", name="Remove", exact=True).click()
    expect(at_home.get_by_role("main")).to_contain_text("You sign in with your email address")


def test_somebody_whom_the_portal_does_not_know_is_told_what_to_do(
    page_of: Callable[[], Page], offered: str
) -> None:
    known_there(offered, "stranger", name="Somebody Else")
    page = page_of()
    page.goto("/account/sign-in")
    page.get_by_role("button", name="Works account").click()
    agree(page, "stranger")
    expect(page.get_by_role("main")).to_contain_text("Works account")
    page.goto("/account")
    page.wait_for_url(re.compile("/account/sign-in"))
