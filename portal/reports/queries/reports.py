"""Find reports, their sections, texts and releases: the doors of the room."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from portal.accounts.models import Actor
from portal.clock import now
from portal.db import db
from portal.errors import NotFound
from portal.reports.models import (
    Report,
    ReportComment,
    ReportRelease,
    ReportRemark,
    ReportSection,
    ReportText,
)
from portal.reports.policy import can_edit, can_see
from portal.reports.queries.early import early_reader
from portal.reports.rules.releases import is_public


def report_for(actor: Actor, report_id: int) -> Report:
    """Return a report in work with its sections; raises NotFound for what the actor may not see."""
    loaded = selectinload(Report.sections)
    options = (
        joinedload(Report.hin),
        loaded.joinedload(ReportSection.owner),
        loaded.joinedload(ReportSection.written_by),
    )
    found = db.session.get(Report, report_id, options=options)
    if found is None or not can_see(actor, found):
        raise NotFound("There is no such report.")
    return found


def section_for(actor: Actor, section_id: int) -> ReportSection:
    """Return a section of a report that the actor may see; raises NotFound."""
    found = db.session.get(ReportSection, section_id, options=(joinedload(ReportSection.report),))
    if found is None or not can_see(actor, found.report):
        raise NotFound("There is no such section.")
    return found


def comment_for(actor: Actor, comment_id: int) -> tuple[ReportSection, ReportComment]:
    """Return a comment with its section; raises NotFound."""
    found = db.session.get(ReportComment, comment_id)
    if found is None:
        raise NotFound("There is no such comment.")
    return section_for(actor, found.section_id), found


def in_work(actor: Actor) -> list[Report]:
    """Return the reports that the actor may see in work, the newest period first."""
    if not actor.is_staff:
        return []
    found = select(Report).options(joinedload(Report.hin))
    if not actor.is_national:
        found = found.where(or_(Report.hin_id.is_(None), Report.hin_id == actor.hin_id))
    return list(db.session.scalars(found.order_by(Report.quarter_on.desc(), Report.id)))


def published() -> Sequence[ReportRelease]:
    """Return the newest release of each published report, the newest period first."""
    is_out = ReportRelease.published_at <= now()
    newest = select(func.max(ReportRelease.id)).where(is_out).group_by(ReportRelease.report_id)
    return db.session.scalars(
        select(ReportRelease)
        .join(ReportRelease.report)
        .where(ReportRelease.id.in_(newest))
        .options(contains_eager(ReportRelease.report), defer(ReportRelease.content))
        .order_by(Report.quarter_on.desc(), Report.id)
    ).all()


def releases_of(report_id: int) -> Sequence[ReportRelease]:
    """Return every release of a report, the first one first; that which is coming with them."""
    return db.session.scalars(
        select(ReportRelease)
        .where(ReportRelease.report_id == report_id)
        .order_by(ReportRelease.number)
    ).all()


def releases_at(actor: Actor, slug: str) -> list[ReportRelease]:
    """Return the releases at a public address that the actor may read, the first one first; raises
    NotFound where there is none."""
    report_id = db.session.scalar(select(Report.id).where(Report.slug == slug.lower()))
    found = releases_of(report_id) if report_id is not None else []
    seen = [one for one in found if may_read(actor, one)]
    if not seen:
        raise NotFound("There is no report at this address.")
    return seen


def may_read(actor: Actor, release: ReportRelease) -> bool:
    """Whether the actor reads a version: everybody what is public; before that those on its list,
    and who edits the report."""
    if is_public(release, now()) or can_edit(actor, release.report):
        return True
    return early_reader(actor, release) is not None


def texts_of(section_id: int) -> Sequence[ReportText]:
    """Return the texts that a section had, the newest first."""
    return db.session.scalars(
        select(ReportText)
        .where(ReportText.section_id == section_id)
        .options(joinedload(ReportText.by))
        .order_by(ReportText.number.desc())
    ).all()


def remarks_of(report_id: int) -> Sequence[ReportRemark]:
    """Return the explanations of a report, in the order of their entry."""
    return db.session.scalars(
        select(ReportRemark).where(ReportRemark.report_id == report_id).order_by(ReportRemark.id)
    ).all()


def comments_of(section_id: int) -> Sequence[ReportComment]:
    """Return the comments on a section, open ones first, then in the order of their entry."""
    return db.session.scalars(
        select(ReportComment)
        .where(ReportComment.section_id == section_id)
        .options(joinedload(ReportComment.by))
        .order_by(ReportComment.done_at.is_not(None), ReportComment.id)
    ).all()


def before(report: Report) -> Report | None:
    """Return the report of the same outline and area for the period before, if there is one."""
    return db.session.scalar(
        select(Report)
        .where(
            Report.outline == report.outline,
            Report.hin_id.is_not_distinct_from(report.hin_id),
            Report.quarter_on < report.quarter_on,
        )
        .order_by(Report.quarter_on.desc())
        .limit(1)
    )


def text_before(section: ReportSection) -> str:
    """Return the text of the same section in the report before, "" where there is none."""
    former = before(section.report)
    if former is None:
        return ""
    found = db.session.scalar(
        select(ReportSection.text).where(
            ReportSection.report_id == former.id, ReportSection.code == section.code
        )
    )
    return found or ""
