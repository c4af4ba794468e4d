"""What introductions contribute to the home page: those under way, and those that wait for us."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.introductions.models import Introduction
from portal.introductions.queries import visible_to
from portal.introductions.queries.listing import Queue, in_queue, listed
from portal.introductions.rules import ask_words
from portal.web.home import Ask, HomeCard


def _count(queue: Queue, actor: Actor) -> Select[Any]:
    counted = select(func.count(Introduction.id)).select_from(Introduction)
    return counted.where(visible_to(actor), in_queue(queue, actor, today()))


CARDS = (
    HomeCard(
        code="introductions",
        label=lambda: "Introductions under way",
        may=lambda actor: actor.is_innovator or actor.is_ics or actor.is_hin,
        count=lambda actor: _count(Queue.OPEN, actor),
        href=lambda: url_for("introductions.index", queue=Queue.OPEN.value),
        sub=lambda counts: f"{counts['introductions_ours']} waiting for us",
        also={"introductions_ours": lambda actor: _count(Queue.OURS, actor)},
    ),
)


def asks(actor: Actor) -> Sequence[Ask]:
    """Return the introductions whose next step lies with the actor's side."""
    if not (actor.is_innovator or actor.is_ics or actor.is_hin):
        return []
    rows = db.session.execute(listed(actor, Queue.OURS)).unique().all()
    return [
        Ask(
            ask_words(one),
            url_for("introductions.show", introduction_id=one.id),
            one.organisation.name,
            one.due_on,
        )
        for one, _ in rows
    ]
