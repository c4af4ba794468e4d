"""A published report as a PDF for everybody: tagged (PDF/UA-1), with its title and language."""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import render_template

from portal.db import db
from portal.jobs import Progress
from portal.reports.models import ReportRelease
from portal.reports.rules.document import drawn

PDF_TYPE = "application/pdf"
VARIANT = "pdf/ua-1"
STEPS = 7
"""So many WeasyPrint has: https://doc.courtbouillon.org/weasyprint/stable/ (its progress log)."""
_STEP = re.compile(r"Step (\d)(?:.*Page (\d+))?")


class NoPdf(Exception):
    """This installation makes no PDF: a library of the system is missing."""


def pdf(release: ReportRelease, progress: Progress) -> bytes:
    """Return the PDF of a version, with the same words and numbers as its page. Raises NoPdf.

    No transaction is open while it is laid out: that takes seconds.
    """
    content = release.content
    page = render_template(
        "reports/pdf.html", release=release, content=content, drawn=drawn(content)
    )
    db.session.commit()
    with _told(progress):
        return _printed(page)


def _printed(page: str) -> bytes:
    """Return a page as a PDF. Nothing is fetched for it, from wherever it may be."""
    try:  # takes half a second and 40 MB: only the process that makes PDFs pays
        from weasyprint import HTML  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except (ImportError, OSError) as missing:
        raise NoPdf("a library that makes PDFs is missing here") from missing
    fetcher = URLFetcher(allowed_protocols=["data"])
    made: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT)
    return made


class _Steps(logging.Handler):
    """Tells what WeasyPrint writes to its progress log, of this thread alone."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress, self.thread = progress, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        step = _STEP.match(record.getMessage())
        if step is None or record.thread != self.thread:
            return
        words = f"Laying out page {step[2]}" if step[2] else "Putting it together"
        self.progress(int(step[1]) - 1, STEPS, words)


@contextmanager
def _told(progress: Progress) -> Iterator[None]:
    """Tell of each step while a PDF is made. One job of a kind runs at once, so nobody else sets
    this log up meanwhile; it is kept out of the log of the service."""
    log, handler = logging.getLogger("weasyprint.progress"), _Steps(progress)
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
