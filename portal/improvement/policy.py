"""Who reads measures over time and who changes what of them. Pure."""

from portal.accounts.models import Actor
from portal.improvement.models import ImprovementMeasure
from portal.programmes.policy import area_of, can_write_for, reads_exact, reads_networks

__all__ = ["area_of", "can_write_for", "reads_exact"]


def can_read_measures(actor: Actor) -> bool:
    """Whether the actor reads charts: people of networks, of ICSs and of the national team."""
    return reads_networks(actor)


def can_add_measure(actor: Actor) -> bool:
    """Whether the actor defines measures: a network its own, the national team those of all."""
    return actor.is_staff


def can_edit_measure(actor: Actor, measure: ImprovementMeasure) -> bool:
    """Whether the actor changes a measure, its goals and its marks."""
    return can_write_for(actor, measure.hin_id)


def can_enter(actor: Actor, measure: ImprovementMeasure) -> bool:
    """Whether the actor enters readings: networks of a measure that is for all, a network of its
    own, the national team of England."""
    return actor.is_staff and measure.hin_id in {None, area_of(actor)}
