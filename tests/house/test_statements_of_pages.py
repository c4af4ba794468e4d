"""Pages ask the database a bounded number of times, however many rows they show."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import User
from portal.clock import today
from portal.db import db
from portal.figures.queries.kept import ONCE
from portal.innovations.models import ChangeRequest, Innovation, Section, Use
from portal.reference.models import Hin
from portal.support.models import (
    BudgetAsk,
    Certainty,
    DeskMessage,
    DirectoryEntry,
    Engagement,
    EngagementChange,
    EngagementState,
    Exemption,
    HelperKind,
    Interaction,
    InteractionKind,
    InteractionShare,
    LeadChange,
    LevelChange,
    Participant,
    Partnership,
    Proposal,
    ProposalKind,
    Signpost,
    Task,
)
from tests import makers
from tests.cast import Cast
from tests.statements import Statements, end_transaction


def test_a_record_that_many_places_use(as_: Any, cast: Cast, session: Session) -> None:
    record = makers.innovation("Sure Step", of=cast.innovator, hin=makers.hin("HI-WM"))
    systems = ("QWU", "QOP", "QJM", "QKK", "QVV")
    users = [makers.organisation(f"Trust {code}", ics=makers.ics(code)) for code in systems]
    for user in users:
        session.add(Use(innovation_id=record.id, organisation_id=user.id, from_on=today()))
    session.flush()
    number, browser = record.id, as_(cast.hin)
    end_transaction(session)
    browser.get(f"/innovations/{number}")
    session.expire_all()
    session.info.pop(ONCE, None)
    with Statements(db.engine).at_most(9):
        page = browser.get(f"/innovations/{number}")
    assert "organisations</a>" in page.text


@pytest.mark.parametrize(
    ("tab", "limit"),
    [
        ("/use", 8),
        ("/evidence", 7),
        ("/standards", 5),
        ("/spread", 7),
        ("/print", 11),
        ("/proven", 11),
        ("/progress", 11),
    ],
)
def test_a_tab_of_a_record_with_many_rows(
    as_: Any, cast: Cast, session: Session, tab: str, limit: int
) -> None:
    record = makers.innovation("Sure Step", of=cast.innovator, hin=makers.hin("HI-WM"))
    for number in range(6):
        user = makers.organisation(f"Trust {number}", ics=makers.ics("QWU"))
        session.add(Use(innovation_id=record.id, organisation_id=user.id, from_on=today()))
    session.flush()
    path, browser = f"/innovations/{record.id}{tab}", as_(cast.hin)
    end_transaction(session)
    browser.get(path)
    session.expire_all()
    session.info.pop(ONCE, None)
    with Statements(db.engine).at_most(limit):
        browser.get(path)


@pytest.mark.parametrize(("person", "limit"), [("hin", 11), ("national", 9), ("innovator", 8)])
def test_the_support_of_a_record_with_many_rows(
    as_: Any, cast: Cast, session: Session, person: str, limit: int
) -> None:
    record = makers.innovation("Sure Step", of=cast.innovator, hin=makers.hin("HI-WM"))
    for hin in ("HI-WM", "HI-EM", "HI-YH"):
        _supported(record, makers.hin(hin), by=cast.hin.user)
    session.flush()
    path, browser = f"/innovations/{record.id}/support", as_(getattr(cast, person))
    end_transaction(session)
    browser.get(path)
    session.expire_all()
    session.info.pop(ONCE, None)
    with Statements(db.engine).at_most(limit):
        page = browser.get(path)
    for words in ("Exempted", "Corrected", "With Health Innovation", "Who else can help"):
        assert words in page.text
    assert ("Proposals between networks" in page.text) == (person != "innovator")
    assert ("Bring the file" in page.text) == (person != "national")


def _supported(record: Innovation, hin: Hin, *, by: User) -> None:
    """Let a network have done with a record whatever its page of support shows."""
    asked = (Engagement.innovation_id == record.id) & (Engagement.hin_id == hin.id)
    one = db.session.scalar(select(Engagement).where(asked))
    one = one or makers.put(Engagement(innovation_id=record.id, hin_id=hin.id))
    one.state, one.level = EngagementState.ENGAGING, 2
    ours: dict[str, Any] = {"engagement_id": one.id, "by_id": by.id}
    entry = DirectoryEntry(
        kind=HelperKind.NATIONAL, name=hin.name, takes_on="All", refer="", certainty=Certainty.OWN
    )
    other = makers.hin("HI-OTV")
    interactions = [
        Interaction(
            hin_id=hin.id,
            kind=InteractionKind.CALL,
            on=today(),
            minutes=30,
            is_private=False,
            logged_by_id=by.id,
            counts_in=today(),
            kinds=[makers.term_of_support()],
            participants=[Participant(name="A Person")],
            shares=[InteractionShare(engagement_id=one.id, minutes=30)],
        )
        for _ in range(3)
    ]
    interactions[1].corrects = interactions[0]
    for row in (
        EngagementChange(state=EngagementState.ENGAGING, **ours),
        LevelChange(level=2, **ours),
        Exemption(due_on=today(), why="Late", **ours),
        DeskMessage(subject="Hello", body="Well", **ours),
        LeadChange(**ours),
        BudgetAsk(engagement_id=one.id, level=2, allowed=60, spent=90),
        Signpost(entry_id=makers.put(entry).id, on=today(), **ours),
        Partnership(engagement_id=one.id, aims="More", agreed_on=today()),
        Proposal(
            innovation_id=record.id,
            kind=ProposalKind.JOINT,
            from_hin_id=hin.id,
            to_hin_id=other.id,
            words="Both",
            proposed_by_id=by.id,
        ),
        Task(engagement_id=one.id, title="Bring the file", opened_by_id=by.id),
        ChangeRequest(
            innovation_id=record.id, hin_id=hin.id, section=Section.ABOUT, words="More", by_id=by.id
        ),
        *interactions,
    ):
        makers.put(row)


@pytest.mark.parametrize(
    ("path", "person", "limit"),
    [
        ("/account/data", "hin", 12),
        ("/admin/networks", "administrator", 12),
        ("/support/deadlines", "hin", 12),
        ("/account/close", "hin", 12),
        ("/impact", "hin", 12),
        ("/improvement", "hin", 12),
        ("/figures/freeze", "national", 12),
        ("/import/columns/innovations", "hin", 10),
        ("/figures", "hin", 78),
    ],
)
def test_a_page_that_once_asked_for_each_row(
    as_: Any, cast: Cast, session: Session, path: str, person: str, limit: int
) -> None:
    browser = as_(getattr(cast, person))
    end_transaction(session)
    browser.get(path)
    session.expire_all()
    with Statements(db.engine).at_most(limit):
        browser.get(path)
