"""The pages of adoption; each module adds its own to the blueprint."""

from flask import Blueprint

blueprint = Blueprint("adoption", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.adoption.views import (  # noqa: E402
    claims,
    index,
    lists,
    places,
    record,
    sheet_files,
    sheets,
    sites,
    spread,
)

__all__ = [
    "blueprint",
    "claims",
    "index",
    "lists",
    "places",
    "record",
    "sheet_files",
    "sheets",
    "sites",
    "spread",
]
