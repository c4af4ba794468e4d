"""Who reads a version before it is published."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.db import db
from portal.errors import NotFound
from portal.reports.models import Report, ReportEarlyReader, ReportRelease
from portal.reports.rules.releases import may_read_early


def next_number(report: Report) -> int:
    """Return the version whose list is kept: the one that is coming, or will be made next."""
    last = db.session.scalars(
        select(ReportRelease)
        .where(ReportRelease.report_id == report.id)
        .order_by(ReportRelease.number.desc())
        .limit(1)
    ).first()
    if last is None:
        return 1
    return last.number if last.published_at > now() else last.number + 1


def readers_of(report_id: int, number: int | None = None) -> Sequence[ReportEarlyReader]:
    """Return everybody who is or was on the list of a version, or of every version."""
    found = select(ReportEarlyReader).where(ReportEarlyReader.report_id == report_id)
    if number is not None:
        found = found.where(ReportEarlyReader.number == number)
    loaded = (joinedload(ReportEarlyReader.user), joinedload(ReportEarlyReader.named_by))
    return db.session.scalars(
        found.options(*loaded).order_by(ReportEarlyReader.number, ReportEarlyReader.id)
    ).all()


def reader_for(report: Report, reader_id: int) -> ReportEarlyReader:
    """Return one person on the list of a report; raises NotFound."""
    found = db.session.get(ReportEarlyReader, reader_id)
    if found is None or found.report_id != report.id:
        raise NotFound("Nobody like that is on the list.")
    return found


def early_reader(actor: Actor, release: ReportRelease) -> ReportEarlyReader | None:
    """Return the actor's place on the list of a version, None where they may not read it yet."""
    if actor.user_id is None:
        return None
    found = db.session.scalars(
        select(ReportEarlyReader).where(
            ReportEarlyReader.report_id == release.report_id,
            ReportEarlyReader.number == release.number,
            ReportEarlyReader.user_id == actor.user_id,
        )
    ).first()
    return found if found is not None and may_read_early(found, today()) else None


def capacities(report_id: int, number: int) -> list[tuple[str, int]]:
    """Return as what people were on the list of a version, each with how many there were."""
    rows = db.session.execute(
        select(ReportEarlyReader.capacity, func.count())
        .where(ReportEarlyReader.report_id == report_id, ReportEarlyReader.number == number)
        .group_by(ReportEarlyReader.capacity)
        .order_by(ReportEarlyReader.capacity)
    )
    return [(words, count) for words, count in rows]
