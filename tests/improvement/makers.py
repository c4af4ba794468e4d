"""Make diagrams, teams and cycles for tests, by the services that people use."""

from datetime import date, timedelta
from typing import Any

from portal.clock import today
from portal.db import db
from portal.improvement.models import (
    Cycle,
    Decision,
    Diagram,
    Lesson,
    Node,
    NodeKind,
    SafetyNetwork,
    SiteSurvey,
    StakeholderKind,
    SurveyedPlace,
    Team,
    TeamKind,
)
from portal.improvement.queries.diagrams import states_of
from portal.improvement.queries.surveys import places_of
from portal.improvement.rules.outline import Branch, nodes, outline
from portal.improvement.rules.survey_templates import CULTURE, TEMPLATES, Template
from portal.improvement.services import diagrams, engagement, surveys, teams
from portal.improvement.services.diagrams import NodeText
from portal.programmes.models import Programme, ProgrammeKind
from portal.reference.models import Site
from tests import makers
from tests.cast import Person
from tests.programmes import makers as programmes

WORDS = {"aim": "Half as many falls", "driver": "Staff see the risk", "idea": "A huddle each day"}


def programme(name: str = "Safer wards", *, by: Person, **values: Any) -> Programme:
    """A safety programme of the nation's."""
    given = {"kind": ProgrammeKind.SAFETY_PROGRAMME, **values}
    return programmes.programme(name, by=by, **given)


def diagram(*, by: Person, of: Programme | None = None) -> Diagram:
    """A diagram with its aim alone."""
    of = of or programme(by=by)
    return diagrams.begin(programme=of, words=WORDS["aim"], by=by.actor)


def node(
    words: str, *, into: Diagram, by: Person, near: Node | int | None = None, idea: bool = False
) -> Node:
    """A driver or change idea at the end of what another node, or the aim, contains."""
    near_id = near if isinstance(near, int) else near.id if near else aim_of(into)
    kind = NodeKind.IDEA if idea else NodeKind.DRIVER
    return diagrams.add(
        diagram=into,
        version=into.version,
        near_id=near_id,
        inside=True,
        said=NodeText(kind, words),
        by=by.actor,
    )


def aim_of(found: Diagram) -> int:
    """The number of the aim."""
    return outline(states_of(found.id), today())[0].id


def read(found: Diagram, on: date | None = None) -> list[tuple[int, str]]:
    """The outline of a day, as depth and words."""
    return [
        (one.depth, one.row.words) for one in nodes(outline(states_of(found.id), on or today()))
    ]


def team(name: str = "Rowan ward", *, of: Programme, by: Person, **values: Any) -> Team:
    """A team that the person's network recruited a month ago."""
    given = {"kind": TeamKind.WARD, "on": today() - timedelta(days=30), **values}
    return teams.recruit(programme=of, name=name, by=by.actor, **given)


def cycle(*, of: Team, about: Node, by: Person, **values: Any) -> Cycle:
    """A cycle that is planned."""
    given = {
        "question": "Does a huddle help?",
        "plan": "One shift tries it.",
        "prediction": "Two falls fewer.",
        "from_on": today() - timedelta(days=20),
        **values,
    }
    return teams.plan_cycle(team=of, node=about, by=by.actor, **given)


def decided(found: Cycle, decision: Decision, *, by: Person) -> Cycle:
    """The cycle, written down and decided on today."""
    teams.write_down(
        cycle=found,
        version=found.version,
        did="All took part.",
        to_on=max(found.from_on, today() - timedelta(days=10)),
        studied="One fall fewer.",
        by=by.actor,
    )
    teams.decide(
        cycle=found, version=found.version, decision=decision, why="", on=today(), by=by.actor
    )
    return found


def kind(name: str = "Clinical leads", *, of: Programme, total: int | None, by: Person) -> Any:
    """A kind of stakeholder, with how many there are."""
    made = StakeholderKind(
        code=name.upper().replace(" ", "_"),
        name=name,
        programme_id=of.id,
        measure=programmes.measure("ENGAGED", unit="organisations", is_patients=False),
        part=name,
    )
    makers.put(made)
    if total is not None:
        engagement.set_total(
            kind=made, total=total, from_on=date(2020, 4, 1), source="Counted", by=by.actor
        )
    return made


def network(name: str = "Falls network", *, of: Programme, by: Person) -> SafetyNetwork:
    """A network of people that runs since a month."""
    since = today() - timedelta(days=30)
    return engagement.add_network(programme=of, name=name, running_from=since, by=by.actor)


def lesson(title: str = "Begin small", *, of: Programme, by: Person, **values: Any) -> Lesson:
    """What was learnt."""
    given = {"words": "One shift is enough to begin with.", "audience": "ward managers", **values}
    return engagement.keep_lesson(programme=of, title=title, by=by.actor, **given)


def branches(diagram_id: int) -> list[Branch]:
    """Every node of a diagram today."""
    return nodes(outline(states_of(diagram_id), today()))


def leaf(diagram_id: int) -> int:
    """The number of the last node."""
    return branches(diagram_id)[-1].id


def programme_of(diagram_id: int) -> int:
    """The number of a diagram's programme."""
    return db.session.get_one(Diagram, diagram_id).programme_id


def day(name: str, on: date) -> dict[str, str]:
    """A day as a form sends it."""
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def survey(*, of: Programme, by: Person, template: Template = CULTURE, **values: Any) -> SiteSurvey:
    """A survey of the person's network that is open for ten days."""
    given = {"name": "How safe is it here?", "closes_on": today() + timedelta(days=10), **values}
    return surveys.begin_survey(programme=of, template=template, by=by.actor, **given)


def asked(of: SiteSurvey, site: Site, *, by: Person) -> SurveyedPlace:
    """A place that the survey asks."""
    surveys.ask_place(survey=of, site=site, by=by.actor)
    return next(one for one in places_of(of.id) if one.site_id == site.id)


def answered(place: SurveyedPlace, times: int = 1, *, answer: int = 3, **values: Any) -> None:
    """So many people give every question one answer."""
    for _ in range(times):
        codes = [one.code for one in TEMPLATES[place.survey.template].questions]
        surveys.take_answer(place=place, answers=dict.fromkeys(codes, answer), **values)
