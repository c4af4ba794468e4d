"""Messages, read marks, followers and files of threads, in every room that has some."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from portal.accounts.models import SYSTEM
from portal.challenges import models as challenges
from portal.community import models as community
from portal.community.models import Idea
from portal.db import db
from portal.errors import Forbidden, Invalid, NotFound
from portal.innovations.models import Innovation
from portal.introductions import models as introductions
from portal.introductions.models import Circle, Introduction, Timescale
from portal.support import models as support
from portal.support.models import Task, TaskReader
from portal.support.queries import engagement_of
from portal.threads import queries, services
from portal.threads.models import Kind, Message
from tests import makers
from tests.cast import Cast
from tests.community import makers as asking
from tests.examples import examples

AnyKind = Kind[Any, Any, Any]
STEPS = ("write", "read", "back")


def _task(cast: Cast) -> Task:
    record = makers.innovation(of=cast.innovator)
    case = engagement_of(record.id, cast.hin.actor.hin_id)
    return makers.put(Task(engagement=case, title="A table", opened_by_id=cast.hin.user.id))


def _introduction(cast: Cast) -> Introduction:
    record: Innovation = makers.innovation(of=cast.innovator)
    return makers.put(
        Introduction(
            innovation=record,
            organisation=cast.ics.organisation,
            ics_id=cast.ics.organisation.ics_id,
            asked_by=cast.ics.user,
            purpose="To talk.",
            timescale=Timescale.MONTH,
            takes_part="Us",
        )
    )


def _idea(cast: Cast) -> Idea:
    return asking.idea(asking.campaign(cast.ics), cast.ics)


@pytest.fixture(params=["challenges", "community", "introductions", "support"])
def kind(request: pytest.FixtureRequest) -> AnyKind:
    """The threads of each room."""
    rooms = {
        "challenges": challenges,
        "community": community,
        "introductions": introductions,
        "support": support,
    }
    return rooms[request.param].THREADS


@pytest.fixture
def thread(kind: AnyKind, cast: Cast, session: Session) -> Callable[[], int]:
    """Begin a thread; returns the id of what it is about."""
    make = {Task: _task, Introduction: _introduction, Idea: _idea}.get(
        kind.about, lambda cast: makers.challenge(of=cast.ics)
    )
    return lambda: int(make(cast).id)


def _post(kind: AnyKind, thread_id: int, by: Any, body: str = "Hello.", **values: Any) -> Message:
    own = {"circle": Circle.EVERYONE} if kind.about is Introduction else {}
    sent: Message = services.post(
        kind, thread_id=thread_id, body=body, by=by.actor, **own, **values
    )
    return sent


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["ics", "other_ics"]), st.sampled_from(["write", "read", "back"])
        ),
        max_size=8,
    )
)
def test_the_count_of_a_list_and_the_marks_of_the_page_agree(
    steps: list[tuple[str, str]], kind: AnyKind, thread: Callable[[], int], cast: Cast
) -> None:
    one, other = thread(), thread()
    _post(kind, other, cast.ics)
    for name, step in steps:
        person = getattr(cast, name)
        if step == "write":
            _post(kind, one, person)
            continue
        upto = queries.newest(kind, one) if step == "read" else 0
        services.mark_read(kind, thread_id=one, message_id=upto, by=person.actor)
    for person in (cast.ics, cast.other_ics, cast.hin):
        shown = queries.thread(kind, one, person.actor)
        counted = db.session.scalar(
            select(queries.unread(kind, person.actor)).where(kind.about.id == one)
        )
        assert counted == sum(shown.is_unread(message) for message in shown.messages)
        assert shown.has_unread == bool(counted)


def test_nobody_reads_ahead_of_what_was_written_nor_back(
    kind: AnyKind, thread: Callable[[], int], cast: Cast
) -> None:
    one = thread()
    first = _post(kind, one, cast.ics)
    services.mark_read(kind, thread_id=one, message_id=first.id + 1000, by=cast.hin.actor)
    services.mark_read(kind, thread_id=one, message_id=0, by=cast.hin.actor)
    known = queries.reader(kind, one, cast.hin.user.id)
    assert known.read_up_to == first.id
    second = _post(kind, one, cast.ics)
    assert queries.thread(kind, one, cast.hin.actor).is_unread(second)


def test_a_message_has_words_and_an_author(
    kind: AnyKind, thread: Callable[[], int], cast: Cast, session: Session
) -> None:
    one = thread()
    with pytest.raises(Invalid, match="Enter a message"):
        _post(kind, one, cast.ics, " \n")
    with pytest.raises(Forbidden):
        services.mark_read(kind, thread_id=one, message_id=1, by=SYSTEM)
    assert session.scalar(select(func.count(kind.message.id))) == 0


def test_a_file_is_found_through_its_own_thread_alone(
    kind: AnyKind, thread: Callable[[], int], cast: Cast
) -> None:
    one, other = thread(), thread()
    file = _post(kind, one, cast.ics, file=(BytesIO(b"Beds"), "beds.txt")).files[0]
    assert queries.file_for(kind, one, file.id) is file
    for thread_id, conditions in ((other, ()), (one, (~true(),))):
        with pytest.raises(NotFound):
            queries.file_for(kind, thread_id, file.id, *conditions)


def test_only_open_accounts_that_may_still_read_are_told(cast: Cast, session: Session) -> None:
    one = _task(cast).id
    for person in (cast.hin, cast.innovator, cast.colleague):
        services.set_following(TaskReader, thread_id=one, user_id=person.user.id, is_following=True)
    services.set_following(
        TaskReader, thread_id=one, user_id=cast.innovator.user.id, is_following=False
    )
    cast.colleague.user.active = False
    session.flush()
    assert queries.followers(TaskReader, one, true()) == [cast.hin.user]
    assert queries.followers(TaskReader, one, ~true()) == []
