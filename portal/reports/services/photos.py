"""Add photographs to a report in work, and take those away that no version shows."""

import hashlib
from typing import IO

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.exchange.models import Licence
from portal.files import content_of
from portal.pictures import size_of
from portal.quotas import MEGABYTE
from portal.reports import policy
from portal.reports.models import Report, ReportPhoto
from portal.reports.queries.photos import is_kept, photos_of
from portal.reports.rules.typed import typed_numbers

MAX_PHOTOS, MAX_TOGETHER = 40, 60 * MEGABYTE
"""Anybody may ask for the document that holds them all, which is made in memory."""
PICTURES = {"image/png", "image/jpeg"}


def add_photo(
    *,
    report: Report,
    file: tuple[IO[bytes], str] | None,
    alt: str,
    credit: str,
    licence: Licence,
    consent: str,
    by: Actor,
) -> ReportPhoto:
    """Keep a photograph for a report. Raises Forbidden, Invalid for a file that is no picture, and
    for words that are printed and have numbers: those are quoted in a text."""
    if not policy.can_add_photos(by, report):
        raise Forbidden("Who edits the report, or writes a section of it, adds photographs.")
    if len(photos_of(report.id)) >= MAX_PHOTOS:
        raise Invalid(f"There are {MAX_PHOTOS} photographs already", field="file")
    for field, words in (("alt", alt), ("credit", credit)):
        if any(typed_numbers(words)):
            raise Invalid("Leave numbers out: quote them in the text beside it", field=field)
    if file is None:
        raise Invalid("Select a photograph", field="file")
    row = ReportPhoto.received(*file, by=by)
    if sum(one.size for one in photos_of(report.id)) + row.size > MAX_TOGETHER:
        message = f"The photographs of a report may have {MAX_TOGETHER // MEGABYTE}MB together"
        raise Invalid(f"{message}: take one away, or make this one smaller", field="file")
    _measure(row)
    row.report_id, row.at, row.by_id = report.id, now(), by.user_id
    row.alt, row.credit, row.licence, row.consent = alt, credit, licence, consent
    db.session.add(row)
    db.session.flush()
    audit.note(report, "photo", f"added a photograph to “{report.title}”", by=by)
    return row


def _measure(row: ReportPhoto) -> None:
    """Note size and hash of a file that was kept; raises Invalid for one that is no picture."""
    data = content_of(row.stored, room=row.kept_in)
    size = size_of(data) if row.media_type in PICTURES else None
    if size is None:
        raise Invalid("The selected file must be a PNG or JPEG picture", field="file")
    row.width, row.height = size
    row.digest = hashlib.sha256(data).hexdigest()


def remove_photo(*, report: Report, row: ReportPhoto, by: Actor) -> None:
    """Take a photograph away. Raises Forbidden, Conflict where a version shows it."""
    if not (policy.can_edit(by, report) or row.by_id == by.user_id):
        raise Forbidden("Who added it, or edits the report, takes it away.")
    lock(report)  # a version that is made at this moment shows it
    if is_kept(row):
        raise Conflict("A version that was published or is coming shows it: it stays as it was.")
    db.session.delete(row)
    db.session.flush()
    audit.note(report, "photo", f"took a photograph of “{report.title}” away", by=by)
