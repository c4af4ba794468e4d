"""The pages of imports; each module hangs its own on the blueprint."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__, template_folder="../templates", url_prefix="/import")

# They hang their pages on the blueprint, so it must be there first.
from portal.imports.views import behalf, directory, files, rows, start, steps  # noqa: E402

__all__ = ["behalf", "blueprint", "directory", "files", "rows", "start", "steps"]
