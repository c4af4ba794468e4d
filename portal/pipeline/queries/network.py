"""Who works with whom: HINs beside each other on one record, and solutions between regions.

Who supports a record is known to HIN and national staff and to the record's own people
(`support.policy.can_read`): everybody else's figures leave engagements out.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import aliased

from portal.accounts.models import Actor, Organisation
from portal.db import by_name, db
from portal.figures.dimensions import Day
from portal.innovations.models import Innovation, ProvenStatus, Use
from portal.innovations.queries import counted_for, on_day, own_counted_for
from portal.innovations.queries.on_day import stands_on, use_is_in_use_on, used_in_ics
from portal.merging import holder_at, is_of, moment_of
from portal.reference.models import Hin, Ics, Region
from portal.support.models import Engagement, EngagementState
from portal.support.queries import on_day as engaged


def hins_known_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the actor may know which HINs support this record"."""
    return counted_for(actor) & names_hins_to(actor)


def names_hins_to(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for the same over records that are counted for the actor."""
    return true() if actor.is_staff else own_counted_for(actor)


_OTHER = aliased(Engagement)
"""Made once: that takes longer than the rest of the clause."""


def waits_beside_others(actor: Actor, day: Day) -> ColumnElement[bool]:
    """Return SQL for "it waits in the triage of the actor's HIN and another HIN works with it"."""
    # Theirs record by record, among those few alone that wait.
    record = holder_at(Engagement, "innovation_id", moment_of(day))
    waiting = (Engagement.hin_id == actor.hin_id) & engaged.is_in_triage_on(day)
    mine = Innovation.id.in_(select(record).where(waiting))
    theirs = exists(
        select(_OTHER.id)
        .where(
            is_of(_OTHER, "innovation_id", Innovation.id, moment_of(day)),
            _OTHER.hin_id != actor.hin_id,
            engaged.is_live_on(day, _OTHER),
            engaged.state_on(day, _OTHER) != EngagementState.NEW,
        )
        .correlate(Innovation)
    )
    return mine & theirs


def _known(actor: Actor, on: date) -> ColumnElement[bool]:
    return on_day.is_counted_on(actor, on) & names_hins_to(actor)


def by_number(actor: Actor, on: date) -> dict[int, int]:
    """Return how many innovations had no HIN working with them, one, two …"""
    hins = engaged.supporter_count_on(on).label("hins")
    numbers = select(hins).where(_known(actor, on)).subquery()
    rows = db.session.execute(
        select(numbers.c.hins, func.count()).group_by(numbers.c.hins).order_by(numbers.c.hins)
    )
    return {row.hins: row[1] for row in rows}


def shared(actor: Actor, on: date) -> dict[tuple[int, int], int]:
    """Return how many innovations each pair of HINs (by id, both ways round) work with, and each
    HIN alone as a pair with itself."""
    found: dict[tuple[int, int], int] = {}
    for a, b, count in db.session.execute(pairs(actor, on)):
        found[a, b] = found[b, a] = count
    return found


def pairs(actor: Actor, on: date) -> Select[int, int, int]:
    """Return how many innovations each two HINs work with, by id, the smaller first."""
    # Who works with which is read once, not again for every other HIN.
    live = (
        select(Innovation.id.label("innovation_id"), Engagement.hin_id)
        .join(Engagement, is_of(Engagement, "innovation_id", Innovation.id, moment_of(on)))
        .where(_known(actor, on), engaged.is_live_on(on))
        .cte("live")
    )
    one, other = live.alias(), live.alias()
    beside = (other.c.innovation_id == one.c.innovation_id) & (other.c.hin_id >= one.c.hin_id)
    return (
        select(one.c.hin_id, other.c.hin_id.label("other_id"), func.count())
        .select_from(one)
        .join(other, beside)
        .group_by(one.c.hin_id, other.c.hin_id)
    )


def trade(actor: Actor, on: date) -> dict[tuple[str, str], int]:
    """Return how many innovations were verified as proven in one region and in use in another (or
    the same), by codes of the regions, of those on the pipeline."""
    home, away = aliased(Region), aliased(Region)
    pairs = (
        select(Innovation.id, home.code.label("home"), away.code.label("away"))
        .select_from(Innovation)
        .join(ProvenStatus, is_of(ProvenStatus, "innovation_id", Innovation.id, moment_of(on)))
        .join(Hin, Hin.id == ProvenStatus.hin_id)
        .join(home, home.id == Hin.region_id)
        .join(Use, is_of(Use, "innovation_id", Innovation.id, moment_of(on)))
        .join(Ics, Ics.id == used_in_ics(on))
        .join(away, away.id == Ics.region_id)
        .where(
            on_day.is_counted_on(actor, on),
            stands_on(on),
            use_is_in_use_on(on),
        )
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        select(pairs.c.home, pairs.c.away, func.count()).group_by(pairs.c.home, pairs.c.away)
    )
    return {(a, b): found for a, b, found in rows}


def innovators_with_several(actor: Actor, on: date) -> Select[int, str, int, int]:
    """Return the organisations whose innovations more than one HIN works with, most HINs first:
    id, name, how many innovations of theirs a HIN works with, how many HINs."""
    hins = func.count(func.distinct(Engagement.hin_id))
    moment = moment_of(on)
    return (
        select(
            Organisation.id,
            Organisation.name,
            func.count(func.distinct(Innovation.id)).label("innovations"),
            hins.label("hins"),
        )
        .select_from(Innovation)
        .join(Organisation, Organisation.id == holder_at(Innovation, "organisation_id", moment))
        .join(Engagement, is_of(Engagement, "innovation_id", Innovation.id, moment))
        .where(_known(actor, on), engaged.is_live_on(on))
        .group_by(Organisation.id, Organisation.name)
        .having(hins > 1)
        .order_by(hins.desc(), by_name(Organisation.name), Organisation.id)
    )


def figures(actor: Actor, on: date) -> Mapping[str, int]:
    """Return how many innovators several HINs worked with, how many innovations, and how many
    waited in the reader's triage while others worked with them; in one statement."""
    innovators = innovators_with_several(actor, on).subquery()
    known = select(func.count()).select_from(Innovation).where(_known(actor, on))
    row = db.session.execute(
        select(
            select(func.count()).select_from(innovators).scalar_subquery().label("innovators"),
            known.where(engaged.supporter_count_on(on) > 1).scalar_subquery().label("several"),
            known.where(waits_beside_others(actor, on)).scalar_subquery().label("beside"),
        )
    ).one()
    return defaultdict(int, row._mapping)
