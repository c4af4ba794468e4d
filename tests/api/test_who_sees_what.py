"""The API shows a reader nothing that pages hide, and what they show: for every state, sharing and
reader."""

from collections.abc import Callable, Collection

import pytest
from sqlalchemy.orm import Session

from portal.accounts.models import ANONYMOUS, Actor
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.policy import can_see as can_see_challenge
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.innovations.policy import can_see, is_own
from portal.support.policy import can_read
from tests import makers
from tests.api.conftest import Program, token_of
from tests.cast import Cast


@pytest.fixture
def world(session: Session, cast: Cast) -> tuple[list[Innovation], list[Challenge]]:
    """A record of every status and sharing, of which another innovator works on some, and a
    challenge of every state for every kind of readers."""
    records = [
        makers.innovation(f"{status} {sharing}", of=cast.innovator, status=status, sharing=sharing)
        for status in RecordStatus
        for sharing in Sharing
    ]
    makers.collaborator(records[0], cast.other_innovator.user)
    makers.collaborator(records[-1], cast.other_innovator.user)
    challenges = [
        makers.challenge(f"{state} {readers}", of=cast.ics, state=state, readers=readers)
        for state in ChallengeState
        for readers in Readers
    ]
    session.commit()
    return records, challenges


def told(program: Program, noun: str) -> set[int]:
    """Return what the feed of changes tells a program of."""
    changes = program.get("/changes?limit=100")
    assert changes["is_at_end"]
    return {one["id"] for one in changes["items"] if one["noun"] == noun}


def numbers(program: Program, path: str, of: str = "id") -> set[int]:
    """Return the numbers in a list."""
    return {one[of] for one in program.every(path)}


def those(rows: Collection[object], test: Callable[..., bool]) -> set[int]:
    """Return the numbers of the rows for which a test holds."""
    return {row.id for row in rows if test(row)}  # type: ignore[attr-defined]


def check(program: Program, actor: Actor, world: tuple[list[Innovation], list[Challenge]]) -> None:
    """Compare every list that a reader gets with what their pages may show."""
    records, challenges = world
    open_to = {
        state: those(
            challenges, lambda row, s=state: row.state is s and can_see_challenge(actor, row)
        )
        for state in ChallengeState
    }
    for state in (ChallengeState.OPEN, ChallengeState.CLOSED):
        assert numbers(program, f"/challenges?state={state}") == open_to[state]
    visible = those(records, lambda row: can_see(actor, row))
    assert told(program, "innovation") == visible
    assert told(program, "challenge") == set().union(*open_to.values())
    for row in records:
        expected = 200 if row.id in visible else 404
        assert program.ask(f"/innovations/{row.id}").status_code == expected
    if not actor.is_signed_in:
        return
    listed = visible if not actor.is_innovator else those(records, lambda row: is_own(actor, row))
    assert numbers(program, "/records") == listed
    supported = those(records, lambda row: can_read(actor, row) and can_see(actor, row))
    assert numbers(program, "/engagements", "innovation") <= supported


@pytest.mark.parametrize("kind", ["anonymous", *Cast.KINDS])
def test_each_reader_is_shown_what_their_pages_show(app, session, cast, world, kind):
    person = None if kind == "anonymous" else getattr(cast, kind)
    actor = person.actor if person else ANONYMOUS
    token = token_of(person) if person else ""
    session.commit()
    check(Program(app, token), actor, world)
