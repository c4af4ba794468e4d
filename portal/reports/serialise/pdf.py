"""A published report as a PDF for everybody: tagged (PDF/UA-1), with its title and language."""

from flask import render_template

from portal.reports.models import ReportRelease
from portal.reports.rules.document import drawn

PDF_TYPE = "application/pdf"
VARIANT = "pdf/ua-1"


class NoPdf(Exception):
    """This installation makes no PDF: the extra or a library of the system is missing."""


def pdf(release: ReportRelease) -> bytes:
    """Return the PDF of a version, with the same words and numbers as its page.

    Nothing is fetched for it, from wherever it may be. Raises NoPdf.
    """
    try:  # takes half a second and 40 MB: only whoever asks for a PDF pays
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as missing:
        raise NoPdf from missing
    content = release.content
    page = render_template(
        "reports/pdf.html", release=release, content=content, drawn=drawn(content)
    )
    fetcher = URLFetcher(allowed_protocols=["data"])
    made: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)
    return made
