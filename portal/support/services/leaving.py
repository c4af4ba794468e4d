"""What hangs on a person of a network or an innovator here: cases, tasks, proposals."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.audit.models import Audience
from portal.clock import now
from portal.db import db
from portal.innovations.models import Innovation
from portal.support import outbox
from portal.support.models import (
    Engagement,
    Proposal,
    ProposalState,
    Task,
    TaskReader,
    TaskState,
)
from portal.support.rules import LIVE
from portal.support.services.moves import set_lead_person
from portal.support.services.tasks import set_following


def _cases(of: Membership) -> Select[Engagement]:
    """The open cases that the member leads for their network."""
    return select(Engagement).where(
        Engagement.lead_id == of.user_id,
        Engagement.hin_id == of.organisation.hin_id,
        Engagement.state.in_(sorted(LIVE)),
    )


def _pass_cases(of: Membership, successor: User | None, by: Actor) -> None:
    for engagement in db.session.scalars(_cases(of).order_by(Engagement.id)):
        set_lead_person(engagement, successor.id if successor else None, by=by, at=now())
        outbox.note(
            "engagement.assigned",
            engagement.innovation,
            f"made {successor.name} the lead person" if successor else "left it without a lead",
            by=by,
            at=now(),
            changes={"lead": [of.user.name, successor.name if successor else None]},
        )


def _tasks(of: Membership) -> Select[Task]:
    """The open tasks and talks that the member follows for their organisation."""
    return (
        select(Task)
        .join(TaskReader, TaskReader.thread_id == Task.id)
        .join(Task.engagement)
        .join(Engagement.innovation)
        .where(
            TaskReader.user_id == of.user_id,
            TaskReader.is_following,
            Task.state == TaskState.OPEN,
            or_(
                Engagement.hin_id == of.organisation.hin_id,
                Innovation.organisation_id == of.organisation_id,
            ),
        )
    )


def _pass_tasks(of: Membership, successor: User | None, by: Actor) -> None:
    """Let the successor or, where nobody is named, a lead follow what the leaver followed."""
    follower = successor or heir_of(of)
    for task in db.session.scalars(_tasks(of).order_by(Task.id)).all():
        set_following(task, of.user_id, is_following=False)
        if follower is not None:
            set_following(task, follower.id, is_following=True)


def _proposals(of: Membership) -> Select[Proposal]:
    """The member's proposals to other networks that wait for an answer."""
    return select(Proposal).where(
        Proposal.proposed_by_id == of.user_id,
        Proposal.from_hin_id == of.organisation.hin_id,
        Proposal.state == ProposalState.OPEN,
    )


def _pass_proposals(of: Membership, successor: User | None, by: Actor) -> None:
    for proposal in db.session.scalars(_proposals(of).order_by(Proposal.id)):
        proposal.proposed_by = successor
        outbox.note(
            "proposal.passed_on",
            proposal.innovation,
            f"passed on the proposal that {of.user.name} made to {proposal.to_hin.name}",
            by=by,
            at=now(),
            audience=Audience.HIN,
        )


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("open case", "open cases", _cases, _pass_cases),
    Responsibility("open task or talk", "open tasks and talks", _tasks, _pass_tasks),
    Responsibility(
        "proposal to another network",
        "proposals to other networks",
        _proposals,
        _pass_proposals,
    ),
)
