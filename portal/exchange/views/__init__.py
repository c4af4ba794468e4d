"""The pages of the Exchange; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("exchange", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.exchange.views import (  # noqa: E402
    area_facts,
    areas,
    content,
    editing,
    feeds,
    following,
    front,
    life,
    links,
    places,
    visiting,
)

__all__ = [
    "area_facts",
    "areas",
    "blueprint",
    "content",
    "editing",
    "feeds",
    "following",
    "front",
    "life",
    "links",
    "places",
    "visiting",
]
