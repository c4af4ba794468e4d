"""What an ICS that has ended left behind: the HIN of its successor looks after it."""

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind, Role
from portal.challenges.models import Challenge
from portal.matching.models import MatchRun
from portal.matching.queries.enquiries import hin_of
from portal.matching.queries.home import unmet_needs
from portal.matching.queries.standing import standing
from portal.reference.models import Hin
from portal.reference.queries import hin_of_ics, ics_ids_served
from tests import makers
from tests.cast import Cast, Person


@pytest.fixture
def ended(session: Session) -> Person:
    """Staff of Bedfordshire, Luton and Milton Keynes, which became part of Central East."""
    ics = makers.ics("QHG")
    organisation = makers.organisation("BLMK ICB", kind=OrganisationKind.ICS, ics=ics)
    user = makers.user("Bea Luton")
    return Person(user, makers.membership(user, organisation, Role.ICS))


@pytest.fixture
def challenge(session: Session, ended: Person) -> Challenge:
    """An open challenge that it left, matched with nothing."""
    row = makers.challenge(of=ended)
    makers.put(MatchRun(challenge_id=row.id, engine_version="test"))
    return row


def served_by(session: Session, hin: Hin) -> list[int]:
    """The ids of the ICSs that a HIN serves."""
    return list(session.scalars(ics_ids_served(hin.id)))


def test_its_challenge_names_the_hin_of_the_successor(challenge: Challenge, cast: Cast) -> None:
    successor = hin_of_ics(makers.ics("X26-CENTRAL-EAST").id)
    assert successor is not None
    assert standing(cast.national.actor, challenge).hin_id == successor.id


def test_who_asks_from_there_asks_that_hin(ended: Person) -> None:
    assert hin_of(ended.actor) == hin_of_ics(makers.ics("X26-CENTRAL-EAST").id)


def test_its_unmet_needs_are_that_hins(challenge: Challenge, cast: Cast, session: Session) -> None:
    successor = hin_of_ics(makers.ics("X26-CENTRAL-EAST").id)
    assert successor is not None
    assert makers.ics("QHG").id in served_by(session, successor)
    assert makers.ics("QHG").id not in served_by(session, makers.hin("HI-WM"))
    cast.other_hin.organisation.hin = successor
    session.flush()
    session.expire_all()
    assert [one.id for one in unmet_needs(cast.other_hin.actor)] == [challenge.id]
