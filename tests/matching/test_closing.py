"""Closing a challenge with a record: what is tried out stands on both."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.challenges.models import Challenge, Outcome, Readers
from portal.challenges.services import reopen
from portal.errors import Invalid
from portal.innovations.models import Innovation, Section, Sharing
from portal.innovations.rules.on_day import is_in_use_on, is_on_trial_on
from portal.matching.models import ChallengeOutcome, Readership
from portal.matching.queries.closing import to_name
from portal.matching.services.closing import close
from tests import makers
from tests.cast import Cast
from tests.home.test_home_pages import suggestion
from tests.innovations.test_submitting import draft, submit, submitted, version_of_all

START = date(2025, 3, 1)
ON = {"from_on-day": "1", "from_on-month": "3", "from_on-year": "2025"}


@pytest.fixture
def challenge(session: Session, cast: Cast) -> Challenge:
    """An open challenge of the ICS."""
    return makers.challenge(of=cast.ics)


@pytest.fixture
def record(session: Session, cast: Cast) -> Innovation:
    """A record that ICSs see."""
    return makers.innovation("SteadyStep", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)


def closed(challenge: Challenge, cast: Cast, **told: Any) -> None:
    close(
        **{
            "challenge": challenge,
            "outcome": Outcome.TRIAL,
            "note": "",
            "version": None,
            "by": cast.ics.actor,
            "organisation": cast.ics.organisation,
            "from_on": START,
            **told,
        }
    )


def test_a_trial_shows_on_the_challenge_and_on_the_record(
    challenge: Challenge, record: Innovation, cast: Cast, as_: Any, session: Session
) -> None:
    suggestion(challenge, record, Readership.PROMISING_ICS)
    browser, base = as_(cast.ics), f"/challenges/{challenge.id}"
    page = browser.get(f"{base}/close").text
    assert f'<option value="{record.id}">SteadyStep</option>' in page
    own = {"organisation": cast.ics.organisation.id, "site": "Ward 3"}
    data = {"version": challenge.version, "outcome": "trial", "innovation": record.id, **own}
    assert "Enter the day on which it started" in browser.post(f"{base}/close", data=data).text
    assert record.uses == []
    assert browser.post(f"{base}/close", data=data | ON).status_code == 302
    session.expire_all()
    shown = browser.get(base).text
    assert f'<a href="/innovations/{record.id}">SteadyStep</a> at' in shown
    assert "since 1 March 2025" in " ".join(shown.split())
    use = record.uses[0]
    assert is_on_trial_on(use, START)
    assert not is_in_use_on(use, START)
    on_record = browser.get(f"/innovations/{record.id}/use").text
    assert f'<a href="{base}">{challenge.title}</a>' in on_record
    assert "Trial goes on" in on_record
    hers = as_(cast.innovator)
    assert challenge.title not in hers.get(f"/innovations/{record.id}/use").text
    assert "Trial goes on" in hers.get(f"/innovations/{record.id}/use").text


def test_the_people_of_the_record_are_told(
    challenge: Challenge, record: Innovation, cast: Cast, as_: Any
) -> None:
    closed(challenge, cast, innovation=record)
    told = as_(cast.innovator).get("/account/notifications").text
    assert f"{cast.ics.organisation.name} is trying out SteadyStep" in told


def test_what_is_not_in_the_list_stands_by_its_name(
    challenge: Challenge, cast: Cast, as_: Any, session: Session
) -> None:
    closed(challenge, cast, name="A walking frame from the town", organisation=None, from_on=None)
    assert "A walking frame from the town" in as_(cast.ics).get(f"/challenges/{challenge.id}").text
    assert session.get(ChallengeOutcome, challenge.id) is None


def test_a_trial_that_was_there_becomes_use_and_is_not_put_twice(
    challenge: Challenge, record: Innovation, cast: Cast, session: Session
) -> None:
    closed(challenge, cast, innovation=record)
    again = makers.challenge("Falls at home", of=cast.ics)
    closed(again, cast, innovation=record, outcome=Outcome.ADOPTED)
    assert len(record.uses) == 1
    assert is_in_use_on(record.uses[0], START)


def test_closing_again_with_another_takes_its_place(
    challenge: Challenge, record: Innovation, cast: Cast, session: Session, as_: Any
) -> None:
    closed(challenge, cast, innovation=record)
    reopen(challenge=challenge, version=None, by=cast.ics.actor)
    assert "SteadyStep" not in as_(cast.ics).get(f"/challenges/{challenge.id}").text
    closed(challenge, cast, outcome=Outcome.NO_LONGER_NEEDED, innovation=record)
    assert session.get(ChallengeOutcome, challenge.id) is None
    assert len(record.uses) == 1


def test_what_others_may_not_see_is_not_named_to_them(
    challenge: Challenge, record: Innovation, cast: Cast, as_: Any, client: Any
) -> None:
    challenge.readers = Readers.PUBLIC
    closed(challenge, cast, innovation=record)
    shown = client.get(f"/challenges/{challenge.id}").text
    assert "SteadyStep" not in shown
    assert "one that is not shared with you" in shown


def test_a_record_that_is_hidden_from_the_ics_is_neither_offered_nor_found_by_name(
    challenge: Challenge, record: Innovation, cast: Cast, session: Session
) -> None:
    suggestion(challenge, record, Readership.STAFF)
    record.sharing = Sharing.HINS
    assert list(to_name(cast.ics.actor, challenge)) == []
    closed(challenge, cast, name="SteadyStep")
    assert record.uses == []


def test_a_day_to_come_and_no_place_are_refused(
    challenge: Challenge, record: Innovation, cast: Cast
) -> None:
    for told in ({"organisation": None}, {"from_on": None}, {"from_on": date(2090, 1, 1)}):
        with pytest.raises(Invalid):
            closed(challenge, cast, innovation=record, **told)
    assert record.uses == []


def test_a_line_that_the_innovator_takes_out_leaves_the_challenge_readable(
    challenge: Challenge, cast: Cast, as_: Any, session: Session
) -> None:
    record = submitted(cast.innovator)
    record.sharing = Sharing.HINS_AND_ICSS
    closed(challenge, cast, innovation=record)
    draft(record, Section.USE, cast.innovator, items=[])
    submit(innovation=record, version=version_of_all(record), by=cast.innovator.actor)
    session.expire_all()
    shown = as_(cast.ics).get(f"/challenges/{challenge.id}").text
    assert record.name in shown
    assert "since 1 March 2025" not in shown
