"""Who reads and who writes of improvement. Pure."""

from portal.accounts.models import Actor
from portal.errors import Forbidden
from portal.improvement.models import (
    ImprovementMeasure,
    Node,
    SafetyNetwork,
    SiteSurvey,
    Team,
)
from portal.programmes.models import Programme, ProgrammeKind
from portal.programmes.policy import area_of, can_see, can_write_for, reads_networks


def can_read(actor: Actor) -> bool:
    """Whether the actor reads the pages of improvement: teams, cycles, engagement, lessons. People
    of networks, of ICSs and of the national team; a diagram is read by who reads its programme."""
    return reads_networks(actor)


def can_write(actor: Actor) -> bool:
    """Whether the actor writes something here: staff of networks and of the national team."""
    return actor.is_staff


def can_edit_diagram(actor: Actor, programme: Programme) -> bool:
    """Whether the actor changes the diagram of a programme: the national team any, a network that
    of a regional programme that it leads."""
    is_own = programme.kind is ProgrammeKind.REGIONAL and programme.lead_hin_id == actor.hin_id
    return actor.is_national or (actor.is_hin and is_own)


def can_copy(actor: Actor) -> bool:
    """Whether the actor copies a diagram to a regional programme: people of a network, which leads
    the new one."""
    return actor.is_hin and actor.hin_id is not None


def can_recruit(actor: Actor) -> bool:
    """Whether the actor recruits teams, for their own network."""
    return actor.is_hin and actor.hin_id is not None


def can_change_team(actor: Actor, team: Team) -> bool:
    """Whether the actor says whether a team takes part and writes its cycles: its own network."""
    return actor.is_hin and actor.hin_id == team.hin_id


def can_change_network(actor: Actor, network: SafetyNetwork) -> bool:
    """Whether the actor changes a network of people and notes its meetings: who runs it."""
    return actor.is_hin and actor.hin_id == network.hin_id


def can_hold_survey(actor: Actor, survey: SiteSurvey) -> bool:
    """Whether the actor names the places of a survey and closes it: the network that holds it."""
    return actor.is_hin and actor.hin_id == survey.hin_id


def can_read_places(actor: Actor, survey: SiteSurvey) -> bool:
    """Whether the actor reads what each place answered: who holds it, and the national team.
    Other readers see all places together."""
    return actor.is_national or can_hold_survey(actor, survey)


def can_set_totals(actor: Actor) -> bool:
    """Whether the actor says how many of a kind of stakeholder there are in England."""
    return actor.is_national


def can_add_measure(actor: Actor) -> bool:
    """Whether the actor defines measures: a network its own, the national team those of all."""
    return actor.is_staff


def can_edit_measure(actor: Actor, measure: ImprovementMeasure) -> bool:
    """Whether the actor changes a measure, its goals and its marks."""
    return can_write_for(actor, measure.hin_id)


def can_join(actor: Actor, node: Node, measure: ImprovementMeasure) -> bool:
    """Whether the actor says that a measure tells of a driver or change idea: who defined the
    measure, or who changes the diagram."""
    if not can_see(actor, node.diagram.programme):
        return False
    is_own = can_edit_diagram(actor, node.diagram.programme)
    return is_own or can_edit_measure(actor, measure)


def can_enter(actor: Actor, measure: ImprovementMeasure) -> bool:
    """Whether the actor enters readings: networks of a measure that is for all, a network of its
    own, the national team of England."""
    return actor.is_staff and measure.hin_id in {None, area_of(actor)}


def refuse_unless(may: bool, words: str) -> None:
    """Raise Forbidden with these words unless it may be done."""
    if not may:
        raise Forbidden(words)
