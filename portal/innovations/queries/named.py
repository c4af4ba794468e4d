"""Find a record by what it is called, of those that a person may open and that were submitted."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import by_name, db, id_from
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import visible_to

MOST = 20
"""So many are shown of what fits."""


def _open(actor: Actor) -> Select[Innovation]:
    return (
        select(Innovation)
        .where(visible_to(actor), Innovation.status == RecordStatus.SUBMITTED)
        .options(joinedload(Innovation.organisation))
        .order_by(by_name(Innovation.name), Innovation.id)
    )


def records_like(actor: Actor, words: str) -> Sequence[Innovation]:
    """Return the records whose name has every one of the words."""
    found = _open(actor)
    for word in words.split():
        found = found.where(Innovation.name.icontains(word, autoescape=True))
    return db.session.scalars(found.limit(MOST)).all()


def record_named(actor: Actor, words: str) -> Innovation | None:
    """Return the one record with this name, or with this number; None for none or several."""
    number = id_from(words)
    is_it = func.lower(Innovation.name) == words.lower()
    named = _open(actor).where(is_it if number is None else is_it | (Innovation.id == number))
    found = db.session.scalars(named.limit(2)).all()
    return found[0] if len(found) == 1 else None
