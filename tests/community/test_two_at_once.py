"""Two people at once, on PostgreSQL: who takes an idea on, and who makes something of it."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from portal.challenges.models import Challenge
from portal.community.models import Idea, IdeaAuthor, IdeaState, IdeaSupporter
from portal.community.services import answering, posting, together
from portal.db import db
from portal.errors import Conflict, PortalError
from portal.programmes.models import Proposal
from tests.accounts.test_used_once import at_once, house
from tests.cast import Cast, Person
from tests.community import makers

__all__ = ["house"]

Try = Callable[[], object]


def test_two_at_once(house: Flask) -> None:
    """One world for all, because making it takes most of the time."""
    with house.app_context():
        cast = Cast()
        second, nurse = makers.colleague_of(cast.ics), makers.nurse()
        db.session.commit()
        of_two_who_take_it_on_one_does(house, cast, second, nurse)
        of_three_who_make_something_of_it_one_does(house, cast, second, nurse)
        support_and_joining_count_once(house, cast, nurse)


def an_idea(cast: Cast, nurse: Person, words: str, state: IdeaState | None = None) -> Idea:
    db.session.expire_all()
    idea = makers.idea(makers.campaign(cast.ics), nurse, words=words)
    if state is not None:
        makers.answered(idea, cast.ics, state)
    db.session.commit()
    return idea


def of_two_who_take_it_on_one_does(house: Flask, cast: Cast, second: Person, nurse: Person) -> None:
    idea = an_idea(cast, nurse, "Taken on")
    idea_id, version = idea.id, idea.version

    def look(person: Person) -> Try:
        by = person.actor

        def do() -> object:
            found = db.session.get_one(Idea, idea_id)
            answering.look(idea=found, version=version, by=by)
            return by.user_id

        return do

    got = at_once(house, look(cast.ics), look(second), look(cast.ics), look(second))
    [stood] = [one for one in got if not isinstance(one, PortalError)]
    assert all(isinstance(one, Conflict) for one in got if isinstance(one, PortalError)), got
    db.session.expire_all()
    assert db.session.get_one(Idea, idea_id).owner_id == stood


def of_three_who_make_something_of_it_one_does(
    house: Flask, cast: Cast, second: Person, nurse: Person
) -> None:
    idea = an_idea(cast, nurse, "Made something of", IdeaState.TAKEN_UP)
    idea_id, version = idea.id, idea.version

    def make(how: Callable[..., object], person: Person) -> Try:
        by = person.actor

        def do() -> object:
            how(idea=db.session.get_one(Idea, idea_id), version=version, by=by)
            return "made"

        return do

    got = at_once(
        house,
        make(answering.become_challenge, cast.ics),
        make(answering.become_challenge, second),
        make(answering.become_proposal, cast.national),
    )
    assert got.count("made") == 1, got
    assert all(isinstance(one, Conflict) for one in got if one != "made")
    db.session.expire_all()
    made = [db.session.scalar(select(func.count()).select_from(of)) for of in (Challenge, Proposal)]
    assert sum(one or 0 for one in made) == 1


def support_and_joining_count_once(house: Flask, cast: Cast, nurse: Person) -> None:
    idea_id, by = an_idea(cast, nurse, "Supported").id, cast.other_ics.actor

    def support() -> object:
        together.support(idea=db.session.get_one(Idea, idea_id), by=by)
        return "done"

    def join() -> object:
        posting.join(idea=db.session.get_one(Idea, idea_id), by=by)
        return "done"

    # Authors support nothing of theirs: whoever joined first is refused the support.
    at_once(house, support, support, support)
    at_once(house, join, join, join)
    db.session.expire_all()
    for table in (IdeaSupporter, IdeaAuthor):
        count = select(func.count()).select_from(table).where(table.idea_id == idea_id)
        assert db.session.scalar(count) == 1
