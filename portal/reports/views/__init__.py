"""Home pages by role, the pipeline and its views; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.reports.views import (  # noqa: E402
    crosstab,
    home,
    network,
    pipeline,
    records,
    saved,
)

__all__ = ["blueprint", "crosstab", "home", "network", "pipeline", "records", "saved"]
