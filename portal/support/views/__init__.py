"""The pages of support; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("support", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.support.views import (  # noqa: E402
    asking,
    closings,
    directory,
    due_dates,
    interactions,
    levels,
    outcomes,
    partnerships,
    proposals,
    record,
    tasks,
)

__all__ = [
    "asking",
    "blueprint",
    "closings",
    "directory",
    "due_dates",
    "interactions",
    "levels",
    "outcomes",
    "partnerships",
    "proposals",
    "record",
    "tasks",
]
