"""The pages of answers; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("answers", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.answers.views import (  # noqa: E402
    answering,
    assessing,
    deciding,
    grid,
    listing,
    pieces,
    show,
)

__all__ = ["answering", "assessing", "blueprint", "deciding", "grid", "listing", "pieces", "show"]
