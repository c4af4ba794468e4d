"""Recruit teams, say whether they take part, and keep their cycles of plan, do, study, act."""

from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.improvement.models import (
    Cycle,
    Decision,
    Node,
    Team,
    TeamKind,
    TeamState,
    TeamStatus,
    WithdrawalReason,
)
from portal.improvement.policy import can_change_team, can_recruit
from portal.improvement.queries.teams import state_of
from portal.improvement.rules.teams import FOLLOWS
from portal.programmes.models import Programme
from portal.reference.models import Site
from portal.text import is_called


def recruit(
    *,
    programme: Programme,
    name: str,
    kind: TeamKind,
    on: date,
    by: Actor,
    site: Site | None = None,
    wave: int | None = None,
    node: Node | None = None,
) -> Team:
    """Recruit a team of one's own network from a day on.

    Raises Forbidden but for people of a network, Invalid for a day to come, Conflict for a team of
    this name at the same place.
    """
    if not can_recruit(by) or by.hin_id is None:
        raise Forbidden("People of a network recruit teams.")
    _refuse_to_come(on, "on")
    if _is_there(programme, by.hin_id, name, site):
        raise Conflict("Your network has a team of this name at this place already.")
    team = Team(
        programme=programme,
        hin_id=by.hin_id,
        node=node,
        site=site,
        name=name,
        kind=kind,
        wave=wave,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(team)
    db.session.flush()
    _say(team, TeamStatus.RECRUITED, on, by)
    audit.note(programme, "team_recruited", f"recruited “{name}”", by=by)
    return team


def _is_there(programme: Programme, hin_id: int, name: str, site: Site | None) -> bool:
    same = select(Team.name).where(
        Team.programme_id == programme.id,
        Team.hin_id == hin_id,
        Team.site_id == (site.id if site else None),
    )
    return is_called(name, db.session.scalars(same))


def _say(
    team: Team,
    status: TeamStatus,
    on: date,
    by: Actor,
    reason: WithdrawalReason | None = None,
    words: str = "",
) -> None:
    db.session.add(
        TeamState(
            team_id=team.id,
            on=on,
            status=status,
            reason=reason,
            words=words,
            at=now(),
            by_id=by.user_id,
        )
    )
    db.session.flush()


def change_status(
    *,
    team: Team,
    version: int,
    status: TeamStatus,
    on: date,
    by: Actor,
    reason: WithdrawalReason | None = None,
    words: str = "",
) -> None:
    """Say whether a team takes part from a day on; what was said before stays.

    Raises Forbidden for another network, Outdated when it changed meanwhile, Invalid for a day to
    come or before its last step, for what cannot follow, and for withdrawing without a reason.
    """
    _refuse_unless_own(by, team)
    lock(team, seen=version)
    _refuse_to_come(on, "on")
    before = state_of(team.id)
    if before is not None and on < before.on:
        raise Invalid("The day must be on or after that of its last step", field="on")
    if before is not None and status not in FOLLOWS[before.status]:
        raise Invalid(f"A team that is {before.status.label.lower()} cannot become this")
    if status is TeamStatus.WITHDRAWN and reason is None:
        raise Invalid("Select why it withdrew", field="reason")
    team.at = now()
    _say(team, status, on, by, reason if status is TeamStatus.WITHDRAWN else None, words)
    audit.note(team.programme, "team_changed", f"“{team.name}”: {status.label.lower()}", by=by)


def plan_cycle(
    *,
    team: Team,
    node: Node,
    question: str,
    plan: str,
    prediction: str,
    from_on: date,
    by: Actor,
    measured: str = "",
) -> Cycle:
    """Plan the next cycle of a team for a change idea: it comes after those that it tested before.

    Raises Forbidden for another network, Invalid for a team that takes no part, Conflict while the
    cycle before is not decided on.
    """
    _refuse_unless_own(by, team)
    lock(team)
    state = state_of(team.id)
    if state is None or state.status in {TeamStatus.WITHDRAWN, TeamStatus.FINISHED}:
        raise Invalid("The team takes no part at present: say first that it does")
    before = db.session.scalars(
        select(Cycle)
        .where(Cycle.team_id == team.id, Cycle.node_id == node.id)
        .order_by(Cycle.number)
    ).all()
    if before and before[-1].decision is None:
        raise Conflict("The cycle before is not decided on yet.")
    cycle = Cycle(
        team=team,
        node=node,
        number=len(before) + 1,
        question=question,
        plan=plan,
        prediction=prediction,
        measured=measured,
        from_on=from_on,
        at=now(),
        by_id=by.user_id,
    )
    db.session.add(cycle)
    db.session.flush()
    _note(cycle, "planned", by)
    return cycle


def write_down(
    *, cycle: Cycle, version: int, did: str, to_on: date, studied: str, by: Actor
) -> None:
    """Keep what was done until which day, and what was found beside what was predicted.

    Raises Forbidden, Outdated, Conflict for a cycle that is decided on, Invalid for a day before
    its first or to come.
    """
    _open(cycle, version, by)
    _refuse_to_come(to_on, "to_on")
    if to_on < cycle.from_on:
        raise Invalid("The last day must be on or after the first", field="to_on")
    cycle.did, cycle.to_on, cycle.studied = did, to_on, studied
    db.session.flush()
    _note(cycle, "written down", by)


def decide(
    *, cycle: Cycle, version: int, decision: Decision, why: str, on: date, by: Actor
) -> None:
    """Adopt, adapt or abandon the change after a cycle, which changes no more.

    Raises Forbidden, Outdated, Conflict for one that is decided on, Invalid before it is written
    down what was done and found, and for a day before its last.
    """
    _open(cycle, version, by)
    if not cycle.did or not cycle.studied or cycle.to_on is None:
        raise Invalid("Write down first what was done and what was found")
    _refuse_to_come(on, "on")
    if on < cycle.to_on:
        raise Invalid("The day must be on or after the last day of testing", field="on")
    cycle.decision, cycle.decided_why, cycle.decided_on = decision, why, on
    db.session.flush()
    _note(cycle, decision.label.lower(), by)


def _open(cycle: Cycle, version: int, by: Actor) -> None:
    _refuse_unless_own(by, cycle.team)
    lock(cycle, seen=version)
    if cycle.decision is not None:
        raise Conflict("This cycle is decided on, and changes no more.")


def _note(cycle: Cycle, what: str, by: Actor) -> None:
    words = f"cycle {cycle.number} of “{cycle.team.name}”: {what}"
    audit.note(cycle.team.programme, "cycle_kept", words, by=by)


def _refuse_unless_own(by: Actor, team: Team) -> None:
    if not can_change_team(by, team):
        raise Forbidden("The network that recruited a team writes of it.")


def _refuse_to_come(on: date, field: str) -> None:
    if on > today():
        raise Invalid("The day must be today or in the past", field=field)
