"""Which HINs support a record. The support room knows; it stands above this one and says so
once, when the application is put together (`rooms.py`)."""

from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, Select, false, select

from portal.accounts.models import Actor
from portal.db import db
from portal.figures.queries.kept import FigureCache
from portal.innovations import policy
from portal.innovations.models import Innovation

Lookup = Callable[[int], frozenset[int]]
"""From the id of a record to the ids of the HINs that support it now."""


def nobody(_innovation_id: int) -> frozenset[int]:
    """Return no HIN: what holds until a room says otherwise, so that nothing leaks meanwhile."""
    return frozenset()


def no_record(_hin_id: int) -> Select[int]:
    """Return no record: what holds until a room says otherwise."""
    return select(Innovation.id).where(false())


_lookup: Lookup = nobody
_records: Callable[[int], Select[int]] = no_record


def come_from(lookup: Lookup) -> None:
    """Ask `lookup` from now on."""
    global _lookup  # noqa: PLW0603  # set once, at start
    _lookup = lookup


def records_come_from(records: Callable[[int], Select[int]]) -> None:
    """Ask `records` from now on which records a HIN supports."""
    global _records  # noqa: PLW0603  # set once, at start
    _records = records


def in_area(hin_id: int) -> ColumnElement[bool]:
    """Return SQL for "the record is for the HIN to look after": it came to it, or it supports it
    now. `queries.merging.is_in_area` says the same of one record."""
    return (Innovation.hin_id == hin_id) | Innovation.id.in_(_records(hin_id))


def supporting_hin_ids(innovation_id: int) -> frozenset[int]:
    """Return the ids of the HINs that support the record now: the policies of several parts of a
    page ask."""
    found: frozenset[int] = FigureCache().once(
        ("supporting HINs", innovation_id), lambda: _lookup(innovation_id)
    )
    return found


def may_read_confidential(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read what is commercial in confidence; looks the HINs up only when
    the answer hangs on them."""
    hin_ids = supporting_hin_ids(innovation.id) if actor.is_hin else frozenset()
    return policy.can_see_confidential(actor, innovation, hin_ids)


def confidential_ids(actor: Actor, innovations: Collection[Innovation]) -> frozenset[int]:
    """Return which of these records show the actor what is commercial in confidence: those of which
    `may_read_confidential` holds. One statement."""
    supported = set(db.session.scalars(_records(actor.hin_id))) if actor.hin_id else set()
    by = frozenset({actor.hin_id}) if actor.hin_id else frozenset[int]()
    return frozenset(
        one.id
        for one in innovations
        if policy.can_see_confidential(actor, one, by if one.id in supported else frozenset())
    )


def may_read_addresses(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read the addresses of those who work on the record."""
    hin_ids = supporting_hin_ids(innovation.id) if actor.is_hin else frozenset()
    return policy.can_see_addresses(actor, innovation, hin_ids)
