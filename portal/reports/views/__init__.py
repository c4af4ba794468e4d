"""Home pages by role, the pipeline and its views; each module hangs its own on the blueprint."""

from typing import Any

from flask import Blueprint

from portal.reports.rules.figures import FIGURES

blueprint = Blueprint("reports", __name__, template_folder="../templates")


@blueprint.context_processor
def definitions_told() -> dict[str, Any]:
    """Give every page the words of its figures."""
    return {"told": FIGURES}


# They hang their pages on the blueprint, so it must be there first.
from portal.reports.views import (  # noqa: E402
    crosstab,
    home,
    network,
    pipeline,
    places,
    quarterly,
    records,
    saved,
)

__all__ = [
    "blueprint",
    "crosstab",
    "home",
    "network",
    "pipeline",
    "places",
    "quarterly",
    "records",
    "saved",
]
