"""Terms of use: accepted before use, in versions for each kind of people, with the day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Role
from portal.accounts.models.terms import TermsAcceptance, TermsAudience, TermsVersion
from portal.accounts.queries.terms import in_force
from portal.accounts.services.terms import accept, publish, withdraw
from portal.clock import clock_at, now, today
from portal.errors import Conflict, Forbidden, Invalid
from tests import makers
from tests.accounts.test_sent_forms import opened
from tests.cast import Cast, Person
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
ACCEPT = "/terms/accept"


def version(cast: Cast, audience: TermsAudience = TermsAudience.ICS, days: int = 0) -> TermsVersion:
    row = publish(
        audience=audience,
        from_on=today() + timedelta(days=days),
        words=f"Answer by your day ({audience.value}, {days}).",
        changed="A day" if days else "",
        by=cast.administrator.actor,
    )
    makers.put(row)
    return row


def test_they_are_asked_once_and_one_goes_on_where_one_was_going(
    cast: Cast, as_: Browser, session: Session
) -> None:
    version(cast)
    browser = as_(cast.ics)
    page = browser.get("/challenges/new?copy=1")
    assert page.status_code == 302
    assert page.location.startswith(f"{ACCEPT}?next=/challenges/new?copy%3D1")
    shown = browser.get(page.location)
    assert "Answer by your day" in shown.text
    refused = browser.post(page.location, data={})
    assert "Tick that you accept the terms of use" in refused.text
    row = session.scalars(select(TermsVersion)).one()
    done = browser.post(page.location, data={"is_accepted": "y", "terms": row.id})
    assert done.location == "/challenges/new?copy=1"
    assert browser.get("/challenges/new").status_code == 200
    kept = session.scalars(select(TermsAcceptance)).one()
    assert (kept.user_id, kept.version.number) == (cast.ics.user.id, 1)
    assert "You accepted this version on" in browser.get("/terms/ics").text


def test_what_was_typed_is_kept(cast: Cast, as_: Browser) -> None:
    browser = as_(cast.ics)
    key = opened(browser.get("/challenges/new").text)
    version(cast)
    typed = {"title": "Falls in care homes", "opened": key}
    sent = browser.post("/challenges/new", data=typed)
    assert sent.status_code == 302
    assert sent.location.startswith(ACCEPT)
    row = in_force(TermsAudience.ICS, today())
    assert row is not None
    done = browser.post(sent.location, data={"is_accepted": "y", "terms": row.id})
    assert "Falls in care homes" in browser.get(done.location).text


def test_others_strangers_and_what_is_public_are_not_asked(
    cast: Cast, as_: Browser, client: FlaskClient
) -> None:
    version(cast)
    assert as_(cast.innovator).get("/challenges").status_code == 200
    assert client.get("/challenges").status_code == 200
    browser = as_(cast.ics)
    for path in ("/challenges", "/terms", "/terms/ics", "/exchange"):
        assert browser.get(path).status_code == 200
    assert browser.get("/home").status_code == 302
    assert browser.post("/account/sign-out").status_code == 302
    assert client.get("/terms/hins").status_code in {302, 404}


def test_a_next_version_is_asked_from_its_day_on(
    cast: Cast, as_: Browser, session: Session
) -> None:
    first = version(cast)
    accept(version=first, by=cast.ics.actor)
    second = version(cast, days=5)
    session.commit()
    browser = as_(cast.ics)
    assert browser.get("/home").status_code == 200
    with clock_at(now() + timedelta(days=5)):
        asked = as_(cast.ics)
        assert asked.get("/home").location.startswith(ACCEPT)
        page = asked.get(ACCEPT)
        assert "What is new:" in page.text
        late = asked.post(ACCEPT, data={"is_accepted": "y", "terms": first.id})
        assert late.status_code == 409
        assert asked.post(ACCEPT, data={"is_accepted": "y", "terms": second.id}).location == "/home"


def test_each_role_has_its_own(cast: Cast) -> None:
    rows = {one: version(cast, one) for one in TermsAudience}
    with pytest.raises(Conflict):
        accept(version=rows[TermsAudience.HINS], by=cast.ics.actor)
    for person in (cast.innovator, cast.ics, cast.hin, cast.national, cast.administrator):
        mine = {
            Role.INNOVATOR: TermsAudience.INNOVATORS,
            Role.ICS: TermsAudience.ICS,
            Role.HIN: TermsAudience.HINS,
        }.get(person.membership.role, TermsAudience.NATIONAL)
        accept(version=rows[mine], by=person.actor)


def test_who_may_publish_and_on_which_days(cast: Cast) -> None:
    said: dict[str, Any] = {"audience": TermsAudience.ICS, "words": "Other words", "changed": ""}
    for person in (cast.ics, cast.hin, cast.national):
        with pytest.raises(Forbidden):
            publish(from_on=today(), by=person.actor, **said)
    with pytest.raises(Invalid):
        publish(from_on=today() - timedelta(days=1), by=cast.administrator.actor, **said)
    first = version(cast)
    with pytest.raises(Invalid):
        publish(from_on=today(), by=cast.administrator.actor, **said)
    with pytest.raises(Conflict):
        withdraw(version=first, by=cast.administrator.actor)
    withdraw(version=version(cast, days=3), by=cast.administrator.actor)
    assert in_force(TermsAudience.ICS, today() + timedelta(days=9)) is first


def test_an_administrator_publishes_by_the_pages(
    cast: Cast, as_: Browser, session: Session
) -> None:
    day = today() + timedelta(days=10)
    typed = {
        "audience": "hins",
        "from_on-day": day.day,
        "from_on-month": day.month,
        "from_on-year": day.year,
        "words": "## What you do\n\n- Check\n\n<script>no</script>",
    }
    browser = as_(cast.administrator)
    page = browser.post("/terms/versions/publish", data=typed, follow_redirects=True)
    assert "To come" in page.text
    row = session.scalars(select(TermsVersion)).one()
    shown = browser.get(f"/terms/versions/{row.id}").text
    assert "<script>no" not in shown
    browser.post(f"/terms/versions/{row.id}/withdraw", data={})
    assert session.scalars(select(TermsVersion)).all() == []


def test_terms_cost_no_statement_of_their_own(
    cast: Cast, as_: Browser, session: Session, statements: Statements
) -> None:
    browser = as_(cast.ics)
    browser.get("/account")
    statements.ran.clear()
    browser.get("/account")
    before = len(statements.ran)
    accept(version=version(cast), by=cast.ics.actor)
    session.commit()
    with statements.at_most(before):
        assert browser.get("/account").status_code == 200
