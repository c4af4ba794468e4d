"""What hangs on a person here: introductions under way in which they are the contact."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from portal.accounts.models import Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.db import db
from portal.innovations.models import Innovation
from portal.introductions import outbox
from portal.introductions.models import Introduction, State


def _under_way(of: Membership) -> Select[Introduction]:
    """The introductions that the member brokers, asked for or agreed to for their organisation."""
    return (
        select(Introduction)
        .join(Introduction.innovation)
        .where(Introduction.state != State.ENDED, or_(_brokers(of), _asked(of), _agreed(of)))
    )


def _brokers(of: Membership) -> ColumnElement[bool]:
    hin_id = of.organisation.hin_id
    return (Introduction.broker_id == of.user_id) & (Introduction.broker_hin_id == hin_id)


def _asked(of: Membership) -> ColumnElement[bool]:
    here = Introduction.organisation_id == of.organisation_id
    return (Introduction.asked_by_id == of.user_id) & here


def _agreed(of: Membership) -> ColumnElement[bool]:
    here = Innovation.organisation_id == of.organisation_id
    return (Introduction.agreed_by_id == of.user_id) & here


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Name the successor wherever the member was the contact. A network may have nobody yet; a
    party always has a contact, so its lead stands in."""
    contact = successor or heir_of(of)
    for introduction in db.session.scalars(_under_way(of).order_by(Introduction.id)).all():
        _replace(introduction, of, successor, contact)
        summary = f"took {of.user.name}, who left, off the introduction"
        outbox.note("passed_on", introduction, summary, by=by)


def _replace(
    introduction: Introduction, of: Membership, successor: User | None, contact: User | None
) -> None:
    mine, here = of.user_id, of.organisation
    if introduction.broker_id == mine and introduction.broker_hin_id == here.hin_id:
        introduction.broker = successor
    if introduction.asked_by_id == mine and introduction.organisation_id == here.id and contact:
        introduction.asked_by = contact
    if introduction.agreed_by_id == mine and introduction.innovation.organisation_id == here.id:
        introduction.agreed_by = contact


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("introduction under way", "introductions under way", _under_way, _pass_on),
)
