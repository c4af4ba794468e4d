"""The photographs of a report, and which versions show them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import NotFound
from portal.reports.models import ReportPhoto, ReportRelease
from portal.reports.queries.reports import releases_of
from portal.reports.rules.document import photos


def photos_of(report_id: int) -> Sequence[ReportPhoto]:
    """Return the photographs of a report, in the order in which they came."""
    return db.session.scalars(
        select(ReportPhoto)
        .where(ReportPhoto.report_id == report_id)
        .options(joinedload(ReportPhoto.by))
        .order_by(ReportPhoto.id)
    ).all()


def photo_of(report_id: int, photo_id: int | None) -> ReportPhoto | None:
    """Return a photograph of a report, None where it has no such one."""
    found = db.session.get(ReportPhoto, photo_id) if photo_id else None
    return found if found is not None and found.report_id == report_id else None


def photo_for(report_id: int, photo_id: int) -> ReportPhoto:
    """Return a photograph of a report; raises NotFound."""
    if (found := photo_of(report_id, photo_id)) is None:
        raise NotFound("There is no such photograph.")
    return found


def shown_in(release: ReportRelease, place: int) -> ReportPhoto:
    """Return a photograph that a version shows, by its place counted from 1; raises NotFound."""
    shown = {number: one["id"] for number, one in enumerate(photos(release.content), start=1)}
    return photo_for(release.report_id, shown.get(place, 0))


def is_kept(row: ReportPhoto) -> bool:
    """Whether a version of the report shows a photograph."""
    return any(
        one["id"] == row.id
        for release in releases_of(row.report_id)
        for one in photos(release.content)
    )
