"""The inbox."""

from datetime import timedelta

from sqlalchemy import select

from portal.clock import now
from portal.notifications.models import Notification
from tests import makers


def put(session, person, count=1):
    for number in range(count):
        session.add(
            Notification(
                user_id=person.user.id,
                at=now() - timedelta(minutes=number),
                subject=f"Message {number:02}",
                body="Please look.",
                url="/account",
            )
        )
    session.commit()


def test_the_header_counts_what_is_unread(as_, cast, session):
    put(session, cast.innovator, 3)
    put(session, cast.other_innovator, 1)
    browser = as_(cast.innovator)
    assert "Messages (3)" in browser.get("/account").text
    first = session.scalars(
        select(Notification.id).where(Notification.subject == "Message 00")
    ).first()
    browser.post("/account/notifications/read", data={"notification": first})
    assert "Messages (2)" in browser.get("/account").text
    browser.post("/account/notifications/read")
    assert "Messages (" not in browser.get("/account").text


def test_nobody_reads_or_marks_the_messages_of_others(as_, cast, session):
    put(session, cast.innovator)
    other = as_(cast.other_innovator)
    assert "No messages yet" in other.get("/account/notifications").text
    row = session.scalars(select(Notification)).one()
    other.post("/account/notifications/read", data={"notification": row.id})
    other.post("/account/notifications/read")
    session.refresh(row)
    assert row.read_at is None


def test_messages_come_twenty_a_page_newest_first(as_, cast, session, statements):
    put(session, cast.innovator, 25)
    browser = as_(cast.innovator)
    with statements.at_most(8):
        page = browser.get("/account/notifications").text
    assert page.index("Message 00") < page.index("Message 19")
    assert "Message 20" not in page
    assert "Message 24" in browser.get("/account/notifications?page=2").text


def test_a_lead_of_nothing_has_an_empty_inbox(as_, cast, session):
    makers.user("Somebody Else")
    assert "No messages yet" in as_(cast.hin).get("/account/notifications").text


def leading_to(person, *urls):
    """Put an unread message for each address."""
    for url in urls:
        makers.put(
            Notification(
                user_id=person.user.id, at=now(), subject=f"Look at {url}", body="", url=url
            )
        )


def test_opening_the_page_of_a_message_marks_it_read(as_, cast, session):
    record = makers.innovation(of=cast.innovator)
    page = f"/innovations/{record.id}"
    leading_to(cast.innovator, page, f"{page}#files", f"{page}?rank=1", f"{page}/use", f"{page}0")
    leading_to(cast.colleague, page)
    session.commit()
    browser = as_(cast.innovator)
    assert "Messages (5)" in browser.get("/account", buffered=True).text, "a list reads nothing"
    browser.get(page, buffered=True)
    assert "Messages (2)" in browser.get("/account").text
    assert "Messages (1)" in as_(cast.colleague).get("/account").text, "each for themselves"


def test_what_is_no_page_marks_nothing_read(as_, cast, session):
    hidden = makers.innovation(of=cast.other_innovator)
    record = makers.innovation(of=cast.innovator)
    leading_to(cast.innovator, f"/innovations/{hidden.id}", f"/innovations/{record.id}/export.json")
    session.commit()
    browser = as_(cast.innovator)
    assert browser.get(f"/innovations/{hidden.id}", buffered=True).status_code == 404
    browser.get(f"/innovations/{record.id}/export.json", buffered=True)
    assert "Messages (2)" in browser.get("/account").text
