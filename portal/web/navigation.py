"""What stands in the header: rooms register functions that give the items for this person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


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

_sections: list[NavSource] = []
_account: list[NavSource] = []


def register(source: NavSource) -> NavSource:
    """Add a function that gives items of the main navigation; asked anew for every page."""
    if source not in _sections:
        _sections.append(source)
    return source


def register_account(source: NavSource) -> NavSource:
    """Add a function that gives items of the account menu: inbox, "acting as", settings."""
    if source not in _account:
        _account.append(source)
    return source


def sections() -> list[NavItem]:
    """Return the main navigation for the person who asks, in order of registration."""
    return [item for source in _sections for item in source()]


def account() -> list[NavItem]:
    """Return the account menu for the person who asks, in order of registration."""
    return [item for source in _account for item in source()]
