"""What introductions contribute to the home page: those under way, and those that wait for us."""

from typing import Any

from flask import url_for
from sqlalchemy import Select, case, func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.introductions.models import Introduction, State
from portal.introductions.queries import visible_to
from portal.introductions.queries.listing import Queue, in_queue, next_steps
from portal.introductions.rules import ask_words
from portal.web.home import AskSource, HomeCard


def _counts(actor: Actor) -> Select[*tuple[Any, ...]]:
    ours = case((in_queue(Queue.OURS, actor, today()), 1))
    return (
        select(
            func.count(Introduction.id).label("introductions"),
            func.count(ours).label("introductions_ours"),
        )
        .select_from(Introduction)
        .where(visible_to(actor), in_queue(Queue.OPEN, actor, today()))
    )


CARDS = (
    HomeCard(
        code="introductions",
        label=lambda: "Introductions under way",
        may=lambda actor: actor.is_innovator or actor.is_ics or actor.is_hin,
        count=_counts,
        href=lambda: url_for("introductions.index", queue=Queue.OPEN.value),
        sub=lambda counts: f"{counts['introductions_ours']} waiting for us",
    ),
)


ASKS = (
    AskSource(
        may=lambda actor: actor.is_innovator or actor.is_ics or actor.is_hin,
        rows=next_steps,
        title=lambda ask: ask_words(State(ask.key), ask.name),
        href=lambda ask: url_for("introductions.show", introduction_id=ask.id),
    ),
)
