"""The pipeline and its views; each module adds its own to the blueprint."""

from typing import Any

from flask import Blueprint

from portal.pipeline.rules.figures import FIGURES

blueprint = Blueprint("pipeline", __name__, template_folder="../templates")


@blueprint.context_processor
def definitions_told() -> dict[str, Any]:
    """Give every page the words of its figures."""
    return {"told": FIGURES}


# They hang their pages on the blueprint, so it must be there first.
from portal.pipeline.views import (  # noqa: E402
    crosstab,
    network,
    places,
    records,
    saved,
    stages,
)

__all__ = [
    "blueprint",
    "crosstab",
    "network",
    "places",
    "records",
    "saved",
    "stages",
]
