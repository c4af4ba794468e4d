"""The feed of changes: what to read again and what to forget, for each reader their own."""

from datetime import timedelta

from portal.api.listeners import FEED
from portal.api.models import ApiChange
from portal.api.rules import labels_of, labels_of_challenge, labels_of_innovation
from portal.challenges.models import Challenge, ChallengeState, Readers
from portal.challenges.policy import can_see as challenge_can_see
from portal.clock import now
from portal.db import db
from portal.innovations.models import Collaborator, Innovation, RecordStatus, Sharing
from portal.innovations.policy import can_see
from tests import makers


def changes_of(program, after=None):
    """Return what the feed says after an address, and the address to ask next."""
    answer = program.get(after or "/changes")
    assert answer["is_at_end"]
    items = [(one["noun"], one["id"], one["what"]) for one in answer["items"]]
    return items, answer["next"].partition("/api/v1")[2]


def test_what_is_hidden_is_to_be_forgotten_by_those_who_saw_it(by, anybody, cast, session):
    row = makers.innovation("Breath counter", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    readers = {"anybody": anybody, "ics": by(cast.ics), "hin": by(cast.hin)}
    at = {}
    for name, program in readers.items():
        items, at[name] = changes_of(program)
        assert set(items) == {("innovation", row.id, "changed")}
    row.sharing = Sharing.HINS
    session.commit()
    said = {}
    for name, program in readers.items():
        said[name], at[name] = changes_of(program, at[name])
    gone = [("innovation", row.id, "removed")]
    assert said == {
        "anybody": gone,
        "ics": gone,
        "hin": [("innovation", row.id, "changed")],
    }
    row.summary = "Only for networks now"
    session.commit()
    for name in ("anybody", "ics"):
        assert changes_of(readers[name], at[name])[0] == []
    assert changes_of(readers["hin"], at["hin"])[0] == [("innovation", row.id, "changed")]


def test_what_somebody_never_saw_is_never_told_of(by, anybody, cast, session):
    row = makers.innovation("Hidden", of=cast.innovator, sharing=Sharing.HINS)
    session.commit()
    row.status = RecordStatus.ARCHIVED
    session.commit()
    for program in (anybody, by(cast.ics), by(cast.other_innovator)):
        assert changes_of(program)[0] == []
    assert ("innovation", row.id, "changed") in changes_of(by(cast.innovator))[0]


def test_a_challenge_that_is_deleted_is_to_be_forgotten(by, anybody, cast, session):
    row = makers.challenge("Falls", of=cast.ics, readers=Readers.PUBLIC)
    session.commit()
    number = row.id
    session.delete(row)
    session.commit()
    assert changes_of(anybody)[0][-1] == ("challenge", number, "removed")
    since = "?updated_since=2026-01-01"
    assert anybody.get(f"/challenges{since}")["removed"] == [number]


def test_who_stops_working_on_a_record_forgets_it(by, cast, session):
    row = makers.innovation("Shared", of=cast.innovator, sharing=Sharing.HINS)
    makers.collaborator(row, cast.other_innovator.user)
    session.commit()
    program = by(cast.other_innovator)
    _, here = changes_of(program)
    session.delete(session.query(Collaborator).one())
    session.commit()
    assert changes_of(program, here)[0] == [("innovation", row.id, "removed")]


def test_lists_tell_what_changed_since_and_what_to_forget(by, cast, session):
    old = makers.innovation("Old", of=cast.innovator, sharing=Sharing.PUBLIC)
    other = makers.innovation("Other", of=cast.innovator, sharing=Sharing.PUBLIC)
    session.commit()
    long_ago = now() - timedelta(days=9)
    for row in session.query(ApiChange):
        row.at = long_ago
    for row in (old, other):
        row.changed_at = long_ago
    session.flush()
    session.info.pop(FEED, None)
    session.commit()
    program = by(cast.ics)
    since = f"/records?updated_since={(now() - timedelta(days=1)).isoformat()[:19]}Z"
    assert program.get(since) == {"items": [], "removed": [], "merged": [], "next": None}
    makers.evidence("A year of use", of=old)
    other.sharing = Sharing.HINS
    session.commit()
    answer = program.get(since)
    assert [one["id"] for one in answer["items"]] == [old.id]
    assert answer["removed"] == [other.id]


def test_a_new_name_of_its_organisation_changes_a_record(by, cast, session):
    row = makers.innovation("Kept", of=cast.innovator, sharing=Sharing.HINS_AND_ICSS)
    session.commit()
    program = by(cast.ics)
    _, here = changes_of(program)
    cast.innovator.organisation.name = "Brighter Health"
    session.commit()
    assert changes_of(program, here)[0] == [("innovation", row.id, "changed")]


def test_what_is_taken_back_is_not_told(by, cast, session):
    row = makers.innovation("Kept", of=cast.innovator)
    session.commit()
    program = by(cast.hin)
    _, here = changes_of(program)
    row.name = "Taken back"
    session.flush()
    session.rollback()
    session.commit()
    assert changes_of(program, here)[0] == []


def test_a_long_feed_comes_in_parts(by, cast, session):
    for number in range(5):
        makers.innovation(f"One {number}", of=cast.innovator, sharing=Sharing.HINS)
        session.commit()
    program, here, seen = by(cast.hin), "/changes?limit=2", []
    while True:
        answer = program.get(here)
        seen += [one["id"] for one in answer["items"]]
        here = answer["next"].partition("/api/v1")[2]
        if answer["is_at_end"]:
            break
    assert len(set(seen)) == 5
    assert seen == sorted(seen)
    assert program.get(here)["items"] == []


def test_the_labels_say_what_the_policies_say(cast):
    """Every status, sharing and reader: a label in common is to see it."""
    owner, organisation = cast.innovator.user, cast.innovator.organisation
    for actor in cast.every_actor():
        for status in RecordStatus:
            for sharing in Sharing:
                for was_submitted in (True, False):
                    row = Innovation(
                        status=status,
                        sharing=sharing,
                        organisation_id=organisation.id,
                        owner_id=owner.id,
                        submitted_at=now() if was_submitted else None,
                        collaborators=[Collaborator(user_id=cast.other_innovator.user.id)],
                    )
                    labels = labels_of_innovation(
                        status,
                        sharing,
                        organisation.id,
                        [owner.id, cast.other_innovator.user.id],
                        was_submitted=was_submitted,
                    )
                    says = bool(labels & labels_of(actor))
                    assert says == can_see(actor, row), (actor, status, sharing, was_submitted)
        for state in ChallengeState:
            for readers in Readers:
                challenge = Challenge(
                    state=state, readers=readers, organisation_id=cast.ics.organisation.id
                )
                labels = labels_of_challenge(state, readers, cast.ics.organisation.id)
                says = bool(labels & labels_of(actor))
                assert says == challenge_can_see(actor, challenge), (actor, state, readers)
    db.session.expunge_all()
