"""Campaigns and ideas at each of their states, for the tests of several rooms."""

from datetime import timedelta
from typing import Any

from portal.accounts.models import OrganisationKind, Role
from portal.clock import today
from portal.community.models import (
    Audience,
    Campaign,
    Idea,
    IdeaStage,
    IdeaState,
    Moderation,
)
from portal.community.services import answering, campaigns, moderating, posting
from portal.community.services.answering import Answer
from tests import makers
from tests.cast import Cast, Person

WORDS = "Pharmacists prepare the bag of medicines the evening before people go home."
PROBLEM = "People wait hours on the ward for their medicines on the day of discharge."


def campaign(by: Person, title: str = "A day earlier home", **values: Any) -> Campaign:
    """A campaign that is open and asks all staff."""
    told: dict[str, Any] = {
        "title": title,
        "question": "What would let people go home a day earlier?",
        "criteria": "It needs no new money.",
        "audience": Audience.EVERYONE,
        "moderation": Moderation.AFTER,
        "opens_on": today() - timedelta(days=5),
        "closes_on": today() + timedelta(days=20),
    }
    content = campaigns.Content(**{**told, **values})
    return campaigns.start(content=content, by=by.actor)


def content(**values: Any) -> posting.Content:
    """A whole idea."""
    told: dict[str, Any] = {
        "title": "Medicines ready the evening before",
        "problem": PROBLEM,
        "words": WORDS,
        "benefit": "People go home in the morning.",
        "stage": IdeaStage.TRIED,
        "may_join": True,
        "tags": "Discharge, pharmacy",
    }
    return posting.Content(**{**told, **values})


def idea(of: Campaign, by: Person, **values: Any) -> Idea:
    """An idea of somebody's."""
    return posting.post(campaign=of, content=content(**values), by=by.actor)


def answered(idea: Idea, by: Person, state: IdeaState, **values: Any) -> Idea:
    """An idea that was answered."""
    said = Answer(state=state, words="Thank you. We start in May.", **values)
    answering.answer(idea=idea, answer=said, version=idea.version, by=by.actor)
    return idea


def removed(idea: Idea, by: Person) -> Idea:
    """An idea that was removed."""
    words = "It tells of a patient who can be recognised."
    moderating.remove(idea=idea, version=idea.version, words=words, by=by.actor)
    return idea


def nurse(name: str = "Nell Shaw", email: str = "nell.shaw@wards.nhs.uk") -> Person:
    """Somebody of a trust in Coventry and Warwickshire, with a work address."""
    user = makers.user(name)
    user.email = email
    trust = makers.organisation(
        f"Trust of {name}", kind=OrganisationKind.NHS_TRUST, ics=makers.ics("QWU")
    )
    return Person(user, makers.membership(user, trust, Role.INNOVATOR))


def lead_of(person: Person) -> Person:
    """Somebody who leads the same organisation."""
    user = makers.user("Lea Morton")
    user.email = "lea.morton@wards.nhs.uk"
    member = makers.membership(user, person.organisation, Role.INNOVATOR, is_lead=True)
    return Person(user, member)


def colleague_of(person: Person, name: str = "Sam Field") -> Person:
    """Another member of somebody's organisation."""
    user = makers.user(name)
    role = person.membership.role
    return Person(user, makers.membership(user, person.organisation, role))


def one_of_each(cast: Cast) -> dict[str, Idea]:
    """Ideas of a campaign of the ICS at each state; their author is of the other ICS."""
    asked = campaign(cast.ics)
    checked = campaign(cast.ics, "Looked over", moderation=Moderation.BEFORE)
    by = cast.other_ics
    found = {
        "held": idea(checked, by, words="Held words"),
        "posted": idea(asked, by, words="Posted words"),
        "looking": idea(asked, by, words="Looking words"),
        "taken_up": idea(asked, by, words="Taken up words"),
        "not_now": idea(asked, by, words="Not now words"),
        "withdrawn": idea(asked, by, words="Withdrawn words"),
        "removed": removed(idea(asked, by, words="Removed words"), cast.ics),
    }
    looking = found["looking"]
    answering.look(idea=looking, version=looking.version, by=cast.ics.actor)
    answered(found["taken_up"], cast.ics, IdeaState.TAKEN_UP)
    answered(found["not_now"], cast.ics, IdeaState.NOT_NOW)
    taken_back = found["withdrawn"]
    posting.withdraw(idea=taken_back, version=taken_back.version, by=by.actor)
    return found
