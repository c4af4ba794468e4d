"""Say who is engaged and how many there are, keep networks of people, and what was learnt."""

from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.improvement.models import (
    Lesson,
    NetworkMeeting,
    Node,
    SafetyNetwork,
    StakeholderKind,
    StakeholderTotal,
    Team,
)
from portal.improvement.policy import can_change_network, can_recruit, can_set_totals, can_write
from portal.improvement.queries.engagement import totals_on, value_of
from portal.programmes.models import Programme
from portal.programmes.services.measuring import correct_value, report_value
from portal.reference.rules import Quarter


def say_engaged(
    *, kind: StakeholderKind, quarter: Quarter, engaged: int, why: str, by: Actor
) -> None:
    """Say how many of a kind are engaged in a quarter: of one's own network, or of England by the
    national team. A number that stands is corrected by a new row, with why.

    Raises Forbidden for others, Invalid for more than there are, for a quarter to come, and for a
    correction without its reason.
    """
    if not can_write(by):
        raise Forbidden("People of networks and of the national team say who is engaged.")
    total = totals_on(quarter.last).get(kind.id)
    if total is not None and engaged > total:
        raise Invalid(f"There are {total:,} of them in England", field="engaged")
    standing = value_of(kind, quarter, by.hin_id)
    if standing is None:
        report_value(
            programme=kind.programme,
            measure=kind.measure,
            quarter=quarter,
            value=float(engaged),
            hin_id=by.hin_id,
            part=kind.part,
            by=by,
        )
        return
    if not why:
        words = f"Enter why: {standing.value:,.0f} was said before, and stays in the history"
        raise Invalid(words, field="why")
    correct_value(value=standing, new=float(engaged), why=why, by=by)


def set_total(
    *, kind: StakeholderKind, total: int, from_on: date, source: str, by: Actor
) -> StakeholderTotal:
    """Say how many of a kind there are in England from a day on. Raises Forbidden but for the
    national team."""
    if not can_set_totals(by):
        raise Forbidden("The national team says how many there are in England.")
    row = StakeholderTotal(
        kind=kind, total=total, from_on=from_on, source=source, at=now(), by_id=by.user_id
    )
    db.session.add(row)
    db.session.flush()
    words = f"said that there are {total:,} of “{kind.name}”"
    audit.note(kind.programme, "total_set", words, by=by)
    return row


def add_network(
    *, programme: Programme, name: str, by: Actor, running_from: date | None = None
) -> SafetyNetwork:
    """Add a network of people that one's own network plans, or runs from a day on. Raises Forbidden
    but for people of a network."""
    if not can_recruit(by) or by.hin_id is None:
        raise Forbidden("A Health Innovation Network adds networks of people.")
    row = SafetyNetwork(
        programme=programme,
        hin_id=by.hin_id,
        name=name,
        running_from=running_from,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "network_added", f"added the network “{name}”", by=by)
    return row


def change_network(
    *,
    network: SafetyNetwork,
    version: int,
    name: str,
    running_from: date | None,
    ended_on: date | None,
    by: Actor,
) -> None:
    """Say what a network is called and between which days it runs.

    Raises Forbidden for another's, Outdated, Invalid for an end before it ran.
    """
    _refuse_unless_own(by, network)
    lock(network, seen=version)
    if ended_on is not None and (running_from is None or ended_on < running_from):
        raise Invalid("The last day must be on or after the first", field="ended_on")
    network.name, network.running_from, network.ended_on = name, running_from, ended_on
    db.session.flush()
    audit.note(network.programme, "network_changed", f"changed the network “{name}”", by=by)


def note_meeting(
    *,
    network: SafetyNetwork,
    on: date,
    people: int,
    by: Actor,
    places: int | None = None,
    words: str = "",
) -> NetworkMeeting:
    """Keep a meeting with how many came: names are not kept.

    Raises Forbidden for another's network, Invalid for a day to come.
    """
    _refuse_unless_own(by, network)
    if on > today():
        raise Invalid("The day must be today or in the past", field="on")
    row = NetworkMeeting(
        network=network,
        on=on,
        people=people,
        places=places,
        words=words,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(network.programme, "meeting_noted", f"noted a meeting of “{network.name}”", by=by)
    return row


def _refuse_unless_own(by: Actor, network: SafetyNetwork) -> None:
    if not can_change_network(by, network):
        raise Forbidden("The Health Innovation Network that runs it writes of it.")


def keep_lesson(
    *,
    programme: Programme,
    title: str,
    words: str,
    audience: str,
    by: Actor,
    node: Node | None = None,
    team: Team | None = None,
) -> Lesson:
    """Keep what was learnt, and for whom it is. Raises Forbidden but for staff."""
    if not can_write(by):
        raise Forbidden("People of networks and of the national team keep what was learnt.")
    told: dict[str, Any] = {"title": title, "words": words, "audience": audience}
    row = Lesson(
        programme=programme,
        hin_id=by.hin_id,
        node=node,
        team=team,
        at=now(),
        by_id=by.user_id,
        **told,
    )
    db.session.add(row)
    db.session.flush()
    audit.note(programme, "lesson_kept", f"kept a lesson: “{title}”", by=by)
    return row
