"""What hangs on a person here: the sections of reports in work that they write."""

from collections.abc import Sequence

from sqlalchemy import Select, literal, select

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.leaving import Responsibility
from portal.db import db
from portal.reports.models import Report, ReportSection, SectionState


def _owned(of: Membership) -> Select[ReportSection]:
    """The sections that are not approved and wait for the member, acting for this organisation."""
    area = Report.hin_id.is_(None) | (Report.hin_id == of.organisation.hin_id)
    return (
        select(ReportSection)
        .join(ReportSection.report)
        .where(
            ReportSection.owner_id == of.user_id,
            ReportSection.state != SectionState.APPROVED,
            area,
            literal(of.role in (Role.HIN, Role.NATIONAL)),
        )
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Let the successor write them; where nobody is named, nobody does."""
    for row in db.session.scalars(_owned(of).order_by(ReportSection.id)).all():
        row.owner_id = successor.id if successor is not None else None


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility(
        "section of a report that they write",
        "sections of reports that they write",
        _owned,
        _pass_on,
    ),
)
