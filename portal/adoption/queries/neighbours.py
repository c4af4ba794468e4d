"""What systems of about the same size use and one does not, and whom to ask there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import by_name, db
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import visible_to
from portal.innovations.queries.on_day import use_is_in_use_on, used_in_ics
from portal.reference.models import Hin, HinServiceArea, Ics, Site, SiteKind
from portal.reference.queries import icss

NEAREST = 8
"""So many systems are compared with: those whose number of trusts and practices is nearest."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An innovation that neighbours use."""

    innovation: Innovation
    systems: Mapping[str, Sequence[str]]
    """Their names, by the network to ask."""
    places: int


def sizes() -> dict[int, int]:
    """Return how large each system of today is: its trusts and practices that are open."""
    on = today()
    ics = Site.ics_id.label("ics_id")
    rows = db.session.execute(
        select(ics, func.count())
        .where(
            Site.kind.in_([SiteKind.TRUST, SiteKind.PRACTICE]),
            Site.closed_on.is_(None) | (Site.closed_on > on),
        )
        .group_by(ics)
    )
    return {number: count for number, count in rows if number is not None}


def nearest(ics: Ics) -> list[Ics]:
    """Return the systems nearest in size, the nearest first."""
    size = sizes()
    others = [one for one in icss() if one.id != ics.id]
    mine = size.get(ics.id, 0)
    return sorted(others, key=lambda one: (abs(size.get(one.id, 0) - mine), one.name))[:NEAREST]


def neighbours(actor: Actor, ics: Ics) -> list[Neighbour]:
    """Return what they use and this system does not, of what the actor may open; what most use
    comes first."""
    others = {one.id: one.name for one in nearest(ics)}
    where = used_in_ics().label("ics_id")
    used = select(Use.innovation_id, where).where(use_is_in_use_on(None)).subquery()
    here = select(used.c.innovation_id).where(used.c.ics_id == ics.id)
    rows = db.session.execute(
        select(Innovation, used.c.ics_id, func.count())
        .join(used, used.c.innovation_id == Innovation.id)
        .where(used.c.ics_id.in_(others), Innovation.id.not_in(here), visible_to(actor))
        .group_by(Innovation.id, used.c.ics_id)
        .order_by(by_name(Innovation.name))
    ).all()
    asked = _networks(list(others))
    found: dict[int, tuple[Innovation, dict[str, list[str]], int]] = {}
    for innovation, ics_id, count in rows:
        _, systems, places = found.get(innovation.id, (innovation, {}, 0))
        systems.setdefault(asked.get(ics_id, "Its network"), []).append(others[ics_id])
        found[innovation.id] = innovation, systems, places + count
    return sorted((Neighbour(*one) for one in found.values()), key=_most_first)[:SHOWN]


def _most_first(one: Neighbour) -> tuple[int, int]:
    return -sum(len(names) for names in one.systems.values()), -one.places


def _networks(ics_ids: Sequence[int]) -> dict[int, str]:
    on = today()
    rows = db.session.execute(
        select(HinServiceArea.ics_id, Hin.name)
        .join(Hin, Hin.id == HinServiceArea.hin_id)
        .where(
            HinServiceArea.is_lead,
            HinServiceArea.ics_id.in_(ics_ids),
            HinServiceArea.valid_from <= on,
            HinServiceArea.valid_to.is_(None) | (HinServiceArea.valid_to >= on),
        )
    )
    return dict(rows.all())
