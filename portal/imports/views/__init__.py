"""The pages of imports; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__, template_folder="../templates", url_prefix="/import")

# They hang their pages on the blueprint, so it must be there first.
from portal.imports.views import (  # noqa: E402
    behalf,
    directory,
    files,
    remembered,
    rows,
    start,
    steps,
)

__all__ = ["behalf", "blueprint", "directory", "files", "remembered", "rows", "start", "steps"]
