"""The pages of impact; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("impact", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.impact.views import (  # noqa: E402
    answering,
    campaigns,
    estimates,
    events,
    index,
    returns,
)

__all__ = ["answering", "blueprint", "campaigns", "estimates", "events", "index", "returns"]
