"""The pages of search; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("search", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.search.views import counting, gaps, insights, results, saved, suggest  # noqa: E402

__all__ = ["blueprint", "counting", "gaps", "insights", "results", "saved", "suggest"]
