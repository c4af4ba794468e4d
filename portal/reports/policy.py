"""Who reads, writes, approves and publishes reports. Pure.

What was published is for everybody. A report in work is for staff: England's for the national team
and every network, a network's own for that network and the national team.
"""

from portal.accounts.models import Actor
from portal.reports.models import Report, ReportSection, SectionState


def can_make(actor: Actor, area: str) -> bool:
    """Whether the actor starts reports for "england", or for "network": their own."""
    return actor.is_national if area == "england" else actor.is_hin and actor.hin_id is not None


def can_make_any(actor: Actor) -> bool:
    """Whether the actor starts any report."""
    return can_make(actor, "england") or can_make(actor, "network")


def can_see(actor: Actor, report: Report) -> bool:
    """Whether the actor reads a report in work."""
    if actor.is_national or report.hin_id is None:
        return actor.is_staff
    return actor.is_hin and actor.hin_id == report.hin_id


def can_edit(actor: Actor, report: Report) -> bool:
    """Whether the actor writes any section, names owners and approves: the national team
    England's, a network its own."""
    if report.hin_id is None:
        return actor.is_national
    return actor.is_hin and actor.hin_id == report.hin_id


def can_write(actor: Actor, section: ReportSection) -> bool:
    """Whether the actor writes a section: who edits the report, and who owns the section."""
    is_owner = actor.user_id is not None and actor.user_id == section.owner_id
    return can_edit(actor, section.report) or (is_owner and can_see(actor, section.report))


def can_sign_off(actor: Actor, report: Report) -> bool:
    """Whether the actor signs a report off and publishes it: the lead of the national team
    England's, the lead of a network its own."""
    return can_edit(actor, report) and actor.is_lead


def can_read_rows(actor: Actor, hin_id: int | None) -> bool:
    """Whether the actor reads the rows behind a number of this report's area: the national team
    all, a network those of its own reports."""
    return actor.is_national or (actor.is_hin and hin_id is not None and actor.hin_id == hin_id)


def can_add_photos(actor: Actor, report: Report) -> bool:
    """Whether the actor adds photographs: who edits the report, and who owns a section of it."""
    owners = {one.owner_id for one in report.sections}
    is_owner = actor.user_id is not None and actor.user_id in owners
    return can_edit(actor, report) or (is_owner and can_see(actor, report))


NEXT: dict[SectionState, tuple[SectionState, ...]] = {
    SectionState.DRAFT: (SectionState.REVIEW,),
    SectionState.REVIEW: (SectionState.CHANGES, SectionState.APPROVED),
    SectionState.CHANGES: (SectionState.REVIEW,),
    SectionState.APPROVED: (SectionState.CHANGES,),
}
"""Where a section can go from each state."""
JUDGED = {SectionState.CHANGES, SectionState.APPROVED}
"""States into which only who edits the report puts a section."""


def next_states(actor: Actor, section: ReportSection) -> list[SectionState]:
    """Return the states into which the actor may put a section."""
    judges = can_edit(actor, section.report)
    writes = can_write(actor, section)
    return [one for one in NEXT[section.state] if (judges if one in JUDGED else writes)]
