"""A real Chromium on a real server over the demonstration world."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from portal.demo import services as demo
from tests.demonstration import apart, demonstration, shared_folder
from tests.serving import served


@pytest.fixture(scope="session")
def world(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The demonstration as `make demo` serves it, with files and a database of its own."""
    shared, folder = shared_folder(request.config, tmp_path_factory), tmp_path_factory.mktemp("web")
    served_so = {"TESTING": False, "WTF_CSRF_ENABLED": True}
    with demonstration(shared, database_url, folder, "settled", **served_so) as app:
        yield app


@pytest.fixture(scope="session")
def server(world: Flask) -> Iterator[str]:
    """The address of the running server."""
    with served(world) as address:
        yield address


@pytest.fixture(scope="session")
def signed_in(browser: Browser, server: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return a browser context signed in through the real page: `signed_in("ics")`."""
    states: dict[str, Any] = {}
    contexts: list[BrowserContext] = []

    def context_of(name: str | None, **options: Any) -> BrowserContext:
        if name and name not in states:
            states[name] = sign_in_state(browser, server, name)
        context = browser.new_context(
            base_url=server, storage_state=states.get(name) if name else None, **options
        )
        contexts.append(context)
        return context

    yield context_of
    for context in contexts:
        context.close()


def sign_in_state(browser: Browser, server: str, name: str) -> Any:
    """Sign in as a person of the demonstration world, by key or by email; returns the cookies."""
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/account/sign-in")
    page.get_by_label("Email").fill(demo.SIGN_INS.get(name, name))
    page.get_by_label("Password", exact=True).fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/home")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def in_world(world: Flask) -> Callable[[Callable[[], Any]], Any]:
    """Run something inside the application and give what it returns."""

    def inside(work: Callable[[], Any]) -> Any:
        with world.app_context():
            return work()

    return lambda work: apart(lambda: inside(work))
