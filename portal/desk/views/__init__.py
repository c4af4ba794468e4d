"""The pages of the desk; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.desk.views import (  # noqa: E402
    bulk,
    lead,
    queues,
)

__all__ = [
    "blueprint",
    "bulk",
    "lead",
    "queues",
]
