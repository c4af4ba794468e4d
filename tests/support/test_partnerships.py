"""Strategic partnerships: what was agreed at level 4, and what came of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import Audience, AuditEvent
from portal.clock import today
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.queries import live_values
from portal.notifications.models import Email, Notification
from portal.reference.rules import Quarter
from portal.support.models import Engagement, Partnership
from portal.support.services import engagements, partnerships
from portal.web.format import nhs_date
from tests.cast import Cast
from tests.statements import Statements
from tests.support.conftest import inbox

AIMS = "Ten sites in two years."


@pytest.fixture
def level_4(engaging: Engagement, cast: Cast) -> Engagement:
    """West Midlands and Brightwell work together for years."""
    return engagements.change_level(
        engagement=engaging, version=engaging.version, level=4, why="Years.", by=cast.hin.actor
    )


def _agree(engagement: Engagement, cast: Cast, version: int = 0, **values: Any) -> Partnership:
    told = {"aims": AIMS, "agreed_on": today(), "by": cast.hin.actor, **values}
    return partnerships.agree(engagement=engagement, version=version, **told)


def test_it_is_recorded_at_level_4_alone(engaging: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="level 4"):
        _agree(engaging, cast)


def test_it_is_told_audited_and_counted(level_4: Engagement, cast: Cast, session: Session) -> None:
    _agree(level_4, cast)
    assert "A strategic partnership is agreed: Breathe Easy" in inbox(session, cast.innovator.user)
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "partnership.agreed")
    ).one()
    assert event.audience is Audience.HIN
    assert AIMS not in event.summary
    found = live_values(Quarter.of(today()), today())
    assert [f.value for f in found if f.code == "partnerships" and f.hin_id] == [1]


def test_two_people_and_days_that_run_backwards(level_4: Engagement, cast: Cast) -> None:
    row = _agree(level_4, cast, partners="A university")
    with pytest.raises(Conflict):
        _agree(level_4, cast, version=row.version + 1)
    with pytest.raises(Invalid, match="on or after"):
        _agree(level_4, cast, version=row.version, ends_on=today() - timedelta(days=1))
    with pytest.raises(Forbidden):
        _agree(level_4, cast, version=row.version, by=cast.other_hin.actor)


def test_reviews_say_what_came_of_it(level_4: Engagement, cast: Cast) -> None:
    row = _agree(level_4, cast)
    told = {"partnership": row, "on": today(), "by": cast.hin.actor}
    with pytest.raises(Invalid, match="what came of it"):
        partnerships.review(outcomes="", **told)
    with pytest.raises(Invalid, match="after this one"):
        partnerships.review(outcomes="Three sites.", next_on=today(), **told)
    later = today() + timedelta(days=90)
    partnerships.review(outcomes="Three sites.", next_on=later, **told)
    assert row.review_on == later
    assert [review.outcomes for review in row.reviews] == ["Three sites."]


def test_on_the_pages_each_network_lists_its_own(
    as_, level_4: Engagement, cast: Cast, statements: Statements
) -> None:
    browser, tab = as_(cast.hin), f"/innovations/{level_4.innovation_id}/support"
    assert "strategic partnership" in browser.get(tab).text
    day = {f"agreed_on-{part}": getattr(today(), part) for part in ("day", "month", "year")}
    told = {"version": "0", "partners": "A university\nA charity", **day}
    assert "Enter the aims" in browser.post(f"{tab}/partnership", data=told).text
    page = browser.post(f"{tab}/partnership", data={**told, "aims": AIMS}, follow_redirects=True)
    assert "The partnership is recorded" in page.text
    day = {f"on-{part}": getattr(today(), part) for part in ("day", "month", "year")}
    said = {"outcomes": "Three sites.", **day}
    assert browser.post(f"{tab}/partnership/review", data=said).status_code == 302
    with statements.at_most(8):
        page = browser.get("/support/partnerships")
    for words in (AIMS, "A university, A charity", "Three sites."):
        assert words in page.text
        assert words in as_(cast.national).get("/support/partnerships").text
        assert words not in as_(cast.other_hin).get("/support/partnerships").text


@pytest.fixture
def reviewed(level_4: Engagement, cast: Cast, session: Session) -> Partnership:
    """One review is shared with the innovator, another is not."""
    row = _agree(level_4, cast, partners="A university", review_on=today())
    told = {"partnership": row, "on": today(), "by": cast.hin.actor}
    partnerships.review(outcomes="Their board wavers.", **told)
    later = today() + timedelta(days=90)
    partnerships.review(outcomes="Three sites.", is_shared=True, next_on=later, **told)
    session.commit()
    return row


def test_the_list_says_the_newest_outcome_and_how_many_stand_behind_the_agreement(
    as_, reviewed: Partnership, cast: Cast
) -> None:
    page = as_(cast.hin).get("/support/partnerships").text
    newest, *earlier = reviewed.reviews
    assert newest.outcomes in page
    assert [one.outcomes for one in earlier if one.outcomes in page] == []
    assert "1 earlier review<" in page


@pytest.mark.parametrize("person", ["innovator", "colleague"])
def test_the_innovators_side_reads_what_was_agreed_and_what_is_shared(
    as_, reviewed: Partnership, cast: Cast, person: str
) -> None:
    browser, tab = as_(getattr(cast, person)), f"/innovations/{_record(reviewed)}/support"
    page = f"{tab}/partnerships/{reviewed.id}"
    assert page in browser.get(tab).text
    text = browser.get(page).text
    for words in (AIMS, "A university", nhs_date(reviewed.agreed_on), "Three sites."):
        assert words in text
    assert nhs_date(reviewed.review_on) in text
    assert "wavers" not in text
    assert "Record a review" not in text


def test_its_staff_and_the_nation_read_every_review_and_nobody_else_any(
    as_, reviewed: Partnership, cast: Cast
) -> None:
    tab = f"/innovations/{_record(reviewed)}/support"
    page = f"{tab}/partnerships/{reviewed.id}"
    for person in (cast.hin, cast.national):
        text = as_(person).get(page).text
        assert "Their board wavers." in text
        assert "Not shared with the innovator" in text
    assert as_(cast.other_hin).get(page).status_code == 403
    assert page not in as_(cast.other_hin).get(tab).text
    for person in (cast.other_innovator, cast.ics, cast.administrator):
        assert as_(person).get(page).status_code == 404


def test_only_what_is_shared_is_told(session: Session, reviewed: Partnership, cast: Cast) -> None:
    subject = "What came of your strategic partnership: Breathe Easy"
    assert inbox(session, cast.innovator.user).count(subject) == 1
    rows = select(Notification.url).where(Notification.subject == subject)
    page = f"/innovations/{_record(reviewed)}/support/partnerships/{reviewed.id}"
    assert set(session.scalars(rows)) == {page}
    assert not [body for body in session.scalars(select(Email.body)) if "wavers" in body]


def _record(partnership: Partnership) -> int:
    return partnership.engagement.innovation_id
