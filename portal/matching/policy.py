"""Who may read matches. Pure; which records show in them is asked in SQL, `queries`."""

from collections.abc import Collection

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.challenges.policy import can_post
from portal.challenges.policy import is_own as is_own_challenge
from portal.innovations.models import Innovation
from portal.innovations.policy import is_own
from portal.matching.models import HinEnquiry, Readership


def can_read_matches(actor: Actor) -> bool:
    """Whether the actor may read which innovations match a challenge that they see: ICS, HIN and
    national staff. Innovators are not shown each other."""
    return can_post(actor)


def can_read_fitting_challenges(actor: Actor, innovation: Innovation) -> bool:
    """Whether the actor may read which challenges an innovation may fit: its own people, who are
    to write to nobody unasked, and the HIN and national staff who help them."""
    return is_own(actor, innovation) or actor.is_staff


def readership(actor: Actor, *, promising: bool = False) -> Readership:
    """Return whose list of suggestions the actor reads on a challenge."""
    if promising:
        return Readership.PROMISING_STAFF if actor.is_staff else Readership.PROMISING_ICS
    return Readership.STAFF if actor.is_staff else Readership.ICS


def can_judge(actor: Actor, challenge: Challenge, joined: Collection[int]) -> bool:
    """Whether the actor may shortlist and reject: the organisation that states the challenge, and
    those that joined it (`joined`: their ids), while it is open."""
    concerned = is_own_challenge(actor, challenge) or actor.organisation_id in joined
    return challenge.state is ChallengeState.OPEN and can_post(actor) and concerned


def can_see_unmet_needs(actor: Actor) -> bool:
    """Whether the actor reads and closes what nobody could answer: HIN and national staff."""
    return actor.is_staff


def can_publish_unmet(actor: Actor) -> bool:
    """Whether the actor may put an unmet need of their own organisation on the page of their
    system: its staff, as with the challenges that it publishes."""
    return actor.is_ics and actor.ics_id is not None


def can_ask_hin(actor: Actor) -> bool:
    """Whether the actor may ask their HIN to look among what is not shared: ICS staff."""
    return actor.is_ics and actor.ics_id is not None


def can_answer(actor: Actor) -> bool:
    """Whether the actor answers what ICSs ask their own HIN: HIN staff."""
    return actor.is_hin


def can_read_enquiry(actor: Actor, enquiry: HinEnquiry) -> bool:
    """Whether the actor may read a question: the ICS that asked, and the HIN that was asked."""
    if can_answer(actor):
        return actor.hin_id == enquiry.hin_id
    return can_ask_hin(actor) and actor.organisation_id == enquiry.organisation_id


def can_see_acceptance(actor: Actor) -> bool:
    """Whether the actor reads how suggestions are taken up: the national team."""
    return actor.is_national
