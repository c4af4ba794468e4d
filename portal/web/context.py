"""What every template may use beside what its view gives it."""

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from portal.web import cards, navigation, pieces
from portal.web.navigation import NavItem


def href_of(endpoint: str, **values: Any) -> str | None:
    """Return the address of ``endpoint``, or None when no room brings it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def footer_links() -> list[NavItem]:
    """Return the footer's links whose pages exist."""
    links = ((text, href_of(endpoint)) for endpoint, text in current_app.config["FOOTER_LINKS"])
    return [NavItem(text, href, current=False) for text, href in links if href is not None]


def is_current(item: NavItem) -> bool:
    """Say whether ``item`` leads to the section that this page belongs to."""
    return item.is_current(request.path)


def init_app(app: Flask) -> None:
    """Give the layout its links; as globals, so that macros imported without context see them."""
    app.jinja_env.globals.update(
        nav_items=navigation.sections,
        pages_of=navigation.pages_of,
        account_items=navigation.account,
        line_templates=navigation.line_templates,
        links_of=cards.links_of,
        pieces_of=pieces.pieces_of,
        footer_links=footer_links,
        href_of=href_of,
        is_current=is_current,
        current_user=current_user,
    )
