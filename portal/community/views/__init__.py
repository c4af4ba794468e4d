"""The pages of ideas; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("community", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.community.views import (  # noqa: E402
    answering,
    campaigns,
    listing,
    moderating,
    pieces,
    posting,
    show,
    together,
)

__all__ = [
    "answering",
    "blueprint",
    "campaigns",
    "listing",
    "moderating",
    "pieces",
    "posting",
    "show",
    "together",
]
