"""A due date in a year whose bank holidays are missing: kept, said, and set later."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func
from sqlalchemy.orm import Session

from portal.admin.services import add_holidays
from portal.clock import clock_at, today
from portal.db import db
from portal.innovations.models import Innovation, Sharing
from portal.introductions.models import Introduction, Timescale
from portal.introductions.services.asking import ask
from portal.reference import services as reference
from portal.reference.models import BankHoliday, DeadlineKind, DueDate
from portal.reference.queries import bank_holidays, due_date, due_on
from portal.reference.rules import HolidaysMissing
from portal.support import queries
from portal.support.models import Engagement, EngagementState, InteractionKind, ProposalKind
from portal.support.services import engagements
from portal.support.services.interactions import InteractionDetails, log
from portal.support.services.proposals import propose
from tests import makers
from tests.cast import Cast
from tests.conftest import isolation
from tests.examples import examples
from tests.statements import Statements
from tests.support.conftest import engage, inbox

NOVEMBER = datetime(2027, 11, 25, 10, tzinfo=UTC)
"""Six weeks later is 2028, of which no bank holiday is loaded."""
IN_2028 = {
    date(2028, 1, 3): "New Year’s Day",
    date(2028, 4, 14): "Good Friday",
    date(2028, 4, 17): "Easter Monday",
    date(2028, 5, 1): "Early May",
    date(2028, 5, 29): "Spring",
    date(2028, 8, 28): "Summer",
    date(2028, 12, 25): "Christmas Day",
    date(2028, 12, 26): "Boxing Day",
}
WORDS = (
    "Bank holidays for 2028 are not loaded: this deadline cannot be worked out. "
    "An administrator can load them."
)


def _call(on: date, note: str = "") -> InteractionDetails:
    return InteractionDetails(
        kind=InteractionKind.CALL,
        on=on,
        minutes=60,
        note=note,
        kind_ids=[makers.term_of_support().id],
    )


@contextmanager
def _this_year_forgotten(session: Session) -> Iterator[None]:
    years = func.extract("year", BankHoliday.on)
    session.query(BankHoliday).filter(years >= today().year).delete(synchronize_session=False)
    session.commit()
    yield


def test_from_november_on_a_contact_is_logged_and_its_due_date_waits(
    session: Session, cast: Cast
) -> None:
    with clock_at(NOVEMBER):
        record = makers.innovation(of=cast.innovator)
        case = queries.engagement_of(record.id, cast.hin.actor.hin_id)
        assert case is not None
        engagements.pick_up(engagement=case, version=case.version, by=cast.hin.actor)
        engage(case, cast.hin)
        before = case.version
        interaction = log(
            engagements=[case], details=_call(today(), "They rang"), by=cast.hin.actor
        )
        assert interaction.note == "They rang"
        session.flush()
        assert (case.due_on, case.undated, case.undated_year) == (None, DeadlineKind.UPDATE, 2028)
        assert case.undated_reason == WORDS
        add_holidays(days=IN_2028, by=cast.administrator.actor)
        assert (case.due_on, case.undated_reason) == (date(2028, 1, 6), "")
        assert case.version == before


def test_what_was_promised_in_december_is_dated_by_the_next_load(
    session: Session, cast: Cast
) -> None:
    with clock_at(datetime(2027, 12, 30, 10, tzinfo=UTC)):
        record = makers.innovation(of=cast.innovator)
    case = queries.engagement_of(record.id, cast.hin.actor.hin_id)
    assert case is not None
    assert case.due_date == DueDate(None, DeadlineKind.PICK_UP, date(2027, 12, 30), 2028)
    session.add_all(BankHoliday(on=on, name=name) for on, name in IN_2028.items())
    reference.load()
    # Friday 31 December, then Tuesday 4 January: Monday is the bank holiday.
    assert case.due_on == date(2028, 1, 4)


def test_however_many_wait_they_get_their_day_in_as_many_statements(
    session: Session, cast: Cast, statements: Statements
) -> None:
    """Two made on one day or twenty: the calendar is read once for that day."""
    ran = []
    for count in (2, 20):
        with clock_at(datetime(2027, 12, 30, 10, tzinfo=UTC)):
            records = [
                makers.innovation(f"No {count}.{n}", of=cast.innovator) for n in range(count)
            ]
        session.add_all(BankHoliday(on=on, name=name) for on, name in IN_2028.items())
        session.flush()
        statements.ran.clear()
        assert reference.fill_due_dates() == count
        ran.append(len(statements.ran))
        cases = [queries.engagement_of(one.id, cast.hin.actor.hin_id) for one in records]
        assert {case.due_on for case in cases if case} == {date(2028, 1, 4)}
        session.query(BankHoliday).filter(BankHoliday.on.in_(IN_2028)).delete()
    assert ran[0] == ran[1]


def test_introductions_and_proposals_wait_for_their_day_too(session: Session, cast: Cast) -> None:
    with clock_at(datetime(2027, 12, 29, 10, tzinfo=UTC)):
        record = makers.innovation(of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
        said = propose(
            innovation=record,
            kind=ProposalKind.JOINT,
            to_hin_id=cast.other_hin.actor.hin_id,
            words="You know the method.",
            by=cast.hin.actor,
        )
        asked = ask(
            innovation=record,
            challenge=None,
            purpose="We would like to try it.",
            timescale=Timescale.MONTH,
            takes_part="Two wards",
            by=cast.ics.actor,
        )
    assert (said.undated_reason, asked.undated_reason) == (WORDS, WORDS)
    add_holidays(days=IN_2028, by=cast.national.actor)
    assert said.due_on == date(2028, 1, 6)
    assert asked.due_on is not None
    assert db.session.query(Introduction).filter(Introduction.undated.is_not(None)).count() == 0


def test_deciding_and_logging_go_on_while_the_pages_say_what_is_missing(
    as_, session: Session, cast: Cast, record: Innovation, engagement: Engagement
) -> None:
    with _this_year_forgotten(session):
        browser = as_(cast.hin)
        base = f"/innovations/{record.id}/support"
        words = f"Bank holidays for {today().year} are not loaded: this deadline cannot be worked"
        assert f"The bank holidays of {today().year} are not known" in (
            browser.get("/support/deadlines").text
        )
        sent = browser.post(f"{base}/pick-up", data={"version": engagement.version})
        assert sent.status_code == 302
        session.expire_all()
        assert engagement.state is EngagementState.ASSESSING
        for page in (base, "/support", "/support?due=unknown", "/support/download.csv"):
            assert words in browser.get(page).text, page
        assert record.name not in browser.get("/support?due=none").text
        assert words in as_(cast.innovator).get(base).text
        told = inbox(session, cast.innovator.user)
        assert [subject for subject in told if "is reading" in subject]


@settings(
    max_examples=examples(60),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    on=st.dates(date(2027, 10, 1), date(2028, 12, 31)),
    kind=st.sampled_from(list(DeadlineKind)),
    loaded=st.booleans(),
)
def test_a_due_date_has_the_day_of_the_calendar_or_says_which_year_is_missing(
    app: Flask, on: date, kind: DeadlineKind, loaded: bool
) -> None:
    with isolation(app), app.app_context():
        if loaded:
            db.session.add_all(BankHoliday(on=on, name=name) for on, name in IN_2028.items())
            db.session.flush()
        known = {2028} if loaded else set()
        found, last = due_date(kind, on), _by_hand(kind, on)
        reach = on + timedelta(weeks=6) if kind is DeadlineKind.UPDATE else last
        missing = [year for year in (2028, 2029) if year <= reach.year and year not in known]
        if not missing:
            assert found == DueDate(last)
            assert due_on(kind, on) == last
        else:
            assert found.year in missing
            assert found == DueDate(None, kind, on, found.year)
            with pytest.raises(HolidaysMissing, match=str(found.year)):
                due_on(kind, on)
        db.session.rollback()


def _by_hand(kind: DeadlineKind, made_on: date) -> date:
    """Walk the calendar of 2027 to 2029; of a year that is missing only that it is reached."""
    days = bank_holidays() | set(IN_2028) | {date(2029, 1, 1)}
    if kind is DeadlineKind.UPDATE:
        last = made_on + timedelta(weeks=6)
        while last.isoweekday() > 5 or last in days:
            last -= timedelta(days=1)
        return last
    stands = {"pick_up": 2, "decide": 10, "reply": 5, "broker": 5, "sheet": 15}
    stands |= {"return": 10, "answer": 20, "assess": 15, "idea": 20}
    left, last = stands[kind.value], made_on
    while left:
        last += timedelta(days=1)
        left -= last.isoweekday() <= 5 and last not in days
    return last
