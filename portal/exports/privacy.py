"""Where people stand in exports, and how long these are kept."""

from portal.exports.models import ExportFile
from portal.exports.rules import EXPORTS, OPEN_DATA
from portal.personal import Place, Retention, deleting

PLACES = (
    Place(
        "export_file",
        "exports that were made",
        plain="stored",
        made=EXPORTS,
        holds_copies=True,
        stays="Made again when somebody asks",
    ),
    Place(
        "open_data_file",
        "open data",
        plain="name media_type stored digest",
        made=OPEN_DATA,
        stays="Made again every night",
    ),
)

RETENTION = (
    Retention(
        code="exports",
        what="Exports of the portal or of what a network may see, as files",
        why="So that whoever asked can fetch them",
        done="Deleted",
        days=7,
        floor=1,
        ceiling=7,
        **deleting(ExportFile, lambda before: ExportFile.at < before),
    ),
)
