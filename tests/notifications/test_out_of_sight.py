"""An email names nothing that its reader may see no more when it is written or sent."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.challenges.models import Readers
from portal.innovations.models import Sharing
from portal.jobs import run_waiting
from portal.notifications import outbox, services
from portal.notifications.models import Email, Kind, Notification, Rhythm
from portal.room_doors import may_open
from tests import makers
from tests.cast import Cast, Person
from tests.outbox import sent_mail


def waits(person: Person, subject: str, url: str) -> None:
    """Something waits for a person's email of the week."""
    makers.put(
        Notification(
            user_id=person.user.id,
            subject=subject,
            body=subject,
            url=url,
            kind=Kind.CHANGES,
            rhythm=Rhythm.WEEKLY,
        )
    )


def test_a_weekly_email_leaves_out_what_was_made_private_since(
    session: Session, cast: Cast
) -> None:
    challenge = makers.challenge("Secret need", of=cast.ics, readers=Readers.REGISTERED)
    record = makers.innovation("Hidden pump", of=cast.innovator, sharing=Sharing.PUBLIC)
    other = makers.innovation("Open pump", of=cast.innovator, sharing=Sharing.PUBLIC)
    reader = cast.other_innovator
    waits(reader, "Changed: Secret need", f"/challenges/{challenge.id}")
    waits(reader, "Changed: Hidden pump", f"/innovations/{record.id}/evidence")
    waits(reader, "Changed: Open pump", f"/innovations/{other.id}#top")
    challenge.readers = Readers.NHS
    record.sharing = Sharing.HINS
    session.flush()
    assert services.post_waiting(reader.user, [Rhythm.WEEKLY])
    email = session.scalars(select(Email).where(Email.kind == Kind.MONDAY)).one()
    assert email.subject == "Changed: Open pump"
    assert "Secret need" not in email.body
    assert "Hidden pump" not in email.body


def test_nothing_is_sent_where_nothing_is_left(session: Session, cast: Cast) -> None:
    challenge = makers.challenge("Secret need", of=cast.ics, readers=Readers.NHS)
    waits(cast.other_innovator, "Changed: Secret need", f"/challenges/{challenge.id}")
    services.post_waiting(cast.other_innovator.user, [Rhythm.WEEKLY])
    assert session.scalars(select(Email).where(Email.kind == Kind.MONDAY)).all() == []
    assert not services.post_waiting(cast.other_innovator.user, [Rhythm.WEEKLY])  # nothing waits on


def test_what_waits_to_be_sent_is_looked_at_again(app: Flask, session: Session, cast: Cast) -> None:
    challenge = makers.challenge("Secret need", of=cast.ics, readers=Readers.REGISTERED)
    other = makers.challenge("Open need", of=cast.ics, readers=Readers.REGISTERED)
    reader = cast.other_innovator
    for one in (challenge, other):
        waits(reader, f"Changed: {one.title}", f"/challenges/{one.id}")
    services.post_waiting(reader.user, [Rhythm.WEEKLY])
    address = outbox.full_address(f"/challenges/{challenge.id}")
    outbox.post(
        reader.user.email,
        "Closed: Secret need",
        f"It is closed.\n\n{address}",
        user_id=reader.user.id,
        kind=Kind.CHANGES,
    )
    challenge.readers = Readers.NHS
    session.commit()
    run_waiting()
    sent = sent_mail(app)[-1]
    assert sent.subject == "Changed: Open need"
    assert "Secret need" not in sent.body
    assert session.scalars(select(Email.subject)).all() == ["Changed: Open need"]


def test_who_is_offered_a_record_is_told_though_they_may_not_see_it_yet(cast: Cast) -> None:
    record = makers.innovation("Ours", of=cast.innovator, sharing=Sharing.HINS)
    stranger = cast.other_innovator.user.id
    assert not may_open(stranger, f"/innovations/{record.id}")
    assert may_open(stranger, f"/innovations/{record.id}/transfer")
    assert may_open(stranger, "/home")
