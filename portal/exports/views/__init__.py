"""The pages of exports, of the open data and of the data dictionary."""

from flask import Blueprint

blueprint = Blueprint("exports", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.exports.views import dictionary, making, open_data  # noqa: E402

__all__ = ["blueprint", "dictionary", "making", "open_data"]
