"""Where people stand in imports, and how long a file that was sent is kept."""

from dataclasses import replace

from portal.imports.models import DirectoryFile, ImportFile, ImportRow
from portal.personal import Place, Retention, deleting

PLACES = (
    Place(
        "import",
        "files that were brought in",
        typed="name source message",
        plain="kind sheet header mapping meanings",
    ),
    ImportFile.place("files that were brought in, as they were sent"),
    Place(
        "import_row",
        "rows of files that were brought in",
        typed="cells name problems notes changes record_name before to_verify",
    ),
    replace(
        DirectoryFile.place("files of the national directory that were sent"),
        typed="name message",
        plain="stored media_type report counts examples",
    ),
    Place("import_memory", typed="word", plain="kind field meaning"),
)

RETENTION = (
    Retention(
        code="import_files",
        what="Spreadsheets that were sent to be brought in",
        why="To look at them again while what they did is in question",
        done="Deleted",
        days=30,
        floor=7,
        ceiling=30,
        **deleting(ImportFile, lambda before: ImportFile.at < before),
    ),
    Retention(
        code="directory_files",
        what="Files of the national directory that were sent, and what reading them did",
        why="To look at them again while what they did is in question",
        done="Deleted; the list of files read last keeps its counts",
        days=30,
        floor=7,
        ceiling=90,
        **deleting(DirectoryFile, lambda before: DirectoryFile.at < before),
    ),
    Retention(
        code="import_rows",
        what="The rows of such spreadsheets, and what they changed",
        why="So that an import can be undone",
        done="Deleted; the import can be undone no more",
        days=30,
        floor=7,
        ceiling=90,
        **deleting(ImportRow, lambda before: ImportRow.at < before),
    ),
)
