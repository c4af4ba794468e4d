"""The pages of reports: the quarters, documents in work, what was published."""

from flask import Blueprint

blueprint = Blueprint("reports", __name__, template_folder="../templates")

# They hang their pages on the blueprint, so it must be there first.
from portal.reports.views import (  # noqa: E402
    annual,
    early,
    index,
    parts,
    pdfs,
    photos,
    published,
    pulling,
    sections,
    several,
    trace,
    work,
)

__all__ = [
    "annual",
    "blueprint",
    "early",
    "index",
    "parts",
    "pdfs",
    "photos",
    "published",
    "pulling",
    "sections",
    "several",
    "trace",
    "work",
]
