"""What stands in the header: rooms register functions that give the items for this person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class NavItem:
    """One link in the header; ``current`` None means: when the address lies below ``href``."""

    text: str
    href: str
    current: bool | None = None

    def is_current(self, path: str) -> bool:
        """Say whether the page at ``path`` belongs to this item."""
        if self.current is not None:
            return self.current
        return path == self.href or path.startswith(self.href.rstrip("/") + "/")


NavSource = Callable[[], Sequence[NavItem]]

SECTIONS = "portal-navigation"
ACCOUNT = "portal-account-menu"
PAGES = "portal-section-pages"
LINE = "portal-line-templates"


def register(app: Flask, source: NavSource) -> None:
    """Add a function that gives items of the main navigation; asked anew for every page."""
    app.extensions.setdefault(SECTIONS, []).append(source)


def register_account(app: Flask, source: NavSource) -> None:
    """Add a function that gives items of the account menu: inbox, "acting as", settings."""
    app.extensions.setdefault(ACCOUNT, []).append(source)


def register_pages(app: Flask, section: str, source: NavSource) -> None:
    """Add the pages of a section, which stand as tabs above each of them."""
    app.extensions.setdefault(PAGES, {})[section] = source


def register_line(app: Flask, template: str) -> None:
    """Add a room's template to the line under the navigation of every page."""
    app.extensions.setdefault(LINE, []).append(template)


def line_templates() -> Sequence[str]:
    """Return the templates of the line under the navigation, in order of registration."""
    templates: Sequence[str] = current_app.extensions.get(LINE, ())
    return templates


def pages_of(section: str) -> list[tuple[str, str]]:
    """Return the words and the address of each page of a section, for the person who asks."""
    source = current_app.extensions.get(PAGES, {}).get(section)
    return [(item.text, item.href) for item in source()] if source else []


def sections() -> list[NavItem]:
    """Return the main navigation for the person who asks, in order of registration."""
    return _items(SECTIONS)


def account() -> list[NavItem]:
    """Return the account menu for the person who asks, in order of registration."""
    return _items(ACCOUNT)


def _items(place: str) -> list[NavItem]:
    return [item for source in current_app.extensions.get(place, ()) for item in source()]
