"""What hangs on a person here: the records that they own, and what they could still do to them."""

from collections.abc import Sequence

from sqlalchemy import Select, select, update

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.audit import services as audit
from portal.clock import now
from portal.db import db
from portal.innovations.models import (
    Collaborator,
    CollaboratorInvitation,
    Innovation,
    Transfer,
)


def _owned(of: Membership) -> Select[Innovation]:
    """The records of the organisation that the member owns, in whatever state."""
    return select(Innovation).where(
        Innovation.owner_id == of.user_id, Innovation.organisation_id == of.organisation_id
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Let the successor or, where nobody is named, the organisation's lead own the records. Who
    left edits none of the organisation's records any more, and what they offered is withdrawn."""
    owner = successor or heir_of(of)
    for innovation in db.session.scalars(_owned(of).order_by(Innovation.id)).all():
        innovation.owner, innovation.changed_at = owner, now()
        audit.note(
            innovation,
            "passed_on",
            f"passed on the record of {of.user.name}, who left the organisation",
            changes={"owner": [of.user.name, owner.name if owner else "nobody"]},
            by=by,
        )
    _end_collaboration(of)
    _withdraw_offers(of)


def _end_collaboration(of: Membership) -> None:
    rows = db.session.scalars(
        select(Collaborator)
        .join(Innovation, Innovation.id == Collaborator.innovation_id)
        .where(
            Collaborator.user_id == of.user_id,
            Innovation.organisation_id == of.organisation_id,
        )
    ).all()
    for row in rows:
        db.session.delete(row)


def _withdraw_offers(of: Membership) -> None:
    """Withdraw the member's open offers of the organisation's records: a leaver must not find the
    way back in that they left open."""
    ours = select(Innovation.id).where(Innovation.organisation_id == of.organisation_id)
    for kind, asked_by in (
        (Transfer, Transfer.from_id),
        (CollaboratorInvitation, CollaboratorInvitation.invited_by_id),
    ):
        is_open = kind.answered_at.is_(None) & kind.withdrawn_at.is_(None)
        theirs = (asked_by == of.user_id) & kind.innovation_id.in_(ours)
        db.session.execute(update(kind).where(theirs, is_open).values(withdrawn_at=now()))


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("innovation record", "innovation records", _owned, _pass_on),
)
