"""The list of introductions: its columns, which hold no more than the page shows its reader."""

from portal.accounts.models import Actor, Organisation, User
from portal.db import by_name
from portal.innovations.models import Innovation
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
from portal.reference.models import Hin
from portal.web.listing import Column, Listing

ListRow = tuple[Introduction, int]
"""An introduction, and how many of its messages its reader has not read."""


def introductions_for(actor: Actor) -> Listing[ListRow]:
    """Return the list as a reader has it: contacts only of whom the page shows them to."""
    challenge, *contacts = _of_reader(actor)
    return Listing(
        title="Introductions",
        one="introduction",
        many="introductions",
        columns=(*COLUMNS[:3], challenge, *COLUMNS[3:], *contacts),
        default="due",
        tie=Introduction.id,
        file_path="{path}/download.{kind}",
    )


COLUMNS: tuple[Column[ListRow], ...] = (
    Column[ListRow](
        "Innovation",
        lambda row: row[0].innovation.name,
        key="innovation",
        order=by_name(Innovation.name),
    ),
    Column[ListRow]("Made by", lambda row: row[0].innovation.organisation.name, on_page=False),
    Column[ListRow](
        "Asked for by",
        lambda row: row[0].organisation.name,
        key="ics",
        order=by_name(Organisation.name),
    ),
    Column[ListRow](
        "State", lambda row: rules.words(row[0]), key="state", order=Introduction.state
    ),
    Column[ListRow](
        "Next step by",
        lambda row: row[0].due_on or row[0].undated_reason,
        key="due",
        order=Introduction.due_on,
    ),
    Column[ListRow](
        "Network",
        lambda row: row[0].broker_hin.name if row[0].broker_hin else None,
        key="network",
        order=by_name(Hin.name),
        shown=lambda row: row[0].broker_hin.name if row[0].broker_hin else "None yet",
    ),
    Column[ListRow](
        "Asked on",
        lambda row: row[0].asked_at,
        key="asked",
        order=Introduction.asked_at,
        on_page=False,
    ),
    Column[ListRow]("Agreed on", lambda row: row[0].agreed_at, on_page=False),
    Column[ListRow]("Met on", lambda row: row[0].met_on, on_page=False),
)


def _of_reader(actor: Actor) -> tuple[Column[ListRow], ...]:
    """Return the columns of files that depend on who reads them."""

    def challenge(row: ListRow) -> str | None:
        shown = challenge_shown(actor, row[0])
        return shown.title if shown else None

    def at_ics(row: ListRow) -> str | None:
        may = can_see_ics_contact(_sides(actor, row[0]), row[0])
        return _address(row[0].asked_by) if may else None

    def at_innovator(row: ListRow) -> str | None:
        may = can_see_innovators_contact(_sides(actor, row[0]), row[0])
        return _address(row[0].agreed_by) if may else None

    return (
        Column[ListRow]("Challenge", challenge, on_page=False),
        Column[ListRow]("Contact at the ICS", at_ics, on_page=False),
        Column[ListRow]("Contact at the innovator", at_innovator, on_page=False),
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
