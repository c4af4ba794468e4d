"""The ways in, in a real browser whose device Chromium plays (the WebAuthn domain of its protocol).

One person's way from invitation to a lost device and back, and an innovator without any of it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from portal.accounts.models import Organisation, OrganisationKind, Role
from portal.accounts.services import create_user
from portal.db import db
from portal.notifications.models import Email
from tests import makers
from tests.accounts.conftest import PASSWORD, link_in
from tests.conftest import make_app
from tests.serving import served
from tests.tables import fill

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
NETWORK = "Health Innovation West"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A service of its own, in which staff need a second factor at once: two administrators, a
    network, a company's lead."""
    folder = tmp_path_factory.mktemp("house")
    app = make_app(
        f"sqlite:///{folder / 'portal.db'}",
        folder,
        TESTING=False,
        WTF_CSRF_ENABLED=True,
        SECOND_FACTOR_ROLES=("national", "hin", "ics"),
        SECOND_FACTOR_GRACE=timedelta(0),
    )
    with app.app_context():
        fill()
        people()
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


def people() -> None:
    """Two administrators, a network, and the lead of a company; all have one password."""
    nation = makers.organisation("The nation", kind=OrganisationKind.NATIONAL)
    for name in ("Ada Price", "Bea Price"):
        makers.membership(person(name), nation, Role.ADMINISTRATOR, is_lead=True)
    makers.organisation(NETWORK, kind=OrganisationKind.HIN).hin = makers.hin("HI-WM")
    company = makers.organisation("Brightwell Health")
    makers.membership(person("Ida Brown"), company, Role.INNOVATOR, is_lead=True)


def person(name: str) -> Any:
    """Somebody with an account and the password."""
    email = name.lower().replace(" ", ".") + "@example.org"
    return create_user(email=email, name=name, password=PASSWORD)


