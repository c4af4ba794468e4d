"""Views that people keep: who finds them, whose figures they show, and the weekly email."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import MembershipState
from portal.audit.models import AuditEvent
from portal.clock import clock_at, now
from portal.db import db
from portal.innovations.models import Sharing
from portal.jobs import enqueue, run_waiting
from portal.notifications.models import Email
from portal.saved import services
from portal.saved.models import SavedView, Shared, ViewEmail
from tests import makers
from tests.cast import Cast, Person
from tests.outbox import sent_mail
from tests.pages import PageClient
from tests.statements import Statements

Browser = Callable[[Person], PageClient]
ASKED = "row=stage&column=proven"


def save(by: Person, name: str = "Proven by stage", shared: Shared = Shared.ME) -> SavedView:
    """A view that somebody saved."""
    return services.save(name=name, asked=ASKED, shared=shared, by=by.actor)


def test_a_view_is_saved_from_the_cross_tab_and_opens_with_its_filters(
    session: Session, cast: Cast, as_: Browser
) -> None:
    makers.proven(makers.innovation("One", of=cast.innovator))
    makers.innovation("Two", of=cast.innovator)
    browser = as_(cast.hin)
    page = browser.get(f"/pipeline/crosstab?{ASKED}&proven=yes").text
    link = re.search(r'href="(/pipeline/saved/new[^"]*)"', page)
    assert link is not None
    done = browser.post(
        unescape(link[1]), data={"name": "Proven", "shared": "organisation"}, follow_redirects=True
    )
    assert "1 innovation that you may see with proven: Proven" in done.text
    saved = db.session.scalars(select(SavedView)).one()
    assert saved.organisation_id == cast.hin.organisation.id
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.noun == "saved_view")).all()
    assert [event.action for event in events] == ["saved_view.saved"]


@pytest.mark.parametrize(
    ("shared", "finders"),
    [
        (Shared.ME, {"innovator"}),
        (Shared.ORGANISATION, {"innovator", "colleague"}),
        (Shared.NATION, set(Cast.KINDS)),
    ],
)
def test_a_view_is_found_by_those_it_is_shared_with(
    session: Session, cast: Cast, as_: Browser, shared: Shared, finders: set[str]
) -> None:
    view = save(cast.innovator, shared=shared)
    for kind in Cast.KINDS:
        browser = as_(getattr(cast, kind))
        assert (view.name in browser.get("/pipeline/saved").text) == (kind in finders), kind
        status = browser.get(f"/pipeline/saved/{view.id}").status_code
        assert status == (200 if kind in finders else 404), kind


def test_each_reader_gets_their_own_figures(session: Session, cast: Cast, as_: Browser) -> None:
    makers.innovation("For HINs", of=cast.innovator)
    makers.innovation("For all", of=cast.innovator, sharing=Sharing.PUBLIC)
    view = save(cast.national, shared=Shared.NATION)
    for person, count in ((cast.national, "2 innovations"), (cast.ics, "1 innovation that")):
        assert f": {count}" in as_(person).get(f"/pipeline/saved/{view.id}").text


def test_only_its_owner_changes_or_deletes_a_view(
    session: Session, cast: Cast, as_: Browser
) -> None:
    view = save(cast.hin, shared=Shared.NATION)
    path = f"/pipeline/saved/{view.id}"
    assert as_(cast.national).post(f"{path}/delete").status_code == 403
    assert as_(cast.national).get(f"{path}/change").status_code == 403
    browser = as_(cast.hin)
    form = {"name": "Another name", "shared": "me", "version": view.version}
    assert "Another name" in browser.post(f"{path}/change", data=form, follow_redirects=True).text
    stale = browser.post(f"{path}/change", data=form)
    assert stale.status_code == 409
    assert as_(cast.national).get(path).status_code == 404
    browser.post(f"{path}/delete")
    assert browser.get(path).status_code == 404


def test_a_name_is_asked_for_and_used_once(session: Session, cast: Cast, as_: Browser) -> None:
    save(cast.hin, name="Taken")
    browser, path = as_(cast.hin), f"/pipeline/saved/new?{ASKED}"
    assert "Enter a name for this view" in browser.post(path, data={"shared": "me"}).text
    again = browser.post(path, data={"name": "Taken", "shared": "nation"}).text
    assert "Enter a name that no other of your saved views has" in again
    assert 'value="Taken"' in again


def emails(app: Flask, person: Person) -> list[str]:
    """The bodies of the figures that a person was sent, oldest first."""
    found = db.session.scalars(
        select(Email)
        .where(Email.address == person.user.email, Email.subject.startswith("This week"))
        .order_by(Email.id)
    )
    rows = [(email.sent_at is not None, email.body) for email in found]
    # What was sent keeps no words; the mail has them. The application is shared between tests.
    posted = [
        mail.body
        for mail in sent_mail(app)
        if person.user.email in mail.to and mail.subject.startswith("This week")
    ]
    count = sum(is_sent for is_sent, _ in rows)
    return posted[len(posted) - count :] + [body for is_sent, body in rows if not is_sent]


def run() -> None:
    """Let the job of a morning run."""
    enqueue("pipeline.saved_views")
    db.session.commit()
    run_waiting()


def test_the_figures_come_every_week_with_what_changed(
    app: Flask, session: Session, cast: Cast, as_: Browser
) -> None:
    makers.innovation("One", of=cast.innovator)
    view = save(cast.hin)
    as_(cast.hin).post(f"/pipeline/saved/{view.id}/weekly", data={"wanted": "yes"})
    run()
    run()
    assert len(emails(app, cast.hin)) == 1
    assert "Total: 1\n" in emails(app, cast.hin)[0]
    makers.innovation("Two", of=cast.innovator)
    session.commit()
    with clock_at(now() + timedelta(days=3)):
        run()
    assert len(emails(app, cast.hin)) == 1
    with clock_at(now() + timedelta(days=7)):
        run()
    assert "Total: 2 (+1)" in emails(app, cast.hin)[1]
    assert "Proven, Not proven: 2 (+1)" in emails(app, cast.hin)[1]


def test_an_email_tells_only_what_its_reader_may_know_and_ends_with_their_membership(
    app: Flask, session: Session, cast: Cast
) -> None:
    makers.innovation("For HINs", of=cast.innovator)
    makers.innovation("For all", of=cast.innovator, sharing=Sharing.PUBLIC)
    view = save(cast.national, shared=Shared.NATION)
    for person in (cast.ics, cast.other_ics):
        services.send_weekly(view=view, wanted=True, by=person.actor)
    cast.other_ics.membership.state = MembershipState.ENDED
    session.commit()
    run()
    assert "Total: 1" in emails(app, cast.ics)[0]
    assert emails(app, cast.other_ics) == []
    assert db.session.get(ViewEmail, (view.id, cast.other_ics.user.id)) is None


def test_an_email_ends_when_the_view_is_no_longer_shared(
    app: Flask, session: Session, cast: Cast, as_: Browser
) -> None:
    view = save(cast.national, shared=Shared.NATION)
    services.send_weekly(view=view, wanted=True, by=cast.ics.actor)
    services.change(
        view=view, name=view.name, shared=Shared.ME, version=view.version, by=cast.national.actor
    )
    session.commit()
    run()
    assert emails(app, cast.ics) == []
    own = as_(cast.national)
    own.post(f"/pipeline/saved/{view.id}/weekly", data={"wanted": "yes"})
    own.post(f"/pipeline/saved/{view.id}/weekly", data={"wanted": "no"})
    run()
    assert emails(app, cast.national) == []


@pytest.mark.parametrize(
    ("page", "asked", "title", "figure"),
    [
        ("pipeline", "on=2026-06-30&by=category", "as at 30 June 2026", "In the nation"),
        ("flow", "since=2026-03-31&on=2026-06-30", "to the end of 30 June 2026", "Stepped back"),
        ("network", "", "Who works with whom, as at", "Innovators with more than one network"),
    ],
)
def test_every_view_can_be_saved_opened_and_sent(
    app: Flask,
    session: Session,
    cast: Cast,
    as_: Browser,
    page: str,
    asked: str,
    title: str,
    figure: str,
) -> None:
    makers.innovation("One", of=cast.innovator)
    browser = as_(cast.hin)
    path = "/pipeline" if page == "pipeline" else f"/pipeline/{page}"
    shown = browser.get(f"{path}?{asked}")
    link = re.search(r'href="(/pipeline/saved/new[^"]*)"', shown.text)
    assert link is not None
    form = {"name": "Kept", "shared": "organisation"}
    kept = browser.post(unescape(link[1]), data=form, follow_redirects=True).text
    assert title in kept
    assert figure in kept
    view = db.session.scalars(select(SavedView)).one()
    assert (view.page.value, view.asked) == (page, asked)
    opened = re.search(r'<a href="([^"]+)">Open it in the view', kept)
    assert opened is not None
    assert browser.get(unescape(opened[1])).status_code == 200
    file = re.search(r'<a href="([^"]+)">download it as CSV', kept)
    assert file is not None
    assert browser.get(unescape(file[1])).mimetype == "text/csv"
    services.send_weekly(view=view, wanted=True, by=cast.hin.actor)
    session.commit()
    run()
    assert figure in emails(app, cast.hin)[0]


def test_a_view_of_a_day_that_is_none_is_not_saved(cast: Cast, as_: Browser) -> None:
    form = {"name": "Kept", "shared": "me"}
    answer = as_(cast.hin).post("/pipeline/saved/new?page=flow&on=soon", data=form)
    assert answer.status_code == 400
    assert db.session.scalars(select(SavedView)).all() == []


def test_the_pages_take_at_most_eight_statements(
    session: Session, cast: Cast, as_: Browser, statements: Statements
) -> None:
    for number in range(12):
        view = save(cast.hin, name=f"View {number}", shared=Shared.NATION)
    browser = as_(cast.national)
    for path in ("/pipeline/saved", f"/pipeline/saved/{view.id}"):
        with statements.at_most(8):
            assert browser.get(path).status_code == 200
