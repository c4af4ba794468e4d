"""Readers: comment, support, follow, report."""

from sqlalchemy import delete

from portal.accounts.models import Actor
from portal.community import outbox, policy
from portal.community.models import (
    THREADS,
    Idea,
    IdeaFollower,
    IdeaMessage,
    IdeaReport,
    IdeaSupporter,
    ReportReason,
)
from portal.community.services.moves import require
from portal.db import db, insert_into
from portal.threads import services as threads


def comment(
    *, idea: Idea, body: str, by: Actor, file: threads.SentFile | None = None
) -> IdeaMessage:
    """Comment on an idea; whoever follows it is told. Raises Forbidden, Invalid."""
    require(policy.can_take_part(by, idea))
    message = threads.post(THREADS, thread_id=idea.id, body=body, by=by, file=file)
    outbox.tell_message(idea, by=by)
    return message


def mark_read(*, idea: Idea, message_id: int, by: Actor) -> None:
    """Note that the actor has read the comments up to one."""
    threads.mark_read(THREADS, thread_id=idea.id, message_id=message_id, by=by)


def follow(*, idea: Idea, is_following: bool, by: Actor) -> None:
    """Be told of what happens with an idea from now on, or no more. Raises Forbidden."""
    require(policy.can_take_part(by, idea) or policy.is_author(by, idea))
    threads.set_following(
        IdeaFollower, thread_id=idea.id, user_id=by.user_id, is_following=is_following
    )


def support(*, idea: Idea, by: Actor) -> None:
    """Support an idea; saying it twice counts once. Raises Forbidden."""
    require(policy.can_support(by, idea))
    row = {"idea_id": idea.id, "user_id": by.user_id}
    db.session.execute(insert_into(IdeaSupporter).values(row).on_conflict_do_nothing())


def unsupport(*, idea: Idea, by: Actor) -> None:
    """Take one's support back."""
    mine = (IdeaSupporter.idea_id == idea.id) & (IdeaSupporter.user_id == by.user_id)
    db.session.execute(delete(IdeaSupporter).where(mine))


def report(
    *, idea: Idea, message: IdeaMessage | None, reason: ReportReason, words: str, by: Actor
) -> IdeaReport:
    """Report an idea, or one of its comments, as against the code of conduct; those who run the
    campaign are told, without who did. Raises Forbidden."""
    require(policy.can_take_part(by, idea))
    row = IdeaReport(idea=idea, message=message, by_id=by.user_id, reason=reason, words=words)
    db.session.add(row)
    db.session.flush()
    outbox.note("reported", idea, "reported something as against the code of conduct", by=by)
    what = "a comment on it" if message else "it"
    outbox.tell_running("reported", idea, by=by, what=what)
    return row
