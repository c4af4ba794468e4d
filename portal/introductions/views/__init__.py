"""The pages of introductions; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("introductions", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.introductions.views import (  # noqa: E402
    asking,
    listing,
    record,
    show,
    steps,
    thread,
)

__all__ = ["asking", "blueprint", "listing", "record", "show", "steps", "thread"]
