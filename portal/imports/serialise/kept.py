"""The file of an import, as it was sent."""

from portal.errors import NotFound
from portal.files import content_of
from portal.imports.models import Import, ImportFile
from portal.imports.queries import only_reading
from portal.web.spreadsheets import Line, Workbook, read_workbook, wrong_with

__all__ = ["Workbook", "lines_of", "workbook_of", "wrong_with"]


def workbook_of(importing: Import) -> Workbook:
    """Return the file; a large one takes a while, in which others can save.

    Raises NotFound once it is deleted.
    """
    with only_reading():
        if importing.file is None:
            raise NotFound("This file is not kept here any more. Send it again.")
        data = content_of(importing.file.stored, room=ImportFile.kept_in)
        return read_workbook(data, importing.name)


def lines_of(importing: Import) -> list[Line]:
    """Return the lines below the names of the columns."""
    lines = workbook_of(importing).lines(importing.sheet)
    return [line for line in lines if line[0] > importing.header_row]
