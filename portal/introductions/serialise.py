"""Introductions as rows of a download, holding no more than the page shows its reader."""

from datetime import date, datetime

from portal.accounts.models import Actor, User
from portal.innovations.policy import is_own
from portal.introductions import rules
from portal.introductions.models import Introduction
from portal.introductions.policy import (
    Sides,
    can_see_ics_contact,
    can_see_innovators_contact,
    sides_of,
)
from portal.introductions.queries import challenge_shown, concerned_hin_ids

HEADER = (
    "Innovation",
    "Made by",
    "Asked for by",
    "Challenge",
    "State",
    "Next step by",
    "Network",
    "Asked on",
    "Agreed on",
    "Met on",
    "Contact at the ICS",
    "Contact at the innovator",
)


def row_of(actor: Actor, introduction: Introduction) -> tuple[str | date | datetime | None, ...]:
    """Return the values of `HEADER`; contacts only for whom the page shows them to."""
    sides = _sides(actor, introduction)
    challenge = challenge_shown(actor, introduction)
    ics, innovator = can_see_ics_contact, can_see_innovators_contact
    return (
        introduction.innovation.name,
        introduction.innovation.organisation.name,
        introduction.organisation.name,
        challenge.title if challenge else None,
        rules.words(introduction),
        introduction.due_on or introduction.undated_reason,
        introduction.broker_hin.name if introduction.broker_hin else None,
        introduction.asked_at,
        introduction.agreed_at,
        introduction.met_on,
        _address(introduction.asked_by) if ics(sides, introduction) else None,
        _address(introduction.agreed_by) if innovator(sides, introduction) else None,
    )


def _sides(actor: Actor, introduction: Introduction) -> Sides:
    """Return the sides on which the reader of this row stands.

    A HIN's rows are those that concern it, so nothing is looked up; only of their own record HIN
    staff may see one that does not.
    """
    hin_ids = frozenset() if actor.hin_id is None else frozenset({actor.hin_id})
    if actor.is_hin and is_own(actor, introduction.innovation):
        hin_ids = concerned_hin_ids(introduction)
    return sides_of(actor, introduction, hin_ids)


def _address(person: User | None) -> str | None:
    return f"{person.name} <{person.email}>" if person else None
