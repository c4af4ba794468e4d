"""Reference data with the days between which it holds: places, networks and vocabularies."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.reference.models import (
    BankHoliday,
    Hin,
    HinServiceArea,
    Ics,
    IcsSuccession,
    Term,
    Vocabulary,
)


def every_ics() -> Sequence[Ics]:
    """Return every ICS that there is or was with the names it had, by its code."""
    return db.session.scalars(
        select(Ics).options(joinedload(Ics.region), selectinload(Ics.names)).order_by(Ics.code)
    ).all()


def successions() -> Sequence[IcsSuccession]:
    """Return which ICS became part of which, and when."""
    return db.session.scalars(
        select(IcsSuccession)
        .options(joinedload(IcsSuccession.predecessor), joinedload(IcsSuccession.successor))
        .order_by(IcsSuccession.on, IcsSuccession.id)
    ).all()


def every_hin() -> Sequence[Hin]:
    """Return every network with the names it had, by its code."""
    return db.session.scalars(
        select(Hin).options(joinedload(Hin.region), selectinload(Hin.names)).order_by(Hin.code)
    ).all()


def service_areas() -> Sequence[HinServiceArea]:
    """Return which network serves which ICS, from when to when."""
    return db.session.scalars(
        select(HinServiceArea)
        .options(joinedload(HinServiceArea.hin), joinedload(HinServiceArea.ics))
        .order_by(HinServiceArea.valid_from, HinServiceArea.id)
    ).all()


def every_term(vocabulary: Vocabulary | None) -> Sequence[Term]:
    """Return the terms of one vocabulary or of all, retired ones too, in their order."""
    found = select(Term).order_by(Term.vocabulary, Term.position, Term.id)
    if vocabulary is not None:
        found = found.where(Term.vocabulary == vocabulary)
    return db.session.scalars(found).all()


def every_bank_holiday() -> Sequence[BankHoliday]:
    """Return the bank holidays of England that are loaded, in order."""
    return db.session.scalars(select(BankHoliday).order_by(BankHoliday.on)).all()
