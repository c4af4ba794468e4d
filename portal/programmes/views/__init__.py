"""The pages of programmes; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("programmes", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.programmes.views import (  # noqa: E402
    aims,
    community,
    evaluation,
    funds,
    longlist,
    mandate,
    measuring,
    programmes,
    proposals,
    quarters,
    setting_up,
    spread,
)

__all__ = [
    "aims",
    "blueprint",
    "community",
    "evaluation",
    "funds",
    "longlist",
    "mandate",
    "measuring",
    "programmes",
    "proposals",
    "quarters",
    "setting_up",
    "spread",
]
