"""The pages of support; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("support", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.desk.views import bulk
from portal.desk.views import queues as desk
from portal.proof.views import milestones, proven, standards, validations
from portal.support.views import (
    asking,
    closings,
    figures,
    interactions,
    levels,
    matters,
    outcomes,
    partnerships,
    promises,
    proposals,
    record,
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
