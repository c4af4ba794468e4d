"""Who works with whom: HINs beside each other on one record, and solutions between regions.

Who supports a record is known to HIN and national staff and to the record's own people
(`support.policy.can_read`): everybody else's figures leave engagements out.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.innovations.models import Innovation, Life, ProvenStatus, Use
from portal.innovations.queries import own, visible_to
from portal.reference.models import Hin, Ics, Region
from portal.reports.rules.days import end_of
from portal.support.models import Engagement, EngagementState
from portal.support.rules import LIVE

IN_TRIAGE = (EngagementState.NEW, EngagementState.ASSESSING)


def is_live_engagement(of: Any = Engagement) -> ColumnElement[bool]:
    """Return SQL for "the HIN works with the record, or is about to": not unsuitable or closed."""
    return of.state.in_(sorted(LIVE))  # type: ignore[no-any-return]


def hins_known_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may know which HINs support this record"."""
    return visible_to(actor) & (true() if actor.is_staff else own(actor))


def number_of_hins() -> ScalarSelect[int]:
    """Return SQL for how many HINs work with the record."""
    return (
        select(func.count())
        .where(Engagement.innovation_id == Innovation.id, is_live_engagement())
        .correlate(Innovation)
        .scalar_subquery()
    )


def waits_beside_others(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "it waits in the triage of the actor's HIN and another HIN works with it"."""
    other = aliased(Engagement)
    mine = exists(
        select(Engagement.id)
        .where(
            Engagement.innovation_id == Innovation.id,
            Engagement.hin_id == actor.hin_id,
            Engagement.state.in_(IN_TRIAGE),
        )
        .correlate(Innovation)
    )
    theirs = exists(
        select(other.id)
        .where(
            other.innovation_id == Innovation.id,
            other.hin_id != actor.hin_id,
            is_live_engagement(other),
            other.state != EngagementState.NEW,
        )
        .correlate(Innovation)
    )
    return mine & theirs


def _live() -> ColumnElement[bool]:
    return Innovation.life == Life.SUBMITTED


def by_number(actor: Actor) -> dict[int, int]:
    """Return how many innovations have no HIN working with them, one, two …"""
    numbers = select(number_of_hins().label("hins")).where(_live(), hins_known_to(actor)).subquery()
    rows = db.session.execute(
        select(numbers.c.hins, func.count()).group_by(numbers.c.hins).order_by(numbers.c.hins)
    )
    return {row.hins: row[1] for row in rows}


def shared(actor: Actor) -> dict[tuple[int, int], int]:
    """Return how many innovations each pair of HINs (by id, both ways round) work with, and each
    HIN alone as a pair with itself."""
    found: dict[tuple[int, int], int] = {}
    for a, b, count in db.session.execute(pairs(actor)):
        found[a, b] = found[b, a] = count
    return found


def pairs(actor: Actor) -> Select[int, int, int]:
    """Return how many innovations each two HINs work with, by id, the smaller first."""
    one, other = aliased(Engagement), aliased(Engagement)
    return (
        select(one.hin_id, other.hin_id.label("other_id"), func.count())
        .join(other, (other.innovation_id == one.innovation_id) & (other.hin_id >= one.hin_id))
        .join(Innovation, Innovation.id == one.innovation_id)
        .where(_live(), hins_known_to(actor))
        .where(is_live_engagement(one), is_live_engagement(other))
        .group_by(one.hin_id, other.hin_id)
    )


def trade(actor: Actor, on: date) -> dict[tuple[str, str], int]:
    """Return how many innovations were verified as proven in one region and in use in another (or
    the same), by codes of the regions, of those on the pipeline now."""
    home, away = aliased(Region), aliased(Region)
    pairs = (
        select(Innovation.id, home.code.label("home"), away.code.label("away"))
        .join(ProvenStatus, ProvenStatus.innovation_id == Innovation.id)
        .join(Hin, Hin.id == ProvenStatus.hin_id)
        .join(home, home.id == Hin.region_id)
        .join(Use, Use.innovation_id == Innovation.id)
        .join(Organisation, Organisation.id == Use.organisation_id)
        .join(Ics, Ics.id == Organisation.ics_id)
        .join(away, away.id == Ics.region_id)
        .where(_live(), visible_to(actor), *_stand(on))
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        select(pairs.c.home, pairs.c.away, func.count()).group_by(pairs.c.home, pairs.c.away)
    )
    return {(a, b): found for a, b, found in rows}


def _stand(on: date) -> list[ColumnElement[bool]]:
    moment = end_of(on)
    return [
        ProvenStatus.verified_at < moment,
        ProvenStatus.valid_until >= on,
        or_(ProvenStatus.withdrawn_at.is_(None), ProvenStatus.withdrawn_at >= moment),
        Use.from_on <= on,
        or_(Use.until_on.is_(None), Use.until_on >= on),
    ]


def innovators_with_several(actor: Actor) -> Select[int, str, int, int]:
    """Return the organisations whose innovations more than one HIN works with, most HINs first:
    id, name, how many innovations of theirs a HIN works with, how many HINs."""
    hins = func.count(func.distinct(Engagement.hin_id))
    return (
        select(
            Organisation.id,
            Organisation.name,
            func.count(func.distinct(Innovation.id)).label("innovations"),
            hins.label("hins"),
        )
        .join(Innovation, Innovation.organisation_id == Organisation.id)
        .join(Engagement, Engagement.innovation_id == Innovation.id)
        .where(_live(), hins_known_to(actor), is_live_engagement())
        .group_by(Organisation.id, Organisation.name)
        .having(hins > 1)
        .order_by(hins.desc(), Organisation.name, Organisation.id)
    )


def figures(actor: Actor) -> Mapping[str, int]:
    """Return how many innovators several HINs work with, how many innovations, and how many wait
    in the reader's triage while others work with them; in one statement."""
    innovators = innovators_with_several(actor).subquery()
    known = select(func.count()).select_from(Innovation).where(_live(), hins_known_to(actor))
    row = db.session.execute(
        select(
            select(func.count()).select_from(innovators).scalar_subquery().label("innovators"),
            known.where(number_of_hins() > 1).scalar_subquery().label("several"),
            known.where(waits_beside_others(actor)).scalar_subquery().label("beside"),
        )
    ).one()
    return defaultdict(int, row._mapping)