@pytest.fixture(scope="module")
def server(house: Flask) -> Iterator[str]:
    """The running server, by its name: no passkey is bound to a number."""
    with served(house) as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def page_of(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Return a page of a fresh browser; what its console complains about fails the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def fresh(**options: Any) -> Page:
        context = browser.new_context(base_url=server, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: problems.append(said.text) if said.type == "error" else None
        )
        return page

    yield fresh
    for context in contexts:
        context.close()
    assert problems == []


def give_device(page: Page) -> tuple[Any, str]:
    """Let the page's browser have a device; returns the connection and the device's id."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    found = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return devices, found["authenticatorId"]


def enter_password(page: Page, name: str) -> None:
    """Sign in up to the second factor."""
    page.goto("/account/sign-in")
    page.get_by_label("Email").fill(name.lower().replace(" ", ".") + "@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, name: str) -> list[str]:
    """Add a passkey; returns the recovery codes."""
    page.goto("/account/two-factor/passkeys/new")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    return page.locator(".app-codes li").all_inner_texts()


def sign_out(page: Page) -> None:
    """Sign out by the button of the header."""
    page.get_by_role("button", name=re.compile("Sign out|Log out")).first.click()
    page.wait_for_url("**/account/sign-in")


def looks_right(page: Page) -> None:
    """Nothing for axe to find."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def title(page: Page, words: str) -> None:
    """The page is the one with this h1."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def last_link(house: Flask, address: str) -> str:
    """The link of the newest email to an address."""
    with house.app_context():
        newest = select(Email).where(Email.address == address).order_by(Email.id.desc()).limit(1)
        return link_in(db.session.scalars(newest).one())


def test_from_the_invitation_to_a_lost_device_and_back(
    house: Flask, page_of: Callable[..., Page]
) -> None:
    ada, bea, hana = page_of(), page_of(), page_of()
    invited(house, ada)
    laptop = give_device(hana)
    codes = accepts_and_adds_a_passkey(house, hana)
    signs_in_by_passkey(hana)
    loses_the_device(hana, laptop, codes)
    one_asks_another_agrees(ada, bea)
    sets_up_anew(hana)


def invited(house: Flask, ada: Page) -> None:
    """An administrator invites Hana to the network."""
    with house.app_context():
        number = db.session.scalars(select(Organisation.id).filter_by(name=NETWORK)).one()
    enter_password(ada, "Ada Price")
    ada.goto(f"/account/organisations/{number}/invite")
    ada.get_by_label("Email").fill("hana.west@example.org")
    ada.get_by_label("They lead the organisation").check()
    ada.get_by_role("button", name=re.compile("Invite|invitation")).click()
    expect(ada.locator("main")).to_contain_text("We have invited hana.west@example.org")


def accepts_and_adds_a_passkey(house: Flask, hana: Page) -> list[str]:
    """She opens the link of the email; only the page of the second factor opens."""
    hana.goto(last_link(house, "hana.west@example.org"))
    hana.get_by_label("Full name").fill("Hana West")
    hana.get_by_label("Password", exact=True).fill(PASSWORD)
    hana.get_by_role("button").filter(has_text=re.compile("account|Accept|Create")).last.click()
    title(hana, "Two-factor sign-in")
    expect(hana.locator("main")).to_contain_text("Set it up to go on")
    looks_right(hana)
    hana.goto("/home")
    title(hana, "Two-factor sign-in")
    hana.goto("/account/two-factor/passkeys/new")
    looks_right(hana)
    hana.get_by_role("button", name="Add a passkey").click()
    expect(hana.locator("main")).to_contain_text("Enter a name for the passkey")
    codes = add_passkey(hana, "Work laptop")
    assert len(codes) == 10
    looks_right(hana)
    hana.goto("/home")
    expect(hana).to_have_url(re.compile("/home$"))
    return codes


def signs_in_by_passkey(hana: Page) -> None:
    """Beside the password, and alone."""
    sign_out(hana)
    enter_password(hana, "Hana West")
    looks_right(hana)
    hana.get_by_role("button", name="Use your passkey").click()
    hana.wait_for_url("**/home")
    sign_out(hana)
    looks_right(hana)
    hana.get_by_role("button", name="Sign in with a passkey").click()
    hana.wait_for_url("**/home")
    sign_out(hana)


def loses_the_device(hana: Page, laptop: tuple[Any, str], codes: list[str]) -> None:
    """A recovery code lets her in once; then those are lost, too."""
    devices, number = laptop
    devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})
    enter_password(hana, "Hana West")
    hana.get_by_role("link", name="I have lost my device").click()
    hana.get_by_label("Recovery code").fill(codes[0])
    hana.get_by_role("button", name="Continue").click()
    hana.wait_for_url("**/home")
    expect(hana.locator("main")).to_contain_text("You have 9 recovery codes left")


def one_asks_another_agrees(ada: Page, bea: Page) -> None:
    """One administrator asks to turn her second factor off; another agrees."""
    ada.goto("/admin/people?q=hana")
    ada.get_by_role("link", name="Hana West").click()
    ada.get_by_role("button", name="Turn off two-factor sign-in").click()
    ada.get_by_role("button", name="Ask a second administrator").click()
    expect(ada.locator("main")).to_contain_text("Enter why, and how you know that it is them")
    ada.get_by_label("Why, and how do you know").fill("Lost her laptop; I called her at her desk.")
    ada.get_by_role("button", name="Ask a second administrator").click()
    expect(ada.locator("main")).to_contain_text("Another administrator was told")
    ada.goto("/admin/approvals")
    ada.get_by_role("link", name="Turn off two-factor sign-in of Hana West").click()
    expect(ada.get_by_role("button", name="Agree")).to_have_count(0)
    enter_password(bea, "Bea Price")
    bea.wait_for_url("**/home")
    bea.get_by_role("link", name=re.compile("Agree or refuse: turn off two-factor")).click()
    expect(bea.locator("main")).to_contain_text("I called her at her desk")
    looks_right(bea)
    bea.get_by_role("button", name="Agree").click()
    expect(bea.locator("main")).to_contain_text("Agreed by Bea Price")
    bea.goto("/admin/security?q=hana")
    looks_right(bea)


def sets_up_anew(hana: Page) -> None:
    """Every browser of hers was signed out; the password alone lets her in, to set it up again."""
    hana.goto("/account")
    title(hana, "Sign in")
    enter_password(hana, "Hana West")
    title(hana, "Two-factor sign-in")
    give_device(hana)
    assert len(add_passkey(hana, "New laptop")) == 10
    hana.goto("/home")
    expect(hana).to_have_url(re.compile("/home$"))


def test_an_innovator_needs_none_of_it(page_of: Callable[..., Page]) -> None:
    page = page_of()
    enter_password(page, "Ida Brown")
    page.wait_for_url("**/home")
    expect(page.locator("main")).not_to_contain_text("two-factor")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("Two-factor sign-in")


def test_a_device_without_the_passkey_says_so_beside_the_button(
    page_of: Callable[..., Page],
) -> None:
    page = page_of()
    devices, number = give_device(page)
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto("/account/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Your device gave no passkey. Try again, or use another way."
    )


def test_without_javascript_the_page_says_what_to_do(page_of: Callable[..., Page]) -> None:
    page = page_of(java_script_enabled=False)
    enter_password(page, "Ida Brown")
    page.wait_for_url("**/home")
    page.goto("/account/two-factor/passkeys/new")
    expect(page.locator("main")).to_contain_text("Set up an authenticator app instead")
    expect(page.get_by_role("button", name="Add a passkey")).to_have_count(0)
    page.goto("/account/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
