"""What the Exchange adds to the page of the service's search: items for the same words, by kind."""

from flask import render_template
from markupsafe import Markup

from portal.exchange.queries.searching import found_for
from portal.exchange.rules.kinds import KINDS
from portal.exchange.serialise.content import address


def beside(words: str) -> Markup:
    """Return the items that hold these words, by kind; nothing where none does."""
    found = found_for(words)
    if not found.by_kind:
        return Markup("")
    return Markup(  # noqa: S704  # our own template's
        render_template(
            "exchange/beside.html", found=found, kinds=KINDS, words=words, address=address
        )
    )
