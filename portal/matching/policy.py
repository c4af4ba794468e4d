"""Who may read matches. Pure; which records show in them is asked in SQL, `queries`."""

from portal.accounts.models import Actor
from portal.challenges.policy import can_post
from portal.innovations.models import Innovation
from portal.innovations.policy import is_own
from portal.matching.models import Readership


def can_read_matches(actor: Actor) -> bool:
    """Whether the actor may read which innovations match a challenge that they see: ICS, HIN and
    national staff. Innovators are not shown each other."""
    return can_post(actor)


def can_read_fitting_challenges(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read which challenges an innovation may fit: its own people, who are
    to write to nobody unasked, and the HIN and national staff who help them."""
    return is_own(actor, innovation) or actor.is_staff


def readership(actor: Actor) -> Readership:
    """Return whose list of suggestions the actor reads on a challenge."""
    return Readership.STAFF if actor.is_staff else Readership.ICS
