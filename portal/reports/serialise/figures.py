"""The numbers of a published report as a file."""

from collections.abc import Sequence

from portal.reports.models import ReportRelease
from portal.web.downloads import Cell

HEADER = (
    *("Number", "Section", "Shown as", "Figure", "Area", "Period", "Value", "Unit"),
    *("What it counts", "Source", "As at", "Final", "Reference"),
)


def figure_rows(release: ReportRelease) -> list[Sequence[Cell]]:
    """Return a line for each number, in the order of the report."""
    return [
        (
            *(one["number"], one["section"], one["shown"], one["label"], one["area"]),
            *(one["period"], one["value"], one["unit"], one["definition"], one["source"]),
            *(one["as_at"], "yes" if one["is_frozen"] else "no", one["reference"]),
        )
        for one in release.content["figures"]
    ]
