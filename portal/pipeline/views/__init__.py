"""Home pages by role, the pipeline and its views; each module hangs its own on the blueprint."""

from typing import Any

from flask import Blueprint

from portal.pipeline.rules.figures import FIGURES

blueprint = Blueprint("reports", __name__, template_folder="../templates")


@blueprint.context_processor
def definitions_told() -> dict[str, Any]:
    """Give every page the words of its figures."""
    return {"told": FIGURES}


# They hang their pages on the blueprint, so it must be there first.
from portal.home import views as home
from portal.pipeline.views import crosstab, network, places, records, saved
from portal.pipeline.views import stages as pipeline
from portal.reports import views as quarterly

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
