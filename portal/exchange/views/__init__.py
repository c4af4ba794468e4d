"""The pages of the exchange; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("exchange", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.exchange.views import area_facts, areas  # noqa: E402

__all__ = ["area_facts", "areas", "blueprint"]
