"""What hangs on a person here: the ideas that they took on to answer."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.community import outbox
from portal.community.models import Campaign, Idea, IdeaState
from portal.db import db


def _taken_on(of: Membership) -> Select[Idea]:
    """The ideas that the member looks at for their organisation."""
    return (
        select(Idea)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(
            Idea.owner_id == of.user_id,
            Campaign.organisation_id == of.organisation_id,
            Idea.state == IdeaState.LOOKING,
        )
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    for idea in db.session.scalars(_taken_on(of).order_by(Idea.id)).all():
        idea.owner = successor or heir_of(of)
        outbox.note("passed_on", idea, f"took {of.user.name}, who left, off the idea", by=by)


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("idea to answer", "ideas to answer", _taken_on, _pass_on),
)
"""What hangs on a person here when they leave."""
