"""Somebody saves a search and hears what is new in it: once, and only what they may see."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import MembershipState
from portal.audit.models import AuditEvent
from portal.clock import clock_at, now
from portal.innovations.models import Sharing
from portal.jobs import TASKS
from portal.notifications.models import Email, Notification
from portal.search.indexing import opening
from portal.search.models import Alert, SavedSearch, SavedSearchResult
from portal.search.rules import MAX_RANK_OF_NEWS, MAX_SAVED_SEARCHES
from tests import makers
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.search.conftest import names
from tests.statements import Statements

Apply = Callable[[], None]
As = Callable[[Person], PageClient]
SHARED = Sharing.HINS_AND_ICSS


@pytest.fixture
def keep(cast: Cast, session: Session, as_: As, up_to_date: Apply) -> Callable[..., SavedSearch]:
    """Save a search through the page; returns its row."""
    makers.innovation("Old Pump", of=cast.innovator, sharing=SHARED, summary="Helps the heart.")
    up_to_date()

    def save(
        person: Person | None = None,
        *,
        name: str = "Hearts",
        alert: str = "daily",
        q: str = "heart",
    ) -> SavedSearch:
        browser = as_(person or cast.ics)
        form = {"name": name, "alert": alert}
        assert browser.post(f"/search/save?q={q}", data=form).status_code == 302
        session.expire_all()
        return session.scalars(select(SavedSearch).where(SavedSearch.name == name)).one()

    return save


def add(cast: Cast, name: str, apply: Apply, **values: object) -> int:
    """Put a new record about hearts on the pipeline, and index it."""
    values = {"sharing": SHARED, "summary": "Mends a heart.", **values}
    row = makers.innovation(name, of=cast.innovator, **values)
    apply()
    return row.id


def run_alerts(session: Session, *, days: float = 0) -> list[str]:
    """Run the job, so many days from now; returns what emails it queued."""
    session.commit()
    before = set(session.scalars(select(Email.id)))
    with clock_at(now() + timedelta(days=days)):
        TASKS["search.alerts"](lambda *_args, **_kw: None)
    session.expire_all()
    every = session.scalars(select(Email).order_by(Email.id))
    fresh = [mail for mail in every if mail.id not in before]
    return [f"{mail.subject}\n{mail.body}" for mail in fresh]


def test_a_saved_search_stands_on_the_list_and_can_be_changed_and_deleted(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, as_: As
) -> None:
    saved = keep(alert="never")
    browser = as_(cast.ics)
    page = browser.get("/search/saved").get_data(as_text=True)
    assert "Hearts" in page
    assert "Results for “heart”" in page
    changed = {"name": "The heart", "alert": "weekly"}
    assert browser.post(f"/search/saved/{saved.id}/change", data=changed).status_code == 302
    session.expire_all()
    assert (saved.name, saved.alert) == ("The heart", Alert.WEEKLY)
    assert browser.post(f"/search/saved/{saved.id}/delete").status_code == 302
    assert session.scalars(select(SavedSearch)).all() == []
    assert session.scalars(select(SavedSearchResult)).all() == []
    told = (
        select(AuditEvent.action).where(AuditEvent.noun == "saved_search").order_by(AuditEvent.id)
    )
    verbs = ["saved_search.saved", "saved_search.changed", "saved_search.deleted"]
    assert list(session.scalars(told)) == verbs


def test_a_search_needs_a_name_of_its_own(
    keep: Callable[..., SavedSearch], as_: As, cast: Cast
) -> None:
    keep()
    browser = as_(cast.ics)
    blank = browser.post("/search/save?q=heart", data={"name": " ", "alert": "never"})
    assert "Enter a name for this search" in blank.get_data(as_text=True)
    again = browser.post("/search/save?q=lung", data={"name": "HEARTS", "alert": "never"})
    page = again.get_data(as_text=True)
    assert "Enter a name that no other of your saved searches has" in page
    assert 'value="HEARTS"' in page


def test_nobody_saves_without_end(
    keep: Callable[..., SavedSearch], as_: As, cast: Cast, session: Session
) -> None:
    for number in range(MAX_SAVED_SEARCHES):
        makers.put(SavedSearch(user_id=cast.ics.user.id, name=f"Search {number}", asked=""))
    response = as_(cast.ics).post("/search/save?q=x", data={"name": "More", "alert": "never"})
    assert f"You have {MAX_SAVED_SEARCHES} saved searches" in response.get_data(as_text=True)


def test_what_is_new_is_told_once_and_by_one_email(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    saved = keep()
    assert run_alerts(session, days=1) == []
    new = add(cast, "New Pump", up_to_date)
    (mail,) = run_alerts(session, days=2)
    assert mail.startswith("1 new result in your search “Hearts”\n")
    assert "- New Pump, by Brightwell Health" in mail
    assert "Old Pump" not in mail
    assert f"/search/saved/{saved.id}" in mail
    assert re.search(r"/search/saved$", mail, re.M), "the page where alerts are stopped"
    (inbox,) = session.scalars(
        select(Notification).where(Notification.user_id == cast.ics.user.id)
    ).all()
    assert inbox.subject == "1 new result in your search “Hearts”"
    assert run_alerts(session, days=3) == []
    assert session.get(SavedSearchResult, (saved.id, new)) is not None


def test_each_saved_search_with_news_has_its_own_email(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep()
    keep(name="Mending", q="mends")
    keep(name="Kidneys", q="kidney")
    add(cast, "New Pump", up_to_date)
    subjects = [mail.partition("\n")[0] for mail in run_alerts(session, days=1)]
    assert subjects == [f"1 new result in your search “{name}”" for name in ("Hearts", "Mending")]


def test_a_weekly_alert_waits_for_its_week(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep(alert="weekly")
    add(cast, "New Pump", up_to_date)
    assert run_alerts(session, days=6) == []
    assert len(run_alerts(session, days=7)) == 1


def test_who_wants_no_alert_gets_none(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep(alert="never")
    add(cast, "New Pump", up_to_date)
    assert run_alerts(session, days=30) == []


def test_an_alert_names_only_what_its_owner_may_see_when_it_is_sent(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep()
    keep(cast.hin, name="Of the HIN")
    add(cast, "Secret Pump", up_to_date, sharing=Sharing.HINS)
    add(cast, "Shared Pump", up_to_date)
    for_ics, for_hin = run_alerts(session, days=1)
    assert ("Shared Pump" in for_ics, "Secret Pump" in for_ics) == (True, False)
    assert ("Shared Pump" in for_hin, "Secret Pump" in for_hin) == (True, True)


def test_a_record_that_was_hidden_since_is_not_named(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep(alert="weekly")
    row = makers.innovation("New Pump", of=cast.innovator, sharing=SHARED, summary="A heart.")
    up_to_date()
    assert run_alerts(session, days=1) == [], "noted, but the week is not over"
    row.sharing = Sharing.HINS
    assert run_alerts(session, days=8) == []


def test_who_left_the_organisation_hears_only_what_is_public(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep()
    add(cast, "Shared Pump", up_to_date)
    add(cast, "Public Pump", up_to_date, sharing=Sharing.PUBLIC)
    cast.ics.membership.state = MembershipState.ENDED
    (mail,) = run_alerts(session, days=1)
    assert ("Public Pump" in mail, "Shared Pump" in mail) == (True, False)


def test_a_closed_account_is_not_written_to(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    keep()
    add(cast, "New Pump", up_to_date)
    cast.ics.user.active = False
    assert run_alerts(session, days=1) == []


def test_what_was_seen_in_the_portal_needs_no_email(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply, as_: As
) -> None:
    saved = keep()
    add(cast, "New Pump", up_to_date)
    as_(cast.ics).get(f"/search/saved/{saved.id}")
    assert run_alerts(session, days=1) == []


def test_an_index_that_cannot_be_asked_makes_no_news(
    keep: Callable[..., SavedSearch],
    cast: Cast,
    session: Session,
    up_to_date: Apply,
    broken: Callable[[str], None],
) -> None:
    saved = keep()
    told = saved.told_at
    add(cast, "New Pump", up_to_date)
    broken("garbage")
    assert run_alerts(session, days=1) == []
    assert saved.told_at == told
    opening.let_go()


def test_opening_it_marks_what_came_since_the_last_time(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply, as_: As
) -> None:
    saved = keep(alert="never")
    add(cast, "New Pump", up_to_date)
    run_alerts(session)
    browser = as_(cast.ics)
    assert "1 new result</strong>" in browser.get("/search/saved").get_data(as_text=True)
    page = browser.get(f"/search/saved/{saved.id}", follow_redirects=True)
    html = page.get_data(as_text=True)
    assert "1 new result in “Hearts” since" in html
    assert set(names(html)) == {"New Pump", "Old Pump"}
    cards = html.split('<li class="app-result">')[1:]
    assert [">New<" in card for card in cards] == ["New Pump</a>" in card for card in cards]
    again = browser.get(f"/search/saved/{saved.id}", follow_redirects=True)
    assert "new result" not in again.get_data(as_text=True)


def test_the_news_of_somebody_else_is_nobodys(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply, as_: As
) -> None:
    saved = keep()
    add(cast, "New Pump", up_to_date)
    run_alerts(session, days=1)
    asked = {"q": "heart", "saved": saved.id, "since": "2020-01-01T00:00:00+00:00"}
    page = as_(cast.other_ics).get("/search", query_string=asked).get_data(as_text=True)
    assert "Hearts" not in page
    odd = {"q": "heart", "saved": "x", "since": "yesterday"}
    assert as_(cast.ics).get("/search", query_string=odd).status_code == 200


def test_a_record_far_down_the_list_is_no_news(
    keep: Callable[..., SavedSearch], cast: Cast, session: Session, up_to_date: Apply
) -> None:
    for number in range(MAX_RANK_OF_NEWS):
        makers.innovation(
            f"Heart {number}", of=cast.innovator, sharing=SHARED, summary="Heart, heart."
        )
    up_to_date()
    saved = keep()
    long = "Many other words about many other things in which little is said. " * 20
    far = add(cast, "Far", up_to_date, summary="Something else.", description=f"{long} heart")
    assert run_alerts(session, days=1) == []
    assert session.get_one(SavedSearchResult, (saved.id, far)).news_at is None


def test_the_list_and_the_marked_results_run_few_statements(
    keep: Callable[..., SavedSearch],
    cast: Cast,
    as_: As,
    statements: Statements,
    up_to_date: Apply,
    session: Session,
) -> None:
    saved = keep()
    keep(name="Others", q="mends")
    add(cast, "New Pump", up_to_date)
    run_alerts(session, days=1)
    browser = as_(cast.ics)
    with statements.at_most(6):
        assert b"Hearts" in browser.get("/search/saved").data
    asked = {"q": "heart", "saved": saved.id, "since": "2020-01-01T00:00:00+00:00"}
    with statements.at_most(10):
        assert "in “Hearts” since" in browser.get("/search", query_string=asked).text
