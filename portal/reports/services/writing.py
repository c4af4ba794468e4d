"""Write sections: texts, owners and days, states, comments, explanations."""

from datetime import date

from sqlalchemy import func, select

from portal.accounts.models import Actor, User
from portal.audit import services as audit
from portal.clock import now
from portal.db import add_new, db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.reports import outbox, policy
from portal.reports.models import (
    Report,
    ReportComment,
    ReportRemark,
    ReportSection,
    ReportText,
    SectionState,
)
from portal.reports.queries.quoting import Numbers
from portal.reports.rules.checks import Finding, seen_of
from portal.reports.rules.text import blocks, references
from portal.wording import moment_words

QUOTED = 80
"""So many characters of a paragraph stand with a comment on it."""


def save_text(
    *, section: ReportSection, version: int, text: str, left_out: str = "", by: Actor
) -> None:
    """Save the text of a section, and keep the one before it.

    An approved section has to be approved again, and the report signed off again. Raises Forbidden,
    Invalid for a text and a reason to leave it out at once, Outdated where somebody else saved
    first.
    """
    if not policy.can_write(by, section):
        raise Forbidden("Only its owner, or who edits the report, writes this section.")
    if text and left_out:
        raise Invalid("Leave this empty: the section has a text", field="left_out")
    lock(section, seen=version, words=lambda: _who(section))
    section.text, section.left_out = text, left_out
    numbers = Numbers(section.report, by, compares=False)
    section.seen = seen_of(numbers.quoted(references(text)))
    section.written_at, section.written_by_id = now(), by.user_id
    if section.state is SectionState.APPROVED:
        section.state = SectionState.DRAFT
    db.session.add(
        ReportText(
            section_id=section.id,
            number=_last_number(section) + 1,
            text=text,
            at=section.written_at,
            by_id=by.user_id,
        )
    )
    _withdraw(section.report)
    audit.note(section, "written", f"wrote the section “{section.heading}”", by=by)


def _who(section: ReportSection) -> str:
    name = section.written_by.name if section.written_by else "Somebody"
    at = moment_words(section.written_at)
    return f"{name} saved this section at {at}. Both texts are on this page: yours was not saved."


def _last_number(section: ReportSection) -> int:
    return (
        db.session.scalar(
            select(func.max(ReportText.number)).where(ReportText.section_id == section.id)
        )
        or 0
    )


def _withdraw(report: Report) -> None:
    """Let a report that is changed wait for being signed off again."""
    report.signed_off_at = report.signed_off_by_id = None
    db.session.flush()


def assign(
    *, section: ReportSection, version: int, owner: User | None, due_on: date | None, by: Actor
) -> None:
    """Say who looks after a section, by which day. Raises Forbidden, Outdated."""
    if not policy.can_edit(by, section.report):
        raise Forbidden("Who edits the report says who writes a section.")
    lock(section, seen=version)
    section.owner_id, section.due_on = owner.id if owner else None, due_on
    db.session.flush()
    db.session.expire(section, ["owner"])
    outbox.tell_assigned(section, by=by)
    audit.note(section, "assigned", f"assigned the section “{section.heading}”", by=by)


def set_state(
    *, section: ReportSection, version: int, state: SectionState, by: Actor, tells: bool = True
) -> None:
    """Put a section into another state; `tells` whoever waits for it.

    Raises Forbidden, Invalid while comments on it are open or it is empty, Outdated.
    """
    lock(section, seen=version)
    if state not in policy.next_states(by, section):
        raise Forbidden("You cannot put this section into that state.")
    if state is SectionState.APPROVED and any(c.done_at is None for c in section.comments):
        raise Invalid("Deal with the comments before the section is approved")
    if state is SectionState.CHANGES:
        _withdraw(section.report)
    section.state = state
    db.session.flush()
    if tells:
        outbox.tell_state(section, by=by)
    audit.note(section, "state", f"put the section “{section.heading}” to: {state.label}", by=by)


def comment(*, section: ReportSection, paragraph: int, words: str, by: Actor) -> ReportComment:
    """Comment on a paragraph of a section, counted from 1, or (0) on the section as a whole.

    Raises Forbidden, Invalid where there is no such paragraph.
    """
    if not policy.can_see(by, section.report):
        raise Forbidden("Only who reads the report comments on it.")
    found = blocks(section.text)
    if not 0 <= paragraph <= len(found):
        raise Invalid("Select a paragraph that is there", field="paragraph")
    quoted = found[paragraph - 1].plain[:QUOTED] if paragraph else ""
    row = ReportComment(
        section_id=section.id,
        paragraph=paragraph,
        quoted=quoted,
        words=words,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    outbox.tell_commented(section, by=by)
    return row


def close_comment(*, section: ReportSection, row: ReportComment, by: Actor) -> None:
    """Say that a comment is dealt with. Raises Forbidden, Conflict where it was said already."""
    if not policy.can_write(by, section) and row.by_id != by.user_id:
        raise Forbidden("Who writes the section, or wrote the comment, says that it is dealt with.")
    unused = (ReportComment.id == row.id, ReportComment.done_at.is_(None))
    if not use_once(ReportComment, *unused, done_at=now(), done_by_id=by.user_id):
        raise Conflict("This comment was dealt with already.")
    db.session.expire(row)


def explain(*, report: Report, found: Finding, words: str, by: Actor) -> ReportRemark:
    """Explain what the checks found: the words are printed with the report.

    Raises Forbidden, Conflict where it was explained already.
    """
    if not policy.can_edit(by, report):
        raise Forbidden("Who edits the report explains what the checks found.")
    row = ReportRemark(
        report_id=report.id, finding=found.key, words=words, at=now(), by_id=by.user_id
    )
    if not add_new(row):
        raise Conflict("Somebody explained this already.")
    _withdraw(report)
    audit.note(report, "explained", f"explained: {found.words}", by=by)
    return row
