"""Look over what waits, decide what was reported, remove, hear appeals."""

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.community import outbox, policy
from portal.community.models import Idea, IdeaAppeal, IdeaMessage, IdeaReport, IdeaState
from portal.community.queries import open_reports, running_people, standing_of
from portal.community.services.moves import hold, move, require
from portal.db import add_new, db
from portal.db import lock as row_lock
from portal.errors import Conflict
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date


def release(*, idea: Idea, version: int, by: Actor) -> None:
    """Post an idea that waited to be looked over; its authors are told. Raises Forbidden,
    Conflict."""
    standing = hold(idea, version, by)
    require(policy.can_release(by, standing, idea))
    _post(idea, by)
    outbox.tell_authors("posted", idea, by=by)


def remove(*, idea: Idea, version: int, words: str, by: Actor) -> None:
    """Remove an idea, or refuse one that waits, with a reason; what was reported of it is thereby
    decided. Raises Forbidden, Conflict."""
    standing = hold(idea, version, by)
    may = policy.can_moderate(by, standing, idea) or policy.can_release(by, standing, idea)
    require(may)
    idea.removed_by_id, idea.answer = by.user_id, words
    for report in open_reports(idea.id):
        if report.message_id is None:
            _decided(report, by, is_upheld=True)
    move(idea, IdeaState.REMOVED, by=by, words=words)
    outbox.tell_authors("removed", idea, by=by)


def hide(*, idea: Idea, message: IdeaMessage, by: Actor) -> None:
    """Hide a comment; reports of it are thereby decided. Raises Forbidden."""
    require(policy.can_moderate(by, standing_of(by), idea))
    row_lock(idea)
    message.hidden_at = message.hidden_at or now()
    for report in open_reports(idea.id):
        if report.message_id == message.id:
            _decided(report, by, is_upheld=True)
    db.session.flush()
    outbox.note("hidden", idea, "hid a comment", by=by)


def keep(*, report: IdeaReport, by: Actor) -> None:
    """Let what was reported stay. Raises Forbidden, Conflict for what is decided."""
    row_lock(report.idea)
    db.session.refresh(report)
    require(policy.can_moderate(by, standing_of(by), report.idea))
    if report.decided_at is not None:
        raise Conflict("This report was decided meanwhile.")
    _decided(report, by, is_upheld=False)
    db.session.flush()
    outbox.note("kept", report.idea, "let stay what was reported", by=by)


def appeal(*, idea: Idea, words: str, by: Actor) -> IdeaAppeal:
    """Ask that somebody else looks at the removal, once. Raises Forbidden, Conflict."""
    row_lock(idea)
    require(policy.can_appeal(by, idea))
    row = IdeaAppeal(idea=idea, words=words, by_id=by.user_id, at=now())
    row.set_due(due_date(DeadlineKind.REPLY, today()))
    if not add_new(row):
        raise Conflict("You appealed already.")
    others = [one for one in running_people(idea.campaign) if one.id != idea.removed_by_id]
    outbox.note("appealed", idea, "appealed against the removal", by=by)
    outbox.tell_people(others, "appealed", idea, due_on=row.due_on)
    return row


def decide_appeal(*, appeal: IdeaAppeal, is_upheld: bool, words: str, by: Actor) -> None:
    """Post the idea again, or say why it stays removed; its author is told. Raises Forbidden,
    Conflict for what is decided."""
    idea = appeal.idea
    row_lock(idea)
    db.session.refresh(appeal)
    require(policy.can_decide_appeal(by, standing_of(by), idea))
    if appeal.decided_at is not None:
        raise Conflict("This appeal was decided meanwhile.")
    appeal.decided_at, appeal.decided_by_id = now(), by.user_id
    appeal.is_upheld, appeal.answer = is_upheld, words
    if is_upheld:
        idea.removed_by_id, idea.answer = None, ""
        idea.set_due(due_date(DeadlineKind.IDEA, today()))
        _post(idea, by, words)
    db.session.flush()
    outbox.note("appeal_decided", idea, "decided the appeal", by=by)
    outbox.tell_people([idea.author], "appeal_decided", idea, is_upheld=is_upheld)


def _post(idea: Idea, by: Actor, words: str = "") -> None:
    """Post it; one that was answered before gets a new answer."""
    idea.posted_at = idea.posted_at or now()
    idea.held_why, idea.owner_id, idea.answered_at = "", None, None
    move(idea, IdeaState.POSTED, by=by, words=words)


def _decided(report: IdeaReport, by: Actor, *, is_upheld: bool) -> None:
    report.decided_at, report.decided_by_id, report.is_upheld = now(), by.user_id, is_upheld
