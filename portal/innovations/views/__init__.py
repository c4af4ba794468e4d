"""The pages of the innovation record; each module hangs its own on the blueprint."""

from flask import Blueprint

from portal.innovations.views.tabs import tabs_of

blueprint = Blueprint("innovations", __name__, template_folder="../templates")
blueprint.add_app_template_global(tabs_of, "record_tabs")

# They hang their pages on the blueprint, so it must be there first.
from portal.innovations.views import (  # noqa: E402
    activity,
    catalogue,
    duplicates,
    export,
    files,
    following,
    items,
    merging,
    ownership,
    people,
    places,
    record,
    register,
    sections,
)

__all__ = [
    "activity",
    "blueprint",
    "catalogue",
    "duplicates",
    "export",
    "files",
    "following",
    "items",
    "merging",
    "ownership",
    "people",
    "places",
    "record",
    "register",
    "sections",
]
