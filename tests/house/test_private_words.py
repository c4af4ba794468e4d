"""What was written for few is on nobody else's page, download, message, trail or index.

A word of its own is planted in every field that is for some people only; then every address of the
table of access is opened by everybody whom the word is not for.
"""

import json
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Actor, Membership, User
from portal.accounts.session import actor_of
from portal.audit.models import AuditEvent
from portal.clock import today
from portal.db import db
from portal.notifications.models import Email, Notification
from portal.search.indexing.reading import documents
from portal.support.models import (
    Doer,
    Engagement,
    InteractionEvent,
    InteractionKind,
    Matter,
    MatterState,
    Partnership,
    Proposal,
    Survey,
)
from portal.support.queries import engagement_of
from portal.support.services import closing, engagements, matters, partnerships
from portal.support.services.interactions import Contact, correct, edit, log
from tests import makers
from tests.house.conftest import PEOPLE, Walk, rows

PATHS = tuple(row["path"] for row in rows() if row["method"] == "GET")


@dataclass(frozen=True)
class Secret:
    """A word, and who may read it."""

    word: str
    readers: frozenset[str]

    def __str__(self) -> str:
        return f"{self.word} for few"


def _secret(word: str, *readers: str) -> Secret:
    return Secret(word, frozenset(readers))


CONTACT = _secret("zebrafinch", "hin")
MATTER = _secret("oystercatcher", "hin", "innovator", "colleague")
REVIEW = _secret("greenfinch", "hin", "national")
PROPOSAL = _secret("kingfisher", "hin", "other_hin", "national")
SURVEY = _secret("sandpiper", "hin")
REASON = _secret("turnstone", "hin", "other_hin", "national")
SECRETS = (CONTACT, MATTER, REVIEW, PROPOSAL, SURVEY, REASON)
SEARCHES = tuple(
    f"{page}?q={secret.word}"
    for secret in SECRETS
    for page in ("/search", "/innovations", "/support", "/support/interactions", "/challenges")
)


@pytest.fixture(scope="module")
def planted(app: Flask, walk: Walk) -> Walk:
    """The world of the table, with the words in it."""
    with app.app_context():
        hin, owner = _acting("Hana West"), _acting("Ida Brown")
        case = engagement_of(int(str(walk.names["engaging"])), hin.hin_id)
        assert case is not None
        _contacts(walk, case, hin)
        _reasons(case, hin)
        _matters(walk, hin, owner)
        _between(walk, hin, owner)
        db.session.commit()
    return walk


def _acting(name: str) -> Actor:
    """Return somebody of the cast in the only role that they have."""
    of = select(Membership).join(User, User.id == Membership.user_id).where(User.name == name)
    membership = db.session.scalars(of).one()
    return actor_of(membership.user, membership)


def _contacts(walk: Walk, case: Engagement, hin: Actor) -> None:
    """In the contact of the table, in one that its network corrected, and why."""
    told = {
        "kind": InteractionKind.CALL,
        "kind_ids": [makers.term_of_support().id],
        "quarters": 4,
        "title": f"{CONTACT} title",
        "note": f"{CONTACT} note",
        "next_step": f"{CONTACT} step",
        "people": [f"{CONTACT} person"],
        "organisations": [f"{CONTACT} organisation"],
    }
    event = db.session.get_one(InteractionEvent, walk.names["interaction"])
    edit(event=event, version=event.version, contact=Contact(on=today(), **told), by=hin)
    last_year = today() - timedelta(days=200)
    past = log(engagements=[case], contact=Contact(on=last_year, **told), by=hin)
    correct(event=past, contact=Contact(on=last_year, **told), why=f"{CONTACT} why", by=hin)


def _reasons(case: Engagement, hin: Actor) -> None:
    """Why a level changed, and why it carries on though its hours are spent."""
    told = {"engagement": case, "by": hin, "why": f"{REASON} reason"}
    engagements.change_level(**told, version=case.version, level=1)
    length = {"kind": InteractionKind.CALL, "kind_ids": [makers.term_of_support().id]}
    log(engagements=[case], contact=Contact(on=today(), quarters=40, **length), by=hin)
    engagements.carry_on(**told, version=case.version)


def _matters(walk: Walk, hin: Actor, owner: Actor) -> None:
    """In a matter's title, its messages, its file and the words that end it."""
    matter = db.session.get_one(Matter, walk.names["matter"])
    file = (BytesIO(f"{MATTER} file".encode()), f"{MATTER.word}.txt")
    matters.write(matter=matter, body=f"{MATTER} question", file=file, by=hin)
    done = matters.open_matter(
        engagement=matter.engagement,
        title=f"{MATTER} title",
        body=f"{MATTER} body",
        doer=Doer.INNOVATOR,
        by=hin,
    )
    ended = {"version": done.version, "state": MatterState.DONE, "words": f"{MATTER} end"}
    matters.end(matter=done, by=owner, **ended)
    matter.title = f"{MATTER} title of the first"


def _between(walk: Walk, hin: Actor, owner: Actor) -> None:
    """In a review that is not shared, a proposal, and an answer to a survey."""
    partnership = db.session.get_one(Partnership, walk.names["partnership"])
    partnerships.review(partnership=partnership, on=today(), outcomes=f"{REVIEW}", by=hin)
    db.session.get_one(Proposal, walk.names["proposal"]).words = f"{PROPOSAL} words"
    closing.answer(
        survey=db.session.get_one(Survey, walk.names["survey"]),
        scores={"reach": 1, "use": 2, "gain": 3},
        comment=f"{SURVEY} answer",
        may_be_read=True,
        by=owner,
    )


def _text(answer: TestResponse) -> str:
    """Return all that an answer says; of a workbook, all its sheets."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts).decode(errors="replace")


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_reads_what_is_not_for_them(planted: Walk, person: str) -> None:
    secrets = [str(one) for one in SECRETS if person not in one.readers]
    for path in (*PATHS, *SEARCHES):
        text = _text(planted.open(person, "GET", path))
        assert not [words for words in secrets if words in text], path


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.word)
def test_everybody_whom_it_is_for_reads_it_somewhere(planted: Walk, secret: Secret) -> None:
    pages = (
        "/innovations/{engaging}/support",
        "/support/interactions",
        "/support/matters/{matter}",
        "/support/partnerships",
        "/support/proposals/{proposal}",
        "/support/surveys",
    )
    for person in secret.readers:
        texts = [_text(planted.open(person, "GET", page)) for page in pages]
        assert [text for text in texts if str(secret) in text], person


def test_no_message_trail_or_index_carries_it_further(app: Flask, planted: Walk) -> None:
    with app.app_context():
        told = [
            (email.address, f"{email.subject} {email.body}")
            for email in db.session.scalars(select(Email))
        ]
        told += [
            (user.email, f"{row.subject} {row.body}")
            for row, user in db.session.execute(
                select(Notification, User).join(User, User.id == Notification.user_id)
            )
        ]
        events = db.session.scalars(select(AuditEvent)).all()
        trail = [f"{event.summary} {json.dumps(event.changes)}" for event in events]
        ids = [value for key, value in planted.names.items() if key in ("engaging", "partnered")]
        index = [repr(found) for found in documents([int(str(one)) for one in ids])]
    assert len(told) > 20
    assert len(trail) > 20
    assert len(index) == 2
    for secret in SECRETS:
        assert not [address for address, text in told if str(secret) in text], secret
        assert not [text for text in index if str(secret) in text], secret
    for secret in (one for one in SECRETS if one is not REASON):
        assert not [line for line in trail if str(secret) in line], secret
