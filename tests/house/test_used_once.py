"""Whatever is used once has a test of many at the same moment, on PostgreSQL."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from portal.accounts.models import Membership, MembershipState, User
from portal.accounts.services import accept, change_address
from portal.accounts.services.memberships import ask_to_join
from portal.admin.services import retry_job
from portal.adoption.models import Sheet
from portal.adoption.services import lists, sheets
from portal.clock import PartialDate, Precision, today
from portal.db import db
from portal.errors import Conflict, PortalError
from portal.exchange.services.following import tell_of
from portal.impact.models import EventKind, ImpactEvent
from portal.impact.services import events
from portal.improvement.models import ImprovementMeasure, MarkKind, MeasureMark
from portal.improvement.services import measures
from portal.innovations.models import (
    CollaboratorInvitation,
    Sharing,
    SharingRequest,
    Transfer,
)
from portal.innovations.services import following, people, requests
from portal.jobs import Job, JobState
from portal.notifications.models import Email, Notification, Rhythm
from portal.notifications.services import post_waiting
from portal.notifications.tasks import _claim
from portal.pages import services as pages
from portal.pages.models import Audience, Place
from portal.programmes.models import Assessor
from portal.programmes.services import proposals
from portal.reference.rules import Quarter
from portal.reports.models import ReportComment, ReportSection
from portal.reports.services import writing
from tests import makers
from tests.accounts.test_used_once import at_once, house
from tests.adoption.conftest import BEGUN, place
from tests.cast import Cast
from tests.exchange import makers as exchange
from tests.house.test_structure import PORTAL
from tests.improvement import plotting
from tests.programmes import makers as programmes
from tests.reports import makers as reports

__all__ = ["house"]
BROWSERS = 4
ACCOUNTS = "tests/accounts/test_used_once.py"

TESTED = {
    "accounts/services/addresses.py: change_address": "here",
    "accounts/services/approvals.py: _decide": ACCOUNTS,
    "accounts/services/invitations.py: _use_up": ACCOUNTS,
    "accounts/services/memberships.py: _decide": "here",
    "accounts/services/passkeys.py: _use_up": ACCOUNTS,
    "accounts/services/passwords.py: _set": ACCOUNTS,
    "accounts/services/people.py: confirm": ACCOUNTS,
    "accounts/services/factor_secrets.py: renew": ACCOUNTS,
    "accounts/services/factor_secrets.py: set_last_counter": ACCOUNTS,
    "accounts/services/two_factor.py: is_recovery_code_right": ACCOUNTS,
    "admin/services/__init__.py: retry_job": "here",
    "adoption/services/sheets.py: remind": "here",
    "exchange/services/following.py: tell_of": "here",
    "impact/services/answering.py: begin_with": "tests/impact/test_two_at_once.py",
    "impact/services/events.py: withdraw": "here",
    "improvement/services/measures.py: withdraw": "here",
    "improvement/services/surveys.py: _mark": "tests/improvement/test_surveys.py",
    "innovations/services/following.py: tell_reminder": "here",
    "innovations/services/people.py: _end_once": "here",
    "innovations/services/requests.py: remind": "here",
    "notifications/services.py: _take": "here",
    "notifications/tasks.py: _claim": "here",
    "pages/services.py: tell_due": "here",
    "programmes/services/proposals.py: remind": "here",
    "reports/services/writing.py: close_comment": "here",
}
"""Who uses something up, and which file lets many try it at once."""


def users() -> set[str]:
    """The functions that call `use_once`, each by its module."""
    found = set()
    for path in PORTAL.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "use_once(" not in text or path.name == "db.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and "use_once(" in ast.unparse(node):
                found.add(f"{path.relative_to(PORTAL)}: {node.name}")
    return found


def test_whoever_uses_something_up_is_tried_by_many_at_once() -> None:
    assert users() == set(TESTED)
    root = Path(__file__).parents[2]
    for where in set(TESTED.values()) - {"here"}:
        assert "at_once(house" in (root / where).read_text(encoding="utf-8"), where


def test_of_many_at_once_one_is_first(house: Flask) -> None:
    """One database for all: to make one takes longer than what is tried in it."""
    for name, tries in _all(house).items():
        got = at_once(house, *tries)
        done = [
            one for one in got if one is not False and one != 0 and not isinstance(one, PortalError)
        ]
        assert len(done) == 1, (name, got)
        refused = {type(one) for one in got if isinstance(one, PortalError)}
        assert refused <= {Conflict}, (name, got)
    with house.app_context():
        for kind in (CollaboratorInvitation, Transfer):
            both = kind.answered_at.is_not(None) & kind.withdrawn_at.is_not(None)
            assert db.session.scalar(select(func.count(kind.id)).where(both)) == 0


Try = Callable[[], object]


def _all(house: Flask) -> dict[str, list[Try]]:
    """What is tried, by what it is; everything is made and committed first."""
    with house.app_context(), house.test_request_context():
        cast = Cast()
        found = dict(_of_accounts(cast))
        for more in (_of_records, _of_networks, _of_emails, _of_reports):
            found |= dict(more(cast))
        db.session.commit()
        return found


Tried = Iterator[tuple[str, list[Try]]]


def _done(change: Callable[..., Any], **given: Any) -> Try:
    """A change of one row, found anew in the session of whoever tries: `name=(model, id)`."""

    def one() -> object:
        found = {
            name: db.session.get_one(*value) if isinstance(value, tuple) else value
            for name, value in given.items()
        }
        done = change(**found)
        return True if done is None else done

    return one


def _of_accounts(cast: Cast) -> Tried:
    person, company = makers.user("Jo New"), cast.innovator.organisation
    row = ask_to_join(user=person, organisation=company, by=cast.innovator.actor)
    row.state = MembershipState.REQUESTED
    db.session.flush()
    by = cast.innovator.actor
    yield "joining", [_done(accept, membership=(Membership, row.id), by=by)] * BROWSERS
    person_id, to = (User, cast.other_ics.user.id), "new@example.org"
    move = _done(change_address, user=person_id, email=to, by=cast.other_ics.actor)
    yield "address", [move] * BROWSERS
    job = Job(kind="search.rebuild", arguments={}, state=JobState.FAILED)
    db.session.add(job)
    db.session.flush()
    again = _done(retry_job, job=(Job, job.id), by=cast.administrator.actor)
    yield "job", [again] * BROWSERS


def _of_records(cast: Cast) -> Tried:
    by, to = cast.innovator.actor, cast.other_innovator
    for number, ends in enumerate(("accepted", "withdrawn")):
        record = makers.innovation(f"Record {number}", of=cast.innovator)
        email = to.user.email
        asked = people.invite_collaborator(innovation=record, email=email, by=by)
        offer = people.offer_transfer(innovation=record, email=cast.colleague.user.email, by=by)
        db.session.flush()
        invited, offered = (CollaboratorInvitation, asked.id), (Transfer, offer.id)
        answers = [
            _done(people.answer_invitation, invitation=invited, accept=True, by=to.actor),
            _done(people.withdraw_invitation, invitation=invited, by=by),
        ]
        moves = [
            _done(people.answer_transfer, transfer=offered, accept=True, by=cast.colleague.actor),
            _done(people.withdraw_transfer, transfer=offered, by=by),
        ]
        again = 1 if ends == "withdrawn" else 2
        yield f"invitation, {ends}", [*answers, *answers[:again]]
        yield f"offer, {ends}", [*moves, *moves[:again]]
    hidden = makers.innovation("Hidden", of=cast.innovator, sharing=Sharing.HINS)
    wish = requests.ask_to_share(innovation=hidden, by=cast.hin.actor)
    remind = _done(requests.remind, request=(SharingRequest, wish.id), on=today())
    yield "request", [remind] * BROWSERS
    day = following.remind(
        innovation=hidden, on=today() + timedelta(days=1), words="Ask again", by=by
    ).id
    tell = _done(following.tell_reminder, reminder_id=day, production=False)
    yield "day of a record", [tell] * BROWSERS
    item = exchange.published(by=cast.hin, second=cast.national, title="New").id
    yield "content", [_done(tell_of, item_id=item, questions={})] * BROWSERS


def _of_networks(cast: Cast) -> Tried:
    by, hin_id = cast.hin.actor, cast.hin.actor.hin_id or 0
    event = events.tell(
        kind=EventKind.AWARD,
        title="An award",
        day=PartialDate(today(), Precision.DAY),
        hin_id=hin_id,
        by=by,
    )
    gone = _done(events.withdraw, event=(ImpactEvent, event.id), why="Not ours", by=by)
    yield "event", [gone] * BROWSERS
    programme = programmes.programme(by=cast.national)
    measure = plotting.measure(of=programme, by=cast.national)
    mark = plotting.mark(MarkKind.CHANGE, of=measure, by=cast.national)
    unmark = _done(
        measures.withdraw,
        measure=(ImprovementMeasure, measure.id),
        of=(MeasureMark, mark.id),
        by=cast.national.actor,
    )
    yield "mark", [unmark] * BROWSERS
    record = makers.innovation("Thopaz", of=cast.innovator)
    national = cast.national.actor
    eligible = lists.make_list(name="Trusts", innovation=record, by=national)
    lists.add_places(eligible=eligible, site_ids=[place("RW1").id], since=BEGUN, by=national)
    sheet = sheets.open_sheet(
        eligible=eligible, hin_id=hin_id, quarter=Quarter.of(today()).previous, by=by
    )
    yield "update", [_done(sheets.remind, sheet=(Sheet, sheet.id))] * BROWSERS
    programmes.choosing()
    of = programmes.proposal(by=cast.national)
    asked = programmes.assessor(cast.hin, of=of, by=cast.national)
    yield "assessor", [_done(proposals.remind, assessor=(Assessor, asked.id))] * BROWSERS


def _of_emails(cast: Cast) -> Tried:
    person = cast.ics.user.id
    for number in range(3):
        told = Notification(user_id=person, subject=f"Good news {number}", body="", url="/home")
        db.session.add(told)
    email = Email(address="a@example.org", subject="Post", body="")
    db.session.add(email)
    db.session.flush()
    db.session.execute(update(Notification).values(rhythm=Rhythm.DAILY))

    def gather() -> object:
        return post_waiting(db.session.get_one(User, person), [Rhythm.DAILY])

    yield "summary", [gather] * BROWSERS
    seen = {"attempts": email.attempts, "id": email.id}

    def claim() -> object:
        row = db.session.get_one(Email, seen["id"])
        db.session.expunge(row)
        row.attempts = seen["attempts"]
        return _claim(row)

    yield "email", [claim] * BROWSERS
    said = pages.AnnouncementDetails(
        title="Closed on Monday",
        words="Closed",
        place=Place.HOME,
        audience=Audience.STAFF,
        from_on=today(),
        until_on=today() + timedelta(days=3),
        is_mailed=True,
    )
    pages.announce(said=said, by=cast.national.actor)
    yield "announcement", [lambda: pages.tell_due(today())] * BROWSERS


def _of_reports(cast: Cast) -> Tried:
    section = reports.section(reports.report(by=cast.national))
    row = reports.commented(section, by=cast.national)
    close = _done(
        writing.close_comment,
        section=(ReportSection, section.id),
        row=(ReportComment, row.id),
        by=cast.national.actor,
    )
    yield "comment", [close] * BROWSERS
