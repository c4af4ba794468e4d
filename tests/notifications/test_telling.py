"""What reaches a person's inbox and their mailbox."""

from datetime import UTC, datetime

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portal.clock import clock_at, now
from portal.jobs import Job, enqueue, run_waiting
from portal.notifications import outbox
from portal.notifications.models import Email, Notification
from portal.notifications.serialise import message_of
from tests.cast import Cast
from tests.outbox import sent_mail

WORDS = "Kind: answers\nNews of {{ thing }}\n\nSomething happened to {{ thing }}."


def test_the_inbox_gets_the_path_and_the_email_the_full_address(
    app: Flask, session: Session, cast: Cast, monkeypatch
) -> None:
    monkeypatch.setattr(
        app.jinja_env,
        "loader",
        ChoiceLoader([DictLoader({"news.txt": WORDS}), app.jinja_env.loader]),
    )
    outbox.tell([cast.hin.user, cast.hin.user], "news.txt", url="/support", thing="it")
    session.flush()
    note = session.scalars(select(Notification)).one()
    email = session.scalars(select(Email)).one()
    assert (note.subject, note.body, note.url) == (
        "News of it",
        "Something happened to it.",
        "/support",
    )
    assert email.body == "Something happened to it.\n\nhttp://127.0.0.1:8000/support"
    assert message_of([email]).body.startswith(
        f"{email.body}\n\n-- \n{app.config['SERVICE_NAME']}\nhttp://127.0.0.1:8000/\n"
    )


def test_what_was_sent_keeps_no_words_that_let_a_reader_in(app: Flask, session: Session) -> None:
    outbox.post("ivy@example.org", "Invitation", "https://portal.example/invitations/TOKEN")
    session.commit()
    run_waiting()
    session.expire_all()
    email = session.scalars(select(Email)).one()
    assert email.sent_at is not None
    assert (email.subject, email.body) == ("Invitation", "")
    assert "TOKEN" in sent_mail(app)[-1].body


def test_two_messages_within_one_flush_wake_one_job(session: Session) -> None:
    @event.listens_for(session, "before_flush", once=True)
    def twice(*_: object) -> None:
        enqueue("notifications.send", key="notifications.send")
        enqueue("notifications.send", key="notifications.send")

    session.add(Email(address="a@example.org", subject="s", body="b"))
    session.flush()
    assert session.scalar(select(func.count()).select_from(Job)) == 1


def test_without_emails_only_the_inbox_is_told_at_the_moment_on_the_clock(
    app: Flask, session: Session, cast: Cast, monkeypatch
) -> None:
    monkeypatch.setattr(
        app.jinja_env,
        "loader",
        ChoiceLoader([DictLoader({"news.txt": WORDS}), app.jinja_env.loader]),
    )
    moment = datetime(2025, 3, 4, 10, 30, tzinfo=UTC)
    with outbox.without_emails(), clock_at(moment):
        outbox.tell([cast.hin.user], "news.txt", url="/support", thing="it")
        outbox.post("a@example.org", "s", "b")
        session.flush()
    assert session.scalars(select(Notification.at)).one() == moment
    assert session.scalars(select(Email.id)).all() == []
    assert now() > moment
