"""What reports tell people. No message says what a section says: its page shows each reader what
they may read at that moment."""

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import leads, people
from portal.notifications.outbox import tell
from portal.reports.models import Report, ReportSection, SectionState

TEMPLATES = {
    SectionState.REVIEW: "review",
    SectionState.CHANGES: "asked",
    SectionState.APPROVED: "approved",
}
STAFF = (Role.HIN, Role.NATIONAL)


def tell_assigned(section: ReportSection, *, by: Actor) -> None:
    """Tell who is asked to write a section, unless they took it themselves."""
    _tell([section.owner], "assigned", section, by=by)


def tell_commented(section: ReportSection, *, by: Actor) -> None:
    """Tell who writes a section that somebody commented on it; when they have left, the editors."""
    writer = section.owner or section.written_by
    acts = writer is None or any(people(User.id == writer.id, Membership.role.in_(STAFF)))
    _tell([writer] if acts else _editors(section), "commented", section, by=by)


def tell_state(section: ReportSection, *, by: Actor) -> None:
    """Tell who writes a section what became of it; who edits the report, that it can be read."""
    if section.state is SectionState.REVIEW:
        _tell(_editors(section), "review", section, by=by)
    elif section.state in TEMPLATES:
        _tell([section.owner], TEMPLATES[section.state], section, by=by)


def tell_early(report: Report, user: User, *, by: Actor) -> None:
    """Tell somebody that they may read a report before it is published."""
    address = f"/reports/{report.slug}"
    tell([user], "reports/emails/early.txt", url=address, report=report, by=by)


def _editors(section: ReportSection) -> list[User | None]:
    """Return the leads of those who edit a report: of the national team, or of its network."""
    if section.report.hin_id is not None:
        return list(leads(section.report.hin_id))
    return list(people(Membership.role == Role.NATIONAL, Membership.is_lead))


def _tell(to: list[User | None], template: str, section: ReportSection, *, by: Actor) -> None:
    tell(
        [one for one in to if one is not None],
        f"reports/emails/{template}.txt",
        url=f"/reports/sections/{section.id}",
        section=section,
        by=by,
    )
