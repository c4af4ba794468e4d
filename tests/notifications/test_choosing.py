"""How people get what they are told: at once, together, in the inbox alone, or not at all."""

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_string
from smtplib import SMTPRecipientsRefused
from unittest import mock

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.clock import clock_at
from portal.jobs import run_waiting
from portal.notifications import outbox, services
from portal.notifications.models import (
    MAX_ATTEMPTS,
    Choice,
    Email,
    Kind,
    Notification,
    Rhythm,
    StoppedAddress,
)
from portal.notifications.queries import Way
from portal.notifications.rules import CHOSEN, is_required, rhythms
from portal.notifications.serialise import message_of, token_for
from portal.notifications.tasks import post_waiting
from tests.cast import Cast, Person
from tests.days import MONDAY, TUESDAY
from tests.outbox import sent_mail
from tests.pages import PageClient
from tests.statements import Statements

TEMPLATES = {
    **{f"{kind}.txt": f"Kind: {kind}\nNews {{{{ n }}}}\n\nIt is here." for kind in Kind},
}


@pytest.fixture(autouse=True)
def words(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emails of each kind with a number in their subject, beside the portal's own templates."""
    both = ChoiceLoader([DictLoader(TEMPLATES), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", both)


As = Callable[[Person], PageClient]


def tell(
    kind: Kind, *people: Person, n: int = 1, url: str = "/programmes/7", **more: object
) -> None:
    users = [person.user for person in people]
    outbox.tell(users, f"{kind}.txt", url=url, n=n, **more)


def emails(session: Session) -> list[Email]:
    """Return all emails that were written, oldest first."""
    session.flush()
    return list(session.scalars(select(Email).order_by(Email.id)))


def wait(at: datetime) -> None:
    """Let the daily job run at a moment."""
    with clock_at(at):
        post_waiting(lambda *_: None)


def test_a_change_reaches_staff_once_a_day_and_innovators_at_once(
    session: Session, cast: Cast
) -> None:
    tell(Kind.CHANGES, cast.hin, cast.innovator)
    assert [one.address for one in emails(session)] == [cast.innovator.user.email]
    wait(TUESDAY)
    assert [one.address for one in emails(session)][1:] == [cast.hin.user.email]
    wait(TUESDAY)
    assert len(emails(session)) == 2


def test_ten_that_waited_are_one_email_that_names_the_first(session: Session, cast: Cast) -> None:
    for n in range(10):
        tell(Kind.CHANGES, cast.hin, n=n)
    wait(TUESDAY)
    one = emails(session)[-1]
    assert one.subject == "News 0 – and 9 more"
    assert one.body.count("/programmes/7") == 10


def test_ten_at_once_leave_as_one_email(app: Flask, session: Session, cast: Cast) -> None:
    for n in range(10):
        tell(Kind.ANSWERS, cast.innovator, n=n)
    session.commit()
    run_waiting()
    sent = [one for one in sent_mail(app) if one.subject.startswith("News 0")]
    assert [one.subject for one in sent] == ["News 0 – and 9 more"]
    assert all(f"News {n}" in sent[0].body for n in range(10))


def test_nobody_is_told_of_what_they_did_themselves(session: Session, cast: Cast) -> None:
    tell(Kind.ANSWERS, cast.hin, cast.ics, by=cast.hin.actor)
    session.flush()
    assert session.scalars(select(Notification.user_id)).all() == [cast.ics.user.id]


def test_what_was_muted_is_told_no_more_unless_something_is_asked(
    session: Session, cast: Cast
) -> None:
    tell(Kind.MESSAGES, cast.hin, url="/programmes/7#messages")
    session.flush()
    first = session.scalars(select(Notification)).one()
    services.mute(user_id=cast.hin.user.id, notification_id=first.id)
    tell(Kind.MESSAGES, cast.hin, n=2)
    tell(Kind.ASKED, cast.hin, n=3)
    tell(Kind.MESSAGES, cast.hin, n=4, url="/programmes/70")
    session.flush()
    told = session.scalars(select(Notification.subject).order_by(Notification.id)).all()
    assert told == ["News 1", "News 3", "News 4"]
    services.unmute(user_id=cast.hin.user.id, page="/programmes/7")
    tell(Kind.MESSAGES, cast.hin, n=5)
    session.flush()
    assert session.scalars(select(Notification.subject)).all()[-1] == "News 5"


def test_nobody_mutes_by_a_message_of_somebody_else(session: Session, cast: Cast) -> None:
    tell(Kind.MESSAGES, cast.hin)
    session.flush()
    message = session.scalars(select(Notification)).one()
    assert services.mute(user_id=cast.ics.user.id, notification_id=message.id) is None


def test_what_is_not_wanted_in_the_inbox_comes_by_email_alone(
    session: Session, cast: Cast, as_: As
) -> None:
    hin = cast.hin
    services.choose(user_id=hin.user.id, ways={Kind.CHANGES: Way(Rhythm.DAILY, is_shown=False)})
    tell(Kind.CHANGES, hin)
    page = as_(hin).get("/account/notifications").get_data(as_text=True)
    assert "No messages yet" in page
    wait(TUESDAY)
    assert emails(session)[-1].subject == "News 1"


def test_monday_holds_what_is_asked_and_what_waited_for_the_week(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {cast.hin.user.id: ["Pick up Breathe Easy (by 1 December 2026)"]}
    known = outbox.known()
    monkeypatch.setattr(
        outbox,
        "known",
        lambda: outbox.HigherRooms(known.people, lambda key: asked.get(key, []), known.opens),
    )
    monkeypatch.setattr("portal.notifications.tasks.known", outbox.known)
    services.choose(
        user_id=cast.hin.user.id, ways={Kind.ANSWERS: Way(Rhythm.WEEKLY, is_shown=True)}
    )
    tell(Kind.ANSWERS, cast.hin)
    wait(TUESDAY)
    assert emails(session) == []
    wait(MONDAY)
    one = emails(session)[-1]
    assert one.subject == "Pick up Breathe Easy (by 1 December 2026) – and 1 more"
    assert one.body.index("Asked of you") < one.body.index("News 1")
    assert one.kind is Kind.MONDAY
    asked.clear()
    wait(MONDAY)
    assert len(emails(session)) == 1, "nothing to say, no email"


def test_one_post_of_a_mail_program_ends_a_kind_and_a_look_ends_nothing(
    app: Flask, session: Session, cast: Cast
) -> None:
    tell(Kind.ANSWERS, cast.innovator)
    message = message_of(emails(session))
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<http://[^/]+(/.+)>", message.extra_headers["List-Unsubscribe"])
    assert link
    assert link[1] in message.body
    stranger = app.test_client()
    assert stranger.get(link[1]).status_code == 200
    assert session.scalars(select(Choice)).all() == []
    without_cookie = app.test_client()
    answer = without_cookie.post(link[1], data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    session.expire_all()
    assert [(one.kind, one.rhythm) for one in session.scalars(select(Choice))] == [
        (Kind.ANSWERS, Rhythm.NEVER)
    ]
    before = len(emails(session))
    tell(Kind.ANSWERS, cast.innovator, n=2)
    assert len(emails(session)) == before
    assert stranger.post(link[1] + "x").status_code == 404


@pytest.mark.parametrize("kind", [kind for kind in CHOSEN if not is_required(kind)])
def test_every_kind_that_may_end_is_ended_by_one_post_without_a_cookie(
    app: Flask, session: Session, cast: Cast, kind: Kind
) -> None:
    """Whatever kinds there come to be, and whichever rhythm brought the email."""
    services.choose(user_id=cast.hin.user.id, ways={kind: Way(rhythms(kind)[0], is_shown=True)})
    outbox.post("hana@example.org", "News", "Here.", user_id=cast.hin.user.id, kind=kind)
    headers = message_of(emails(session)).extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<http://[^/]+(/.+)>", headers["List-Unsubscribe"])
    assert link
    assert app.test_client().get(link[1]).status_code == 200
    answer = app.test_client().post(link[1], data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    session.expire_all()
    assert {one.kind: one.rhythm for one in session.scalars(select(Choice))}[kind] is Rhythm.NEVER


def test_leaving_a_summary_ends_what_it_holds_but_not_what_is_required(
    session: Session, cast: Cast
) -> None:
    user_id = cast.hin.user.id
    daily = Way(Rhythm.DAILY, is_shown=True)
    services.choose(user_id=user_id, ways={Kind.ASKED: daily, Kind.MESSAGES: daily})
    services.unsubscribe(user_id=user_id, kind=Kind.DAY)
    chose = {one.kind: one.rhythm for one in session.scalars(select(Choice))}
    assert chose == {
        Kind.ASKED: Rhythm.DAILY,
        Kind.MESSAGES: Rhythm.NEVER,
        Kind.CHANGES: Rhythm.NEVER,
    }


def test_required_emails_have_no_way_out(app: Flask, session: Session, cast: Cast) -> None:
    tell(Kind.ASKED, cast.hin)
    assert "List-Unsubscribe" not in message_of(emails(session)).extra_headers
    token = token_for(cast.hin.user.id, Kind.ASKED)
    assert app.test_client().post(f"/unsubscribe/{token}").status_code == 400


def test_the_html_says_the_same_and_escapes_what_was_typed(session: Session, cast: Cast) -> None:
    tell(Kind.ANSWERS, cast.innovator, n=1)
    one = emails(session)[0]
    one.body = "Ask <b>Ada</b> & co.\n\nhttp://127.0.0.1:8000/programmes/7"
    html = message_of([one]).alternatives[0][0]
    assert "Ask &lt;b&gt;Ada&lt;/b&gt; &amp; co." in html
    assert 'href="http://127.0.0.1:8000/programmes/7"' in html


def test_an_address_that_the_mail_server_refuses_for_good_gets_no_more(
    session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = cast.innovator.user.email
    gone = SMTPRecipientsRefused({address: (550, b"5.1.1 No such user")})
    monkeypatch.setattr(
        "flask_mailman.EmailMessage.send", mock.Mock(side_effect=gone), raising=True
    )
    tell(Kind.ANSWERS, cast.innovator)
    session.commit()
    run_waiting()
    session.expire_all()
    stopped = session.scalars(select(StoppedAddress)).one()
    assert (stopped.address, stopped.reason) == (address, "5.1.1 No such user")
    assert emails(session)[0].attempts == MAX_ATTEMPTS
    tell(Kind.ANSWERS, cast.innovator, n=2)
    assert len(emails(session)) == 1
    browser = as_(cast.innovator)
    page = browser.get("/account/notifications/choices").get_data(as_text=True)
    assert "5.1.1 No such user" in page
    browser.post("/account/notifications/resume")
    tell(Kind.ANSWERS, cast.innovator, n=3)
    assert len(emails(session)) == 2


REPORT = """From: MAILER-DAEMON@example.org
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

It came back.
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; Gone@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

Final-Recipient: rfc822; slow@example.org
Action: delayed
Status: 4.2.2

--B--
"""


def test_a_delivery_report_stops_what_failed_for_good_alone(app: Flask, session: Session) -> None:
    assert message_from_string(REPORT).is_multipart()
    done = app.test_cli_runner().invoke(args=["notifications", "bounce"], input=REPORT)
    assert "no more emails: 1" in done.output
    assert session.scalars(select(StoppedAddress.address)).all() == ["gone@example.org"]


def test_choosing_on_the_page(session: Session, cast: Cast, as_: As) -> None:
    chosen = {"asked": "now", "messages": "now", "news": "now", "monday": "weekly"}
    data = {**chosen, "answers": "weekly", "changes": "never", "shown": ["answers"]}
    answer = as_(cast.hin).post("/account/notifications/choices", data=data)
    assert answer.status_code == 302
    session.expire_all()
    chose = {one.kind: one for one in session.scalars(select(Choice))}
    assert set(chose) == set(CHOSEN)
    assert chose[Kind.ANSWERS].rhythm is Rhythm.WEEKLY
    assert chose[Kind.CHANGES].rhythm is Rhythm.NEVER
    assert [kind for kind in CHOSEN if chose[kind].is_shown] == [
        Kind.ASKED,
        Kind.ANSWERS,
        Kind.MONDAY,
    ]


def test_what_waits_follows_a_new_choice(session: Session, cast: Cast) -> None:
    tell(Kind.CHANGES, cast.hin)
    session.flush()
    services.choose(user_id=cast.hin.user.id, ways={Kind.CHANGES: Way(Rhythm.NEVER, is_shown=True)})
    wait(MONDAY)
    assert emails(session) == []


WAYS = st.fixed_dictionaries(
    {
        kind: st.builds(Way, st.sampled_from(rhythms(kind)), st.booleans())
        for kind in (Kind.ASKED, Kind.ANSWERS, Kind.MESSAGES, Kind.CHANGES, Kind.NEWS)
    }
)
EVENTS = st.lists(
    st.one_of(
        st.sampled_from([Kind.ASKED, Kind.ANSWERS, Kind.MESSAGES, Kind.CHANGES, Kind.NEWS]),
        st.sampled_from([MONDAY, TUESDAY]),
    ),
    max_size=14,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ways=WAYS, events=EVENTS)
def test_each_event_reaches_each_person_at_most_once_by_each_channel_as_they_chose(
    session: Session, cast: Cast, ways: dict[Kind, Way], events: list[Kind | datetime]
) -> None:
    services.choose(user_id=cast.hin.user.id, ways=ways)
    told: list[tuple[int, Kind]] = []
    for event in events:
        if isinstance(event, datetime):
            wait(event)
        else:
            told.append((len(told), event))
            tell(event, cast.hin, n=len(told) - 1)
    wait(TUESDAY)
    wait(MONDAY)
    texts = [f"{one.subject}\n{one.body}" for one in emails(session)]
    for number, kind in told:
        words = re.compile(rf"^News {number}( – and .*)?$", re.M)
        holding = sum(bool(words.search(text)) for text in texts)
        wanted = ways[kind].rhythm is not Rhythm.NEVER
        assert holding == wanted, (number, kind, ways[kind], texts)
    inbox = session.scalars(select(Notification.subject).where(Notification.is_shown)).all()
    seen = [f"News {n}" for n, kind in told if ways[kind].is_shown or kind is Kind.ASKED]
    assert sorted(inbox) == sorted(seen)
    for table in (Email, Notification, Choice):
        session.execute(delete(table))
    session.commit()


def test_many_are_told_in_as_few_statements_as_one(
    session: Session, cast: Cast, statements: Statements
) -> None:
    everybody = [getattr(cast, kind) for kind in Cast.KINDS if kind != "anonymous"]
    assert all(one.user.email for one in everybody), "they are read before it is counted"
    with statements.at_most(6):
        tell(Kind.MESSAGES, *everybody)
