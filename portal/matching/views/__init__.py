"""The pages of matches; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("matching", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.matching.views import across, closing, judging, lists, preview, sharing  # noqa: E402

__all__ = ["across", "blueprint", "closing", "judging", "lists", "preview", "sharing"]
