"""Who may see and freeze figures. Pure."""

from collections.abc import Sequence

from portal.accounts.models import SYSTEM, Actor
from portal.figures.rules import Value, personal_codes


def can_see_figures(actor: Actor) -> bool:
    """Whether the actor may see the figures: HIN staff their own and the nation's totals, the
    national team all."""
    return actor.is_staff


def can_freeze(actor: Actor) -> bool:
    """Whether the actor may freeze a quarter's figures: the national team and a command."""
    return actor.is_national or actor == SYSTEM


def for_reader(values: Sequence[Value], actor: Actor) -> list[Value]:
    """Return what the actor may see: HIN staff their own HIN's and the nation's, the national
    team all but people by themselves."""
    if actor.is_national:
        personal = personal_codes()
        return [one for one in values if one.code not in personal or not one.group]
    seen = {None, actor.hin_id} if actor.is_hin else {None}
    return [one for one in values if one.hin_id in seen]
