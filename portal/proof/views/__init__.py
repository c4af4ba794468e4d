"""The pages of proof; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("proof", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.proof.views import (  # noqa: E402
    milestones,
    progress,
    proven,
    standards,
    validations,
)

__all__ = [
    "blueprint",
    "milestones",
    "progress",
    "proven",
    "standards",
    "validations",
]
