"""Read areas: the door, what is published of one, its neighbours, who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.audit.queries import timeline
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.exchange.models.areas import AreaFact, FactKind
from portal.exchange.policy.areas import can_edit, can_read_history
from portal.reference.models import Hin, Ics, IcsSuccession
from portal.reference.queries import hin_names_on, icss, successors
from portal.reference.queries.networks import leads_on, links_of

MAX_EVENTS = 100


def area_called(code: str) -> Ics:
    """Return an area, past, present or to come, by its code or the directory's, in whatever case;
    raises NotFound."""
    wanted = code.upper()
    found = db.session.scalar(
        select(Ics)
        .where(or_(func.upper(Ics.code) == wanted, func.upper(Ics.ods_code) == wanted))
        .options(joinedload(Ics.region))
        .order_by(func.upper(Ics.code) != wanted)
        .limit(1)
    )
    if found is None:
        raise NotFound("There is no integrated care system with this code.")
    return found


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies around an area on the day for which it is shown."""

    hin: Hin | None
    hin_name: str
    """What it was called then."""
    same_hin: Sequence[Ics]
    """The others in which the same network leads."""
    same_region: Sequence[Ics]
    """The others of the same NHS region in which another network leads."""
    formed_of: Sequence[IcsSuccession]
    followed_by: Sequence[IcsSuccession]


def surroundings(ics: Ics, on: date) -> Surroundings:
    """Return the network of an area on a day, its neighbours, and what came before and after: three
    statements, and one more for a network that was called otherwise then."""
    leads, links = leads_on(on), links_of(ics)
    hin = leads.get(ics.id)
    others = [one for one in icss(on) if one.id != ics.id]
    same = [one for one in others if hin is not None and leads.get(one.id) is hin]
    return Surroundings(
        hin,
        hin_names_on([hin], on)[hin.id] if hin else "",
        same,
        [one for one in others if one.region_id == ics.region_id and one not in same],
        [row for row in links if row.successor_id == ics.id],
        [row for row in links if row.predecessor_id == ics.id],
    )


def facts_of(ics: Ics) -> Sequence[AreaFact]:
    """Return what is published of an area, by kind and place."""
    return db.session.scalars(
        select(AreaFact)
        .where(AreaFact.ics_id == ics.id, AreaFact.withdrawn_at.is_(None))
        .order_by(AreaFact.kind, AreaFact.position, AreaFact.id)
    ).all()


# Who may -------------------------------------------------------------------------------------


def speaks_for(actor: Actor) -> frozenset[int]:
    """Return the areas that the actor's own is today: itself, or the one that followed it whole.
    Where several followed, nobody can say for which of them its people speak."""
    own = db.session.get(Ics, actor.ics_id) if actor.is_ics and actor.ics_id else None
    found = successors(own) if own else []
    return frozenset(one.id for one in found) if len(found) == 1 else frozenset()


def may_edit(actor: Actor, ics: Ics) -> bool:
    """Whether the actor may change what is published of an area; no statement for most."""
    return actor.is_ics and actor.is_lead and can_edit(actor, ics, speaks_for(actor))


def area_to_edit_for(actor: Actor, code: str) -> Ics:
    """Return an area whose page the actor may change; raises NotFound or Forbidden."""
    ics = area_called(code)
    if not may_edit(actor, ics):
        raise Forbidden("Only the leads of a system that is there change what its page says.")
    return ics


def fact_to_edit_for(actor: Actor, code: str, fact_id: int) -> AreaFact:
    """Return a fact that the actor may change; raises NotFound or Forbidden."""
    ics = area_to_edit_for(actor, code)
    fact = db.session.get(AreaFact, fact_id)
    if fact is None or fact.ics_id != ics.id or fact.withdrawn_at is not None:
        raise NotFound("There is no such fact on the page of this system.")
    return fact


def kind_called(kind: str) -> FactKind:
    """Return a kind of fact by the word that stands for it in addresses; raises NotFound."""
    if kind not in {one.value for one in FactKind}:
        raise NotFound("There is no such kind of fact.")
    return FactKind(kind)


def history_for(actor: Actor, code: str) -> tuple[Ics, Sequence[AuditEvent]]:
    """Return who changed what of an area, the newest first; raises NotFound or Forbidden."""
    ics = area_called(code)
    if not can_read_history(actor, ics):
        raise Forbidden("Who changed the page is read by the system's own people and by staff.")
    mine = select(AreaFact.id).where(AreaFact.ics_id == ics.id)
    found = timeline("area_fact", mine, readable=true()).limit(MAX_EVENTS)
    return ics, db.session.scalars(found).all()
