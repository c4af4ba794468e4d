"""Two records of one innovation become one, and are taken apart again."""

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Actor
from portal.accounts.models.tokens import TokenScope
from portal.clock import clock_at, now, today
from portal.errors import Conflict, Forbidden
from portal.imports.services.innovations import Incoming, RowImporter
from portal.innovations.models import DuplicatePair, Innovation, RecordStatus, Sharing
from portal.innovations.queries import innovation_for, kept_of, visible_to
from portal.innovations.queries.duplicate_pairs import possible_duplicates
from portal.innovations.queries.merging import merge_for
from portal.innovations.services.duplicates import judge
from portal.innovations.services.merging import answer, merge_records
from portal.innovations.services.parting import undo
from portal.innovations.tasks import find_duplicates
from portal.merging import UNDO_DAYS, Merge, later_rows
from portal.notifications.models import Notification
from portal.support.models import Engagement, EngagementState, Interaction, InteractionKind
from portal.support.queries import engagement_of, engagements
from portal.support.services.interactions import InteractionDetails, log
from tests import makers
from tests.api.conftest import token_of
from tests.cast import Cast, Person
from tests.pages import PageClient

TEXT = (
    "A small sensor that people wear at home and that tells the community team when breathing "
    "gets worse, so that they are seen before they must go to hospital."
)


@pytest.fixture
def pair(cast: Cast, session: Session) -> tuple[Innovation, Innovation]:
    """Two records of Brightwell Health about one product."""
    one = makers.innovation("Breathe Easy", of=cast.innovator, summary=TEXT)
    other = makers.innovation("BreatheEasy sensor", of=cast.innovator, summary=f"{TEXT} It is new.")
    return one, other


def merged(pair: tuple[Innovation, Innovation], by: Actor, *chosen: str) -> Merge:
    """Make the two one."""
    return merge_records(one=pair[1], another=pair[0], why="The same sensor.", chosen=chosen, by=by)


def told(person: Person, session: Session) -> list[str]:
    """The subjects of somebody's messages."""
    stmt = select(Notification.subject).where(Notification.user_id == person.user.id)
    return list(session.scalars(stmt))


