"""Where people stand in reports: as those who write them, and in what was published of rows."""

from dataclasses import replace

from portal.personal import Place
from portal.reports.models import ReportPhoto
from portal.reports.rules.releases import PDFS

_PHOTO = ReportPhoto.place("photographs of reports")

# What was published is for everybody and stays word for word, so that its hash can be worked out
# again; rows behind figures name organisations and places, never people.
PLACES = (
    Place("report", "reports", plain="slug outline title", typed="methodology"),
    Place(
        "report_section",
        "sections of reports",
        plain="code parent heading seen",
        typed="text left_out",
    ),
    Place("report_early_reader", "who reads reports before publication", typed="capacity"),
    Place("report_text", "texts of sections", typed="text"),
    Place("report_comment", "comments on reports", typed="quoted words"),
    Place("report_remark", "explanations in reports", plain="finding", typed="words"),
    Place("report_release", "published reports", plain="title digest content", typed="note"),
    Place(
        "release_figure",
        "numbers of published reports",
        plain="section reference shown label area period unit definition source rows",
        names="editor",
    ),
    replace(
        _PHOTO,
        typed=f"{_PHOTO.typed} alt credit consent",
        plain=f"{_PHOTO.plain} digest",
    ),
    Place(
        "report_pdf",
        "PDFs of published reports",
        plain="stored",
        made=PDFS,
        stays="Made again from the version when somebody asks",
    ),
)
