"""Let one ICS follow another, and rename networks; each is noted."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor, Organisation, OrganisationKind
from portal.accounts.queries import organisation_named
from portal.admin.policy import can_administer
from portal.audit.services import note
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, Invalid
from portal.reference.models import Hin, HinName, Ics, IcsName, IcsSuccession
from portal.reference.rules import Quarter, folded_place
from portal.reference.services import networks, rename_hin, rename_ics
from portal.wording import day_words


def follow_ics(
    *, ics: Ics, successor: Ics | networks.NewIcs, on: date, share: int, part: str, by: Actor
) -> IcsSuccession:
    """Let an ICS go to another on a day, as `reference.services.networks.follow` does.

    Raises Forbidden for anybody but an administrator, Invalid for a day or share that cannot be.
    """
    _administrators_only(by)
    row = networks.follow(ics=ics, by=successor, on=on, share=share, part=part)
    words = f"{ics.name} goes to {row.successor.name} on {day_words(on)} ({share} in 100)"
    note(ics, "followed", words, by=by)
    return row


def rename_network(*, hin: Hin, name: str, on: date, by: Actor) -> None:
    """Give a network and the organisation that it is another name from a day on, of this quarter
    and not ahead: the days before keep the name they had.

    Raises Forbidden for anybody but an administrator, Invalid where another has the name.
    """
    _administrators_only(by)
    _in_this_quarter(on, hin.names, date.min)
    taken = organisation_named(name)
    if taken is not None and taken.hin_id != hin.id:
        raise Invalid("There is already an organisation with this name", field="name")
    was = hin.name
    rename_hin(hin=hin, name=name, on=on)
    for organisation in db.session.scalars(
        select(Organisation).where(Organisation.hin_id == hin.id, Organisation.name == was)
    ):
        organisation.name = name
    note(hin, "renamed", f"{was} is called {name} from {day_words(on)}", by=by)
    db.session.flush()


def rename_system(*, ics: Ics, name: str, on: date, by: Actor) -> None:
    """Give an ICS and the organisation that it is another name from a day on, of this quarter and
    not ahead: the days before keep the name they had. `name` is without "ICS".

    Raises Forbidden for anybody but an administrator, Invalid where another has the name, and for
    an ICS that has ended.
    """
    _administrators_only(by)
    if ics.valid_to is not None:
        raise Invalid(f"{ics.name} has ended already.")
    _in_this_quarter(on, ics.names, ics.valid_from)
    wanted = folded_place(name)
    others = db.session.scalars(select(Ics).where(Ics.id != ics.id))
    taken = organisation_named(f"{name} ICS")
    if any(folded_place(one.name) == wanted for one in others) or (
        taken is not None and taken.ics_id != ics.id
    ):
        raise Invalid("There is already an ICS or organisation with this name", field="name")
    was, called = ics.name, (ics.name, ics.ics_name, ics.icb_name)
    rename_ics(ics=ics, name=name, on=on)
    itself = (Organisation.ics_id == ics.id) & (Organisation.kind == OrganisationKind.ICS)
    for one in db.session.scalars(
        select(Organisation).where(itself, Organisation.name.in_(called))
    ):
        one.name = ics.ics_name
    note(ics, "renamed", f"{was} is called {name} from {day_words(on)}", by=by)
    db.session.flush()


def set_board_code(*, ics: Ics, code: str, by: Actor) -> None:
    """Say what the national directory calls an ICS's board, so that its files are understood.

    Raises Forbidden for anybody but an administrator, Invalid where another ICS has the code.
    """
    _administrators_only(by)
    wanted = code.upper()
    found = db.session.scalar(
        select(Ics).where((Ics.code == wanted) | (Ics.ods_code == wanted), Ics.id != ics.id)
    )
    if wanted and found is not None:
        raise Invalid(f"{found.name} has this code", field="ods_code")
    ics.ods_code = wanted or None
    note(ics, "coded", f"the directory calls its board {wanted or 'nothing'}", by=by)
    db.session.flush()


def _in_this_quarter(on: date, names: Iterable[HinName | IcsName], since: date) -> None:
    """Raise Invalid for a day ahead, before this quarter or before the newest name; `since` is
    when what has no dated name yet began."""
    begun = max((former.valid_from or date.min for former in names), default=since)
    if not max(Quarter.of(today()).first, begun) <= on <= today():
        raise Invalid("The day must be in this quarter and not ahead", field="on")


def _administrators_only(by: Actor) -> None:
    if not can_administer(by):
        raise Forbidden("Only administrators change ICSs and networks.")
