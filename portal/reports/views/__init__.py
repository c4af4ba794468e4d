"""The pages of reports: the quarters, documents in work, what was published."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.reports.views import index, parts, published, pulling, sections, trace, work  # noqa: E402

__all__ = ["blueprint", "index", "parts", "published", "pulling", "sections", "trace", "work"]
