"""The nation and administrators set how long deadlines allow, and add bank holidays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.admin.services import set_deadline
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.errors import Forbidden, Invalid
from portal.reference import services as reference
from portal.reference.models import BankHoliday, Deadline, DeadlineKind, DeadlineUnit
from portal.reference.queries import bank_holidays, due_on
from portal.reference.rules import working_days_after
from tests.cast import Cast


def test_the_nation_sets_a_deadline_from_a_day(as_, session: Session, cast: Cast) -> None:
    first = today() + timedelta(days=10)
    parts = {"valid_from-day": first.day, "valid_from-month": first.month}
    answers = {"amount": "7", "unit": "working_days", "valid_from-year": first.year, **parts}
    assert as_(cast.national).post("/support/deadlines/decide", data=answers).status_code == 302
    page = as_(cast.hin).get("/support/deadlines").text
    assert "7 working days from" in page
    assert "To come" in page
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "deadline.set")).one()
    assert event.actor_id == cast.national.user.id
    holidays = bank_holidays()
    assert due_on(DeadlineKind.DECIDE, first) == working_days_after(first, 7, holidays)
    assert due_on(DeadlineKind.DECIDE, today()) == working_days_after(today(), 10, holidays)


def test_settings_are_never_edited_and_never_of_the_past(cast: Cast) -> None:
    told = {"kind": DeadlineKind.REPLY, "unit": DeadlineUnit.WORKING_DAYS}
    by = cast.national.actor
    set_deadline(**told, amount=4, valid_from=today(), by=by)
    with pytest.raises(Invalid, match="already"):
        set_deadline(**told, amount=6, valid_from=today(), by=by)
    with pytest.raises(Invalid, match="today or later"):
        set_deadline(**told, amount=6, valid_from=today() - timedelta(days=1), by=by)
    with pytest.raises(Invalid, match="between"):
        set_deadline(**told, amount=0, valid_from=today() + timedelta(days=1), by=by)
    for person in (cast.hin, cast.innovator, cast.ics):
        with pytest.raises(Forbidden):
            set_deadline(**told, amount=6, valid_from=today(), by=person.actor)


def test_loading_the_reference_again_leaves_a_setting_of_the_page_alone(
    session: Session, cast: Cast
) -> None:
    row = set_deadline(
        kind=DeadlineKind.DECIDE,
        amount=8,
        unit=DeadlineUnit.WORKING_DAYS,
        valid_from=today(),
        by=cast.administrator.actor,
    )
    reference.load()
    assert session.get(Deadline, row.id).amount == 8


def test_a_year_of_bank_holidays_is_added_whole(as_, session: Session, cast: Cast) -> None:
    browser = as_(cast.administrator)
    days = [date(2031, 1, 1) + timedelta(days=30 * n) for n in range(8)]
    lines = "\n".join(f"{day.isoformat()} Holiday {n}" for n, day in enumerate(days))
    some = browser.post(
        "/support/deadlines/holidays", data={"days": "\n".join(lines.splitlines()[:3])}
    )
    assert "Enter all bank holidays of the year" in some.text
    wrong = browser.post("/support/deadlines/holidays", data={"days": "1 January\n" + lines})
    assert "Enter “1 January” as a day" in wrong.text
    assert browser.post("/support/deadlines/holidays", data={"days": lines}).status_code == 302
    assert session.scalar(select(func.count()).where(BankHoliday.on.in_(days))) == 8
    again = browser.post("/support/deadlines/holidays", data={"days": lines})
    assert "are there already" in again.text
