"""What reports ask of people, as rows of the home page."""

from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.reports.models import Report, ReportSection, SectionState

TO_WRITE = (SectionState.DRAFT, SectionState.CHANGES)


def to_write(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the sections that the actor is to write."""
    return (
        select(
            ReportSection.id,
            ReportSection.heading.label("text"),
            Report.title.label("name"),
            ReportSection.due_on,
        )
        .join(ReportSection.report)
        .where(ReportSection.owner_id == actor.user_id, ReportSection.state.in_(TO_WRITE))
    )


def to_read(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the reports of the actor's area in which sections wait for review, with how many."""
    return (
        select(
            Report.id,
            func.count(ReportSection.id).label("key"),
            Report.title.label("name"),
        )
        .join(Report.sections)
        .where(
            ReportSection.state == SectionState.REVIEW,
            Report.hin_id.is_(None) if actor.is_national else Report.hin_id == actor.hin_id,
        )
        .group_by(Report.id, Report.title)
    )
