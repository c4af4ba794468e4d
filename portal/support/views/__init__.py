"""The pages of support; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("support", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.support.views import (  # noqa: E402
    asking,
    bulk,
    closings,
    desk,
    figures,
    interactions,
    levels,
    matters,
    milestones,
    outcomes,
    partnerships,
    promises,
    proposals,
    proven,
    record,
    standards,
    validations,
)

__all__ = [
    "asking",
    "blueprint",
    "bulk",
    "closings",
    "desk",
    "figures",
    "interactions",
    "levels",
    "matters",
    "milestones",
    "outcomes",
    "partnerships",
    "promises",
    "proposals",
    "proven",
    "record",
    "standards",
    "validations",
]
