"""Read teams, whether they take part, and their cycles."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.improvement.models import Cycle, Team, TeamKind, TeamState
from portal.improvement.policy import can_read
from portal.improvement.rules.teams import TESTING, Retention, retention, status_on
from portal.reference.models import SiteKind

WITH = (
    joinedload(Team.site),
    joinedload(Team.hin),
    joinedload(Team.programme),
)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with where it stands on a day."""

    team: Team
    state: TeamState

    @property
    def is_testing(self) -> bool:
        """Whether it takes part."""
        return self.state.status in TESTING

    @property
    def trust_id(self) -> int | None:
        """Return the trust, home or practice that it belongs to: who runs its place where that is a
        trust, else the place; None where no place is known."""
        site = self.team.site
        if site is None:
            return None
        is_part = site.kind is SiteKind.TRUST_SITE and site.parent_id is not None
        return site.parent_id if is_part else site.id


def team_for(actor: Actor, team_id: int) -> Team:
    """Return a team, for people of networks, ICSs and the national team; raises NotFound."""
    found = db.session.get(Team, team_id, options=WITH)
    if found is None or not can_read(actor):
        raise NotFound("There is no such team.")
    return found


def state_of(team_id: int) -> TeamState | None:
    """Return the newest state of a team."""
    return db.session.scalar(
        select(TeamState)
        .where(TeamState.team_id == team_id)
        .order_by(TeamState.on.desc(), TeamState.id.desc())
        .limit(1)
    )


def states_of(team_id: int) -> Sequence[TeamState]:
    """Return every state of a team, the first one first."""
    return db.session.scalars(
        select(TeamState).where(TeamState.team_id == team_id).order_by(TeamState.on, TeamState.id)
    ).all()


def teams_on(
    on: date,
    *,
    programme_ids: Iterable[int] | None = None,
    hin_id: int | None = None,
    node_ids: Iterable[int] | None = None,
    known: datetime | None = None,
) -> list[TeamRow]:
    """Return the teams that were recruited by a day with where each stands, by network and name:
    two statements. `known` leaves out what was entered after a moment."""
    found: Select[Team] = select(Team).options(*WITH)
    if programme_ids is not None:
        found = found.where(Team.programme_id.in_(list(programme_ids)))
    if hin_id is not None:
        found = found.where(Team.hin_id == hin_id)
    if node_ids is not None:
        found = found.where(Team.node_id.in_(list(node_ids)))
    teams = db.session.scalars(found.order_by(Team.hin_id, by_name(Team.name), Team.id)).all()
    states = _states(teams, known)
    rows = ((team, status_on(states[team.id], on)) for team in teams)
    return [TeamRow(team, state) for team, state in rows if state is not None]


def _states(teams: Sequence[Team], known: datetime | None) -> dict[int, list[TeamState]]:
    found: dict[int, list[TeamState]] = defaultdict(list)
    if teams:
        rows = select(TeamState).where(TeamState.team_id.in_([team.id for team in teams]))
        if known is not None:
            rows = rows.where(TeamState.at <= known)
        for row in db.session.scalars(rows):
            found[row.team_id].append(row)
    return found


@dataclass(frozen=True, slots=True)
class TeamsTakingPart:
    """How many teams take part, and of how many trusts, homes or practices they are."""

    teams: int
    places: int
    without_place: int
    """Teams of which nobody said to what place they belong."""

    @property
    def words(self) -> str:
        """Return it in words: "53 teams at 29 places"."""
        if not self.teams:
            return "No team"
        team = "team" if self.teams == 1 else "teams"
        place = "place" if self.places == 1 else "places"
        found = f"{self.teams:,} {team} at {self.places:,} {place}"
        return f"{found}, {self.without_place:,} of no known place" if self.without_place else found


def taking_part(rows: Iterable[TeamRow], *kinds: TeamKind) -> TeamsTakingPart:
    """Return how many of some teams take part; `kinds` asks of those kinds alone."""
    mine = [one for one in rows if one.is_testing and (not kinds or one.team.kind in kinds)]
    places = {one.trust_id for one in mine if one.trust_id is not None}
    return TeamsTakingPart(len(mine), len(places), sum(one.trust_id is None for one in mine))


def stayed(rows: Iterable[TeamRow]) -> Retention:
    """Return how many of the teams that were recruited stand where."""
    return retention(one.state for one in rows)


def cycles_of(
    *,
    team_ids: Iterable[int] | None = None,
    node_ids: Iterable[int] | None = None,
    programme_ids: Iterable[int] | None = None,
    hin_id: int | None = None,
) -> Sequence[Cycle]:
    """Return cycles of teams, of change ideas or of programmes, by team, idea and number."""
    found = select(Cycle).join(Cycle.team).options(joinedload(Cycle.team).options(*WITH))
    if team_ids is not None:
        found = found.where(Cycle.team_id.in_(list(team_ids)))
    if node_ids is not None:
        found = found.where(Cycle.node_id.in_(list(node_ids)))
    if programme_ids is not None:
        found = found.where(Team.programme_id.in_(list(programme_ids)))
    if hin_id is not None:
        found = found.where(Team.hin_id == hin_id)
    return db.session.scalars(found.order_by(Cycle.team_id, Cycle.node_id, Cycle.number)).all()


def cycle_for(actor: Actor, team_id: int, cycle_id: int) -> Cycle:
    """Return a cycle of this team; raises NotFound for another's."""
    team = team_for(actor, team_id)
    found = db.session.get(Cycle, cycle_id)
    if found is None or found.team_id != team.id:
        raise NotFound("There is no such cycle.")
    return found
