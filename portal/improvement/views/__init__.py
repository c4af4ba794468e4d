"""The pages of improvement; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("improvement", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.improvement.views import measures, measures_entry, measures_setup  # noqa: E402

__all__ = ["blueprint", "measures", "measures_entry", "measures_setup"]
