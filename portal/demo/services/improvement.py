"""Write how care homes test changes: a copy of a diagram, teams, cycles, a network. Made up."""

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.demo.rules.diary import Diary
from portal.demo.services.happening import happening
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.improvement.models import (
    Decision,
    Diagram,
    Node,
    Team,
    TeamKind,
    TeamStatus,
    WithdrawalReason,
)
from portal.improvement.queries.diagrams import states_of
from portal.improvement.rules.outline import nodes, outline
from portal.improvement.services import copying, engagement, teams
from portal.innovations.models import Innovation
from portal.programmes.models import Programme
from portal.reference.models import Site, SiteKind

NAME = "Deterioration in our care homes (made up)"
MODEL = "MANDET_SIP"
SPREADS = "RESTORE2"
HOMES = ("Alder House", "Birch Lodge", "Cedar Court", "Damson Grange")
CYCLES = (
    ("Can carers score at the round?", Decision.ADAPT, "It took too long: keep the form at hand."),
    ("Does a pocket card help?", Decision.ADAPT, "Nights were forgotten: brief them too."),
    ("Do all shifts score now?", Decision.ADOPT, "Nine of ten rounds were scored."),
)


def write(places: Places, people: People) -> None:
    """Write all of it, in the order of its days."""
    diary, by = Diary(places.today, "improvement"), people.by_key["hin"]
    with happening(diary, 130):
        copy, idea = _copy(by)
        homes = [_recruit(copy, idea, name, number, by) for number, name in enumerate(HOMES)]
    for number, (question, decision, found) in enumerate(CYCLES):
        with happening(diary, 90 - 30 * number):
            _cycle(homes[0], idea, question, decision, found, by)
    with happening(diary, 4):
        _leave(homes[-1], by)
        _people(copy, idea, by)


def _copy(by: Actor) -> tuple[Diagram, Node]:
    """Copy the national diagram, and let its change idea spread as the record."""
    model = db.session.scalars(
        select(Diagram).join(Diagram.programme).where(Programme.code == MODEL)
    ).one()
    copy = copying.copy_diagram(diagram=model, name=NAME, by=by)
    copy.programme.is_demo = True
    branches = nodes(outline(states_of(copy.id), today()))
    branch = next(one for one in branches if SPREADS in one.row.words)
    idea = db.session.get_one(Node, branch.id)
    record = db.session.scalars(
        select(Innovation).where(Innovation.name.startswith(SPREADS)).order_by(Innovation.id)
    ).first()
    if record is not None:
        copying.link_record(node=idea, innovation=record, by=by)
    return copy, idea


def _recruit(copy: Diagram, idea: Node, name: str, number: int, by: Actor) -> Team:
    homes = select(Site).where(Site.kind == SiteKind.CARE_HOME, Site.is_demo.is_(True))
    site = db.session.scalars(homes.order_by(Site.id).offset(number).limit(1)).first()
    on = today()
    team = teams.recruit(
        programme=copy.programme,
        name=f"{name} (made up)",
        kind=TeamKind.CARE_HOME,
        on=on,
        by=by,
        site=site,
        wave=1 + number // 2,
        node=idea,
    )
    team.is_demo = True
    db.session.flush()
    if number:
        return team
    teams.change_status(team=team, version=team.version, status=TeamStatus.ACTIVE, on=on, by=by)
    return team


def _cycle(
    team: Team, idea: Node, question: str, decision: Decision, found: str, by: Actor
) -> None:
    """Plan, test and decide on one day of the story."""
    cycle = teams.plan_cycle(
        team=team,
        node=idea,
        question=question,
        plan="The carers of one floor, at each round.",
        prediction="Eight of ten rounds are scored.",
        from_on=today() - timedelta(days=7),
        by=by,
    )
    teams.write_down(
        cycle=cycle,
        version=cycle.version,
        did="Carers of one floor took part.",
        to_on=today(),
        studied=found,
        by=by,
    )
    teams.decide(
        cycle=cycle, version=cycle.version, decision=decision, why=found, on=today(), by=by
    )


def _leave(team: Team, by: Actor) -> None:
    """Let the last home withdraw."""
    teams.change_status(
        team=team,
        version=team.version,
        status=TeamStatus.WITHDRAWN,
        on=today(),
        reason=WithdrawalReason.STAFFING,
        words="Made up for trying out.",
        by=by,
    )


def _people(copy: Diagram, idea: Node, by: Actor) -> None:
    """Note a meeting of a network of people, and what was learnt."""
    network = engagement.add_network(
        programme=copy.programme,
        name="Care home safety network (made up)",
        running_from=today() - timedelta(days=120),
        by=by,
    )
    engagement.note_meeting(network=network, on=today(), people=24, places=11, by=by)
    engagement.keep_lesson(
        programme=copy.programme,
        title="Brief the night staff first",
        words="Scores were missing at night until those who work then were shown the card.",
        audience="managers of care homes",
        node=idea,
        by=by,
    )
