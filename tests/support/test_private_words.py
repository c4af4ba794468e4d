"""What a network wrote for itself leaves it by none of the desk's ways."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import OrganisationKind, Role
from portal.audit.models import AuditWords
from portal.clock import today
from portal.desk.rules import PLACEHOLDERS, MessageText, placeholder_words
from portal.desk.services import messages
from portal.jobs import TASKS
from portal.notifications.models import Email, Notification
from portal.search.indexing.reading import documents
from portal.support.models import (
    DeskMessage,
    Engagement,
    InteractionKind,
    LevelChange,
    Proposal,
    ProposalKind,
)
from portal.support.queries.levels import suggestion
from portal.support.services import proposals
from portal.support.services.due_dates import exempt
from portal.support.services.engagements import change_level
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.cast import Cast, Person

SECRET = "A zebrafinch"
BETWEEN = "kingfisher"
"""In a proposal: for the two networks and the nation."""
PAGES = (
    "/support?queue=all",
    "/support/download.csv?queue=all",
    "/support/levels",
    "/support/levels/decisions",
    "/support/deadlines",
    "/figures",
    "/figures/download.csv",
    "/figures/load",
    "/figures/load/download.csv",
    "/figures/hours_by_person",
    "/figures/hours_by_person/download.csv",
    "/figures/overdue/download.csv",
    "/support/capacity",
    "/support/templates",
    "/support/assign?case={case}",
    "/support/message?case={case}",
    "/support/interactions",
    "/support/interactions/download.csv",
    "/innovations/{record}/support",
    "/innovations/{record}/support/propose",
    "/innovations/{record}/support/join",
    "/innovations/{record}/activity",
    "/innovations/{record}/export.json",
    "/support/proposals/{proposal}",
    "/search?q=zebrafinch",
    "/home",
)


@pytest.fixture
def third_hin() -> Person:
    """Tess Vale of East Midlands, who has nothing to do with it."""
    hin, user = makers.hin("HI-EM"), makers.user("Tess Vale")
    place = makers.organisation(hin.name, kind=OrganisationKind.HIN, hin=hin)
    return Person(user, makers.membership(user, place, Role.HIN, is_lead=True))


@pytest.fixture
def proposal(session: Session, engaging: Engagement, cast: Cast) -> Proposal:
    """West Midlands wrote something private, and then did all that the desk can do."""
    by, record = cast.hin.actor, engaging.innovation
    details = InteractionDetails(
        kind=InteractionKind.CALL,
        on=today(),
        minutes=450,
        kind_ids=[makers.term_of_support().id],
        note=f"{SECRET} note",
        next_step=f"{SECRET} step",
        title=f"{SECRET} title",
        people=[f"{SECRET} person"],
        organisations=[f"{SECRET} organisation"],
    )
    log(engagements=[engaging], details=details, by=by)
    told = {"engagement": engaging, "by": by}
    change_level(**told, version=engaging.version, level=3, why="More is needed")
    words = MessageText("To {innovation}", placeholder_words(PLACEHOLDERS))
    messages.send(engagements=[engaging], words=words, by=by)
    engaging.due_on = today()
    session.flush()
    TASKS["support.remind"](lambda *_: None)
    exempt(**told, version=engaging.version, why="They are away")
    found = proposals.propose(
        innovation=record,
        kind=ProposalKind.JOINT,
        to_hin_id=cast.other_hin.actor.hin_id,
        words=f"A {BETWEEN} proposal",
        by=by,
    )
    session.commit()
    return found


def _pages(as_, person: Person, proposal: Proposal, case: Engagement) -> Iterator[tuple[str, str]]:
    browser = as_(person)
    for page in PAGES:
        url = page.format(record=case.innovation_id, case=case.id, proposal=proposal.id)
        yield url, browser.get(url).text


def test_its_own_network_reads_it(
    as_, proposal: Proposal, engaging: Engagement, cast: Cast
) -> None:
    pages = dict(_pages(as_, cast.hin, proposal, engaging))
    assert f"{SECRET} note" in pages[f"/innovations/{engaging.innovation_id}/support"]


@pytest.mark.parametrize("person", ["other_hin", "national", "innovator", "ics", "administrator"])
def test_nobody_else_finds_it_on_any_page_or_download(
    as_, proposal: Proposal, engaging: Engagement, cast: Cast, person: str
) -> None:
    for url, text in _pages(as_, getattr(cast, person), proposal, engaging):
        assert SECRET not in text, url


def test_a_third_network_sees_that_there_is_a_proposal_and_not_its_words(
    as_, proposal: Proposal, engaging: Engagement, cast: Cast, third_hin: Person
) -> None:
    pages = dict(_pages(as_, third_hin, proposal, engaging))
    assert "Joint work: " in pages[f"/innovations/{engaging.innovation_id}/support"]
    assert not [url for url, text in pages.items() if BETWEEN in text or SECRET in text]
    for person in (cast.innovator, cast.ics):
        pages = dict(_pages(as_, person, proposal, engaging))
        assert not [url for url, text in pages.items() if BETWEEN in text]


def test_no_message_no_trail_and_no_suggestion_carries_it(
    session: Session, proposal: Proposal, engaging: Engagement, cast: Cast
) -> None:
    kept = [
        *session.scalars(select(Email.subject + Email.body)),
        *session.scalars(select(Notification.subject + Notification.body)),
        *session.scalars(select(DeskMessage.subject + DeskMessage.body)),
        *session.scalars(select(AuditWords.summary)),
        *(json.dumps(row) for row in session.scalars(select(AuditWords.changes))),
        *(json.dumps(row) for row in session.scalars(select(LevelChange.reasons))),
        *(hint.words for hint in suggestion(engaging.innovation, today()).hints),
    ]
    assert len(kept) > 20
    assert not [words for words in kept if SECRET in words]
    between = [email.address for email in session.scalars(select(Email)) if BETWEEN in email.body]
    assert between == [cast.other_hin.user.email]
    trail = session.scalars(select(AuditWords.summary)).all()
    assert not [line for line in trail if BETWEEN in line]


def test_the_search_index_does_not_know_of_it(
    session: Session, proposal: Proposal, engaging: Engagement
) -> None:
    [document] = documents([engaging.innovation_id])
    assert engaging.innovation.name in repr(document)
    assert SECRET not in repr(document)
    assert BETWEEN not in repr(document)