def test_the_older_one_is_kept_and_the_owner_of_both_is_told(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    one, other = pair
    merge = merged(pair, cast.hin.actor, "summary")
    assert merge.stands
    assert (merge.kept_id, merge.other_id) == (one.id, other.id)
    assert other.status is RecordStatus.ARCHIVED
    assert one.summary.endswith("It is new.")
    assert merge.before["kept"]["summary"] == TEXT
    assert "Breathe Easy and BreatheEasy sensor are one record now" in told(cast.innovator, session)
    listed = select(Innovation.id).where(visible_to(cast.national.actor))
    assert session.scalars(listed).all() == [one.id]


def test_every_address_of_the_old_one_leads_to_the_new(
    pair: tuple[Innovation, Innovation], cast: Cast, as_: Callable[[Person], PageClient]
) -> None:
    one, other = pair
    third = makers.innovation("Breathe well", of=cast.innovator)
    merged((other, third), cast.national.actor)
    merged((one, other), cast.national.actor)
    assert kept_of(third) is one
    client = as_(cast.national)
    for tail in ("", "/evidence", "/support", "/activity?page=1", "/introductions"):
        answer_ = client.get(f"/innovations/{third.id}{tail}")
        assert answer_.status_code == 301
        assert answer_.location == f"/innovations/{one.id}{tail}"
    stranger = as_(cast.other_ics).get(f"/innovations/{third.id}")
    assert stranger.status_code == 404, "who may not see the kept one learns nothing"


def test_people_of_two_organisations_are_both_asked(cast: Cast, session: Session) -> None:
    one = makers.innovation("Breathe Easy", of=cast.innovator)
    other = makers.innovation("Breathe-Easy", of=cast.other_innovator)
    merge = merged((one, other), cast.hin.actor)
    assert not merge.stands
    found = merge_for(cast.innovator.actor, merge.id)
    answer(found=found, agrees=True, why="", by=cast.innovator.actor)
    assert not merge.stands
    with pytest.raises(Forbidden):
        answer(found=found, agrees=True, why="", by=cast.innovator.actor)
    answer(found=found, agrees=True, why="", by=cast.other_innovator.actor)
    assert merge.stands
    assert kept_of(other) is one
    assert cast.other_innovator.user.id in {row.user_id for row in one.collaborators}
    undo(found=merge_for(cast.national.actor, merge.id), why="No.", by=cast.national.actor)
    assert one.collaborators == []
    assert innovation_for(cast.other_innovator.actor, other.id) is other


def test_who_reads_less_is_asked_before_others_read_more(
    pair: tuple[Innovation, Innovation], cast: Cast
) -> None:
    pair[0].sharing = Sharing.PUBLIC
    assert not merged(pair, cast.hin.actor).stands


def test_a_refusal_is_remembered_and_never_asked_again(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    pair[0].sharing = Sharing.PUBLIC
    session.flush()
    find_duplicates(lambda *_: None)
    listed = possible_duplicates(cast.hin.actor)
    assert [(row.one_id, row.other_id) for row in session.scalars(listed)] == [
        (pair[0].id, pair[1].id)
    ]
    merge = merged(pair, cast.hin.actor)
    assert session.scalars(listed).all() == [], "its people are asked already"
    found = merge_for(cast.innovator.actor, merge.id)
    answer(found=found, agrees=False, why="Another size.", by=cast.innovator.actor)
    pair[0].changed_at = now()
    session.flush()
    find_duplicates(lambda *_: None)
    assert session.scalars(select(DuplicatePair.id)).all() != []
    assert session.scalars(listed).all() == []


def test_the_list_is_for_the_area_of_a_network(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    find_duplicates(lambda *_: None)
    assert len(session.scalars(possible_duplicates(cast.hin.actor)).all()) == 1
    assert len(session.scalars(possible_duplicates(cast.national.actor)).all()) == 1
    assert session.scalars(possible_duplicates(cast.other_hin.actor)).all() == []
    judge(innovation=pair[0], other=pair[1], is_same=False, by=cast.hin.actor)
    assert session.scalars(possible_duplicates(cast.national.actor)).all() == []


def test_another_network_may_not_make_them_one(
    pair: tuple[Innovation, Innovation], cast: Cast
) -> None:
    with pytest.raises(Forbidden):
        merged(pair, cast.other_hin.actor)
    with pytest.raises(Forbidden):
        merged(pair, cast.ics.actor)


def test_one_network_goes_on_with_one_of_its_two_engagements(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    one, other = pair
    ours = engagement_of(one.id, cast.hin.actor.hin_id)
    theirs = engagement_of(other.id, cast.hin.actor.hin_id)
    assert ours is not None
    assert theirs is not None
    was = theirs.state, theirs.due_on, theirs.is_leading
    merge = merged(pair, cast.hin.actor)
    assert engagement_of(one.id, cast.hin.actor.hin_id) is ours
    assert (theirs.replaced_by_id, theirs.innovation_id) == (ours.id, one.id)
    assert theirs.state is EngagementState.CLOSED
    assert [row.is_leading for row in (ours, theirs)] == [True, False]
    assert list(engagements(one.id)) == [ours]
    undo(found=merge_for(cast.hin.actor, merge.id), why="No.", by=cast.hin.actor)
    assert (theirs.state, theirs.due_on, theirs.is_leading) == was
    assert engagement_of(other.id, cast.hin.actor.hin_id) is theirs


def test_what_came_since_is_a_list_to_decide(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    one, other = pair
    merge = merged(pair, cast.hin.actor, "summary", "website")
    new = makers.evidence("A second year", of=one)
    stays = makers.evidence("Another one", of=one)
    one.summary = "Changed again."
    session.flush()
    found = merge_for(cast.hin.actor, merge.id)
    keys = {row.row_id: row.key for row in later_rows(merge) if row.rule.table == "evidence"}
    assert set(keys) == {new.id, stays.id}
    undo(found=found, why="No.", also=[keys[new.id]], by=cast.hin.actor)
    assert (new.innovation_id, stays.innovation_id) == (other.id, one.id)
    assert one.summary == "Changed again.", "what somebody wrote since is theirs to keep"
    assert other.merged_into_id is None


def test_it_is_taken_back_once_and_within_its_days(
    pair: tuple[Innovation, Innovation], cast: Cast
) -> None:
    found = merge_for(cast.hin.actor, merged(pair, cast.hin.actor).id)
    with clock_at(now() + timedelta(days=UNDO_DAYS, minutes=1)), pytest.raises(Conflict):
        undo(found=found, why="Late.", by=cast.hin.actor)
    undo(found=found, why="In time.", by=cast.hin.actor)
    with pytest.raises(Conflict):
        undo(found=found, why="Twice.", by=cast.hin.actor)
    assert merged(pair, cast.hin.actor).stands, "they may become one again"


def test_the_second_of_two_gets_words(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    merged(pair, cast.hin.actor)
    with pytest.raises(Forbidden):
        merged((pair[1], pair[0]), cast.hin.actor)
    assert session.scalars(select(Engagement.id)).all() != []


def test_both_answers_and_both_timelines_are_read(
    pair: tuple[Innovation, Innovation],
    cast: Cast,
    session: Session,
    as_: Callable[[Person], PageClient],
) -> None:
    merge = merged(pair, cast.hin.actor)
    session.commit()
    client = as_(cast.innovator)
    page = client.get(f"/merges/{merge.id}").text
    assert TEXT in page
    assert "It is new." in page
    activity = client.get(f"/innovations/{pair[0].id}/activity").text
    assert "Made one with “Breathe Easy”" in activity
    assert "Made one with “BreatheEasy sensor”" in activity


def test_a_hin_compares_chooses_and_makes_them_one(
    pair: tuple[Innovation, Innovation],
    cast: Cast,
    session: Session,
    as_: Callable[[Person], PageClient],
) -> None:
    find_duplicates(lambda *_: None)
    session.commit()
    one, other = pair
    client = as_(cast.hin)
    assert "Breathe Easy and BreatheEasy sensor" in client.get("/duplicates").text
    assert "It is new." in client.get(f"/innovations/{other.id}/merge/{one.id}").text
    address = f"/innovations/{one.id}/merge/{other.id}/confirm?take=summary"
    assert "engagements of networks, with their interactions: 1" in client.get(address).text
    assert "Enter why they are the same innovation" in client.post(address, data={"why": ""}).text
    sent = client.post(address, data={"why": "The same sensor."})
    assert sent.status_code == 302
    session.expire_all()
    assert kept_of(other) is one
    assert one.summary.endswith("It is new.")


def test_programs_are_told_and_led_on(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session, app: Flask
) -> None:
    token = {"Authorization": f"Bearer {token_of(cast.national, TokenScope.READ)}"}
    since = today().isoformat()
    session.commit()
    merged(pair, cast.hin.actor)
    session.commit()
    one, other = pair
    client = app.test_client()
    led = client.get(f"/api/v1/innovations/{other.id}", headers=token)
    assert (led.status_code, led.location) == (301, f"/api/v1/innovations/{one.id}")
    records = client.get(f"/api/v1/records?updated_since={since}", headers=token).json
    assert records["merged"] == [{"id": other.id, "merged_into": one.id}]
    assert other.id in records["removed"]
    changes = client.get("/api/v1/changes", headers=token).json["items"]
    assert [c["merged_into"] for c in changes if c["id"] == other.id][-1] == one.id
    stage = f"/api/v1/innovations/{other.id}/stage"
    sent = client.put(stage, headers=token, json={"stage": "READY"})
    assert sent.status_code in {403, 409}


def test_interactions_and_decisions_of_both_stand_on_the_kept_record(
    pair: tuple[Innovation, Innovation],
    cast: Cast,
    session: Session,
    as_: Callable[[Person], PageClient],
) -> None:
    one = pair[0]
    with_both = [engagement_of(record.id, cast.hin.actor.hin_id) for record in pair]
    kinds = [makers.term_of_support().id]
    for title, about in (("First", with_both[:1]), ("Second", with_both[1:]), ("Both", with_both)):
        told = InteractionDetails(
            kind=InteractionKind.EVENT, title=title, on=today(), minutes=60, kind_ids=kinds
        )
        log(engagements=[row for row in about if row], details=told, by=cast.hin.actor)
    merged(pair, cast.hin.actor)
    session.commit()
    client = as_(cast.hin)
    page = client.get(f"/innovations/{one.id}/support").text
    for line in ("Event: First, 1 hour", "Event: Second, 1 hour", "Event: Both, 1 hour"):
        assert line in page
    assert "the network goes on with its other engagement" in page
    for interaction in session.scalars(select(Interaction.id)):
        assert client.get(f"/support/interactions/{interaction}/edit").status_code == 200
    for pages in ("people", "evidence", "use", "progress", "proven", "introductions", "challenges"):
        assert client.get(f"/innovations/{one.id}/{pages}").status_code == 200, pages


def test_a_file_that_knows_the_old_one_finds_the_kept_one(
    pair: tuple[Innovation, Innovation], cast: Cast, session: Session
) -> None:
    one, other = pair
    other.external_key, other.importer_id = "A1", cast.hin.organisation.id
    merged(pair, cast.hin.actor)
    bringing = RowImporter(by=cast.hin.actor, importer_id=cast.hin.organisation.id)
    named = dict.fromkeys(field.name for field in fields(Incoming))
    assert bringing.found(Incoming(**{**named, "external_key": "A1"})) is one
