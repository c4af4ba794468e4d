"""The pages of improvement; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("improvement", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.improvement.views import (  # noqa: E402
    diagrams,
    editing,
    engagement,
    index,
    joining,
    lessons,
    measures,
    measures_entry,
    measures_setup,
    nodes,
    programmes,
    surveys,
    surveys_answering,
    teams,
)

__all__ = [
    "blueprint",
    "diagrams",
    "editing",
    "engagement",
    "index",
    "joining",
    "lessons",
    "measures",
    "measures_entry",
    "measures_setup",
    "nodes",
    "programmes",
    "surveys",
    "surveys_answering",
    "teams",
]
