"""Who is told about a call, and the record of it: everybody is told the same, at the same time."""

from collections.abc import Sequence
from typing import Any

from blinker import Signal

from portal.accounts.models import User
from portal.accounts.queries.acting import leads
from portal.challenges.models import (
    Call,
    CallAmendment,
    CallQuestion,
    CallTold,
    Challenge,
    ToldKind,
)
from portal.challenges.queries.calls import organisation_ids, stating_people
from portal.challenges.queries.following import followers
from portal.clock import today
from portal.db import db
from portal.notifications.outbox import tell

amended = Signal("The terms of a published call were changed.")
"""Sent with the call, inside the transaction: what hangs on its days follows."""


def url_of(challenge: Challenge) -> str:
    """Return the path of the page of a call."""
    return f"/challenges/{challenge.id}/call"


def tell_published(call: Call) -> None:
    """Tell the HIN that is the contact, and who follows the challenge; everybody else reads it on
    the page."""
    people = leads(call.contact_hin_id) if call.contact_hin_id else ()
    _tell(call, ToldKind.PUBLISHED, people, "call_published")
    asked = {person.id for person in people}
    others = [person for person in followers(call.challenge) if person.id not in asked]
    _tell_people(call, ToldKind.PUBLISHED, others, "call_followed")


def tell_amended(call: Call, amendment: CallAmendment) -> None:
    """Tell who follows or answered that the terms were changed."""
    number = amendment.number
    amended.send(call)
    _tell(
        call,
        ToldKind.AMENDED,
        followers(call.challenge),
        "call_amended",
        number=number,
        why=amendment.why,
        is_over=call.closes_on < today(),
    )


def tell_asked(question: CallQuestion) -> None:
    """Tell those who state the challenge that a question waits; not who asked it."""
    tell(
        stating_people(question.call.challenge),
        "challenges/emails/question_asked.txt",
        url=url_of(question.call.challenge),
        call=question.call,
        challenge=question.call.challenge,
    )


def tell_answered(question: CallQuestion) -> None:
    """Tell who follows, as whoever asks does, that question and answer are on the page: that
    somebody was told does not say who asked."""
    call = question.call
    _tell(
        call, ToldKind.ANSWERED, followers(call.challenge), "question_answered", number=question.id
    )


def tell_result(call: Call) -> None:
    """Tell who follows or answered what came of the call."""
    _tell(call, ToldKind.RESULT, followers(call.challenge), "call_result")


def tell_came_of_it(call: Call) -> None:
    """Tell them again, when more is known."""
    _tell(call, ToldKind.CAME_OF_IT, followers(call.challenge), "call_came_of_it")


def tell_questions_late(call: Call) -> None:
    """Remind those who state the challenge that the day has passed on which questions should have
    their answers."""
    tell(
        stating_people(call.challenge),
        "challenges/emails/questions_late.txt",
        url=url_of(call.challenge),
        call=call,
        challenge=call.challenge,
    )


def _tell(
    call: Call,
    kind: ToldKind,
    people: Sequence[User],
    template: str,
    *,
    number: int | None = None,
    **words: Any,
) -> None:
    """Tell people, and keep that it stands on the page for everybody and who was told besides."""
    db.session.add(CallTold(call_id=call.id, kind=kind, number=number))
    _tell_people(call, kind, people, template, number=number, **words)


def _tell_people(
    call: Call,
    kind: ToldKind,
    people: Sequence[User],
    template: str,
    *,
    number: int | None = None,
    **words: Any,
) -> None:
    tell(
        people,
        f"challenges/emails/{template}.txt",
        url=url_of(call.challenge),
        call=call,
        challenge=call.challenge,
        **words,
    )
    act_for = organisation_ids(people)
    for person in (one for one in people if one.active):
        db.session.add(
            CallTold(
                call_id=call.id,
                kind=kind,
                number=number,
                user_id=person.id,
                organisation_id=act_for.get(person.id),
            )
        )
    db.session.flush()
