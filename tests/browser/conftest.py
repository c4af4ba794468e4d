"""A real Chromium on a real server over the demonstration world."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from portal import create_app
from portal.db import db
from portal.demo import services as demo
from tests.postgres import fresh_database
from tests.serving import served


@pytest.fixture(scope="session")
def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over a database of its own with the demonstration world in it."""
    folder = tmp_path_factory.mktemp("world")
    with fresh_database(database_url, folder / "world.db") as url:
        app = demo_app(url, folder)
        apart(app, demo.prepare)
        yield app
        apart(app, dispose)


def dispose() -> None:
    """Let go of the connections of the application whose context this runs in."""
    db.engine.dispose()


def demo_app(url: str, folder: Path) -> Flask:
    """Return the demonstration as `make demo` serves it, its files in `folder`."""
    return create_app(
        {
            "DEMO": True,
            "INSTANCE": str(folder),
            "SQLALCHEMY_ENGINES": {"default": url},
            "JOBS_URL": f"sqlite:///{folder / 'jobs.db'}",
            "SEARCH_INDEX": str(folder / "search"),
            "MATCHING_WORDS": str(folder / "words.npz"),
            "MAIL_BACKEND": "locmem",
            "RATELIMIT_ENABLED": False,
        }
    )


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
    return lambda work: apart(world, work)


def apart(app: Flask, work: Callable[[], Any]) -> Any:
    """Work inside the application in a thread of its own: Playwright's has an event loop."""

    def inside() -> Any:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(inside).result()
