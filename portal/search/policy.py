"""Who may read and handle what search keeps. Pure; `queries` say the same in SQL."""

from portal.accounts.models import Actor
from portal.search.models import SearchGap


def can_see_gaps(actor: Actor) -> bool:
    """Whether the actor reads what others looked for in vain: HIN and national staff."""
    return actor.is_staff


def can_handle(actor: Actor, gap: SearchGap) -> bool:
    """Whether the gap is the actor's to read and answer: of their region, or of no known one."""
    return actor.is_national or (actor.is_hin and gap.hin_id in {None, actor.hin_id})


def can_see_insights(actor: Actor) -> bool:
    """Whether the actor reads the counts of all searches: the national team."""
    return actor.is_national
