"""Tasks and messages: one thread a thread, between one network and one innovator's side."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.models import Audience, AuditEvent
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.innovations.models import Innovation
from portal.notifications.models import Email, Notification
from portal.support.models import THREADS, Assignee, Engagement, Task, TaskFile, TaskState
from portal.support.queries.tasks import followers, task_for, unread_tasks
from portal.support.services import engagements, tasks
from portal.threads.queries import newest, thread
from tests import makers
from tests.cast import Cast, Person
from tests.statements import Statements
from tests.support.conftest import close, inbox

SECRET = "The price that they pay is too high."


def _open(engagement: Engagement, cast: Cast, **values: Any) -> Task:
    told = {"title": "Your evidence", "body": SECRET, "by": cast.hin.actor, **values}
    return tasks.open_task(engagement=engagement, **told)


@pytest.fixture
def task(engaging: Engagement, cast: Cast) -> Task:
    """West Midlands asks Brightwell for a table by tomorrow."""
    return _open(engaging, cast, assignee=Assignee.INNOVATOR, due_on=today() + timedelta(days=1))


def _unread(person: Person) -> int:
    return db.session.scalar(unread_tasks(person.actor)) or 0


def test_both_sides_follow_and_are_told_without_the_words(
    task: Task, cast: Cast, session: Session
) -> None:
    assert {one.name for one in followers(task)} == {cast.hin.user.name, cast.innovator.user.name}
    subject = "There is something to read about Breathe Easy"
    assert subject in inbox(session, cast.innovator.user)
    assert subject not in inbox(session, cast.hin.user)
    tasks.write(task=task, body="Here it is.", by=cast.innovator.actor)
    assert subject in inbox(session, cast.hin.user)
    for model in (Email, Notification):
        for body in session.scalars(select(model.body)):
            assert SECRET not in body


def test_nobody_else_reads_it_anywhere(
    as_, task: Task, record: Innovation, cast: Cast, session: Session
) -> None:
    engagements.join(innovation=record, known=[task.engagement.hin_id], by=cast.other_hin.actor)
    session.commit()
    for person in (cast.other_hin, cast.national, cast.ics, cast.other_innovator):
        with pytest.raises(NotFound):
            task_for(person.actor, task.id)
        with pytest.raises(Forbidden):
            tasks.write(task=task, body="Me too.", by=person.actor)
    for person in (cast.other_hin, cast.national):
        browser = as_(person)
        for page in ("support", "activity"):
            text = browser.get(f"/innovations/{record.id}/{page}").text
            assert "Your evidence" not in text
            assert SECRET not in text
    for event in session.scalars(select(AuditEvent).where(AuditEvent.noun == "task")):
        assert event.audience is Audience.PRIVATE
        assert SECRET not in event.summary + str(event.changes)


def test_unread_marks(task: Task, cast: Cast) -> None:
    assert _unread(cast.innovator) == 1
    assert _unread(cast.hin) == 0
    tasks.mark_read(task=task, message_id=newest(THREADS, task.id), by=cast.innovator.actor)
    assert _unread(cast.innovator) == 0
    tasks.write(task=task, body="And this.", by=cast.hin.actor)
    tasks.mark_read(task=task, message_id=1, by=cast.innovator.actor)
    assert _unread(cast.innovator) == 1


def test_following_is_a_choice(task: Task, cast: Cast, session: Session) -> None:
    tasks.follow(task=task, is_following=False, by=cast.innovator.actor)
    before = len(inbox(session, cast.innovator.user))
    tasks.write(task=task, body="And this.", by=cast.hin.actor)
    assert len(inbox(session, cast.innovator.user)) == before
    tasks.follow(task=task, is_following=True, by=cast.colleague.actor)
    tasks.write(task=task, body="And that.", by=cast.hin.actor)
    assert "There is something to read about Breathe Easy" in inbox(session, cast.colleague.user)


def test_a_task_ends_once_with_words(task: Task, cast: Cast) -> None:
    told = {"task": task, "version": task.version, "by": cast.innovator.actor}
    with pytest.raises(Invalid, match="why not"):
        tasks.end(state=TaskState.DONE, words="", **told)
    tasks.end(state=TaskState.DECLINED, words="We have no such table.", **told)
    assert task.state is TaskState.DECLINED
    assert thread(THREADS, task.id, cast.hin.actor).messages[-1].body == "We have no such table."
    with pytest.raises(Conflict, match="declined now"):
        tasks.end(state=TaskState.DONE, words="Done.", **told)


def test_a_day_needs_somebody_and_lies_ahead(engaging: Engagement, cast: Cast) -> None:
    with pytest.raises(Invalid, match="who is to do it"):
        _open(engaging, cast, due_on=today())
    with pytest.raises(Invalid, match="today or in the future"):
        _open(engaging, cast, assignee=Assignee.HIN, due_on=today() - timedelta(days=1))
    close(engaging, cast.hin)
    with pytest.raises(Forbidden):
        _open(engaging, cast)


def test_from_opening_to_done_on_the_pages(
    as_, record: Innovation, engaging: Engagement, cast: Cast, session: Session
) -> None:
    innovator, hin = as_(cast.innovator), as_(cast.hin)
    url = f"/innovations/{record.id}/support/tasks/add"
    told = {"title": "A letter", "body": "Can you sign it?", "assignee": "hin"}
    assert "Enter a message" in innovator.post(url, data={**told, "body": ""}).text
    file = (BytesIO(b"Letter"), "letter.txt")
    page = innovator.post(url, data={**told, "file": file}, follow_redirects=True)
    assert "It is sent" in page.text
    assert "letter.txt" in page.text
    task = session.scalars(select(Task)).one()
    one = f"/support/tasks/{task.id}"
    assert "1 unread" in hin.get("/support/tasks").text
    of_record = hin.get(f"/innovations/{record.id}/support").text
    assert "A letter" in of_record
    assert f"Task for {engaging.hin.name}" in " ".join(of_record.split())
    assert "Unread" in hin.get(one).text
    hin.post(f"{one}/read", data={"message": newest(THREADS, task.id)})
    assert "1 unread" not in hin.get("/support/tasks").text
    name = session.scalars(select(TaskFile.id)).one()
    assert hin.get(f"{one}/files/{name}").data == b"Letter"
    assert as_(cast.other_hin).get(f"{one}/files/{name}").status_code == 404
    ended = {"version": task.version, "state": "done", "words": "Signed."}
    assert "Signed." in hin.post(f"{one}/end", data=ended, follow_redirects=True).text
    assert hin.post(f"{one}/end", data=ended).status_code == 409
    assert "A letter" in innovator.get("/support/tasks?show=ended").text
    assert "Unread messages in 1 thread" in innovator.get("/home").text


def test_the_list_takes_few_statements(
    as_, engaging: Engagement, cast: Cast, statements: Statements
) -> None:
    for number in range(15):
        _open(engaging, cast, title=f"Thread {number}")
    browser = as_(cast.hin)
    with statements.at_most(8):
        assert "Thread 14" in browser.get("/support/tasks").text


def test_the_innovator_of_another_record_sees_only_their_own(as_, task: Task, cast: Cast) -> None:
    makers.innovation("Elsewhere", of=cast.other_innovator)
    assert "Your evidence" not in as_(cast.other_innovator).get("/support/tasks").text
    assert "Your evidence" in as_(cast.colleague).get("/support/tasks").text
