"""What the desk contributes to the home page: its queues."""

from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.desk.queries.queues import Queue, in_queue
from portal.support.models import Engagement
from portal.web.home import Counts, HomeCard


def _count(queue: Queue, actor: Actor) -> Select[Any]:
    counted = select(func.count(Engagement.id)).select_from(Engagement)
    return counted.where(in_queue(queue, actor, today()))


def _card(queue: Queue, label: str) -> HomeCard:
    return HomeCard(
        code=f"desk_{queue.value}",
        label=lambda: label,
        may=lambda actor: actor.is_hin,
        count=lambda actor: _count(queue, actor),
        href=lambda: url_for("desk.desk", queue=queue.value),
        sub=_of_live,
        also={"desk_live": lambda actor: _count(Queue.HIN, actor)},
    )


def _of_live(counts: Counts) -> str:
    return f"of {counts['desk_live']} live"


CARDS = (
    _card(Queue.NEW, "New, to pick up"),
    _card(Queue.OVERDUE, "Overdue"),
    _card(Queue.MINE, "Mine"),
    _card(Queue.WAITING, "Waiting for somebody"),
    HomeCard(
        code="desk_overdue_in_all",
        label=lambda: "Engagements overdue",
        may=lambda actor: actor.is_national,
        count=lambda actor: _count(Queue.OVERDUE, actor),
        href=lambda: url_for("desk.desk", queue=Queue.OVERDUE.value),
        sub=lambda _: "in all HINs",
    ),
)
