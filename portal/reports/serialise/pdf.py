"""A published report as a PDF for everybody: tagged (PDF/UA-1), with its title and language."""

from functools import lru_cache

from flask import render_template

from portal.reports.models import ReportRelease
from portal.reports.rules.document import drawn

PDF_TYPE = "application/pdf"
VARIANT = "pdf/ua-1"
KEPT = 8
"""So many PDFs at most: each has some 100 kB."""


class NoPdf(Exception):
    """This installation makes no PDF: the extra or a library of the system is missing."""


def pdf(release: ReportRelease) -> bytes:
    """Return the PDF of a version, with the same words and numbers as its page.

    A version never changes: those that were asked for last are kept. Raises NoPdf.
    """
    content = release.content
    page = render_template(
        "reports/pdf.html", release=release, content=content, drawn=drawn(content)
    )
    return _printed(page)


@lru_cache(maxsize=KEPT)
def _printed(page: str) -> bytes:
    """Return a page as a PDF. Nothing is fetched for it, from wherever it may be."""
    try:  # takes half a second and 40 MB: only whoever asks for a PDF pays
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as missing:
        raise NoPdf from missing
    fetcher = URLFetcher(allowed_protocols=["data"])
    made: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)
    return made
