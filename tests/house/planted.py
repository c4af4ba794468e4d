"""What was written for few: a word of its own in every field that is for some people only."""

import zipfile
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.accounts.models import Actor, Membership, User
from portal.accounts.session import actor_of
from portal.clock import today
from portal.db import db
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
from tests.house.conftest import Walk


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


def plant(walk: Walk) -> None:
    """Put the words into the world of the table."""
    with walk.app.app_context():
        hin, owner = _acting("Hana West"), _acting("Ida Brown")
        case = engagement_of(int(str(walk.names["engaging"])), hin.hin_id)
        assert case is not None
        _contacts(walk, case, hin)
        _reasons(case, hin)
        _matters(walk, hin, owner)
        _between(walk, hin, owner)
        db.session.commit()


def overheard(person: str, answer: TestResponse) -> list[str]:
    """Return the words in an answer that are not for the person who got it."""
    text = text_of(answer)
    return [str(one) for one in SECRETS if person not in one.readers and str(one) in text]


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
        survey=db.session.get_one(Survey, walk.names["other_survey"]),
        scores={"reach": 1, "use": 2, "gain": 3},
        comment=f"{SURVEY} answer",
        may_be_read=True,
        by=owner,
    )


def text_of(answer: TestResponse) -> str:
    """Return all that an answer says; of a workbook, all its sheets."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode(errors="replace")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    return b"\n".join(parts).decode(errors="replace")
