"""Pages ask the database a bounded number of times, however many rows they show."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.clock import today
from portal.db import db
from portal.figures.queries.kept import ONCE
from portal.innovations.models import Use
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
    with Statements(db.engine).at_most(10):
        page = browser.get(f"/innovations/{number}")
    assert "organisations</a>" in page.text


@pytest.mark.parametrize(
    ("tab", "limit"),
    [("/use", 9), ("/evidence", 8), ("/standards", 6), ("/spread", 8), ("/print", 13)],
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
