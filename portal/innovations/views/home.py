"""What innovations contribute to the home page: drafts, what is proven, and changes wanted."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import on_day, own, proven, visible_to
from portal.innovations.queries.people import wanted_changes
from portal.innovations.queries.requests import requests_waiting
from portal.web.home import Ask, HomeCard


def _count(*clauses: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(Innovation).where(*clauses)


CARDS = (
    HomeCard(
        code="drafts",
        label=lambda: "Drafts",
        may=lambda actor: actor.is_innovator,
        count=lambda actor: _count(own(actor), Innovation.status == RecordStatus.DRAFT),
        href=lambda: url_for("innovations.catalogue", state="draft"),
        sub=lambda _: "not yet submitted",
    ),
    HomeCard(
        code="proven_to_open",
        label=lambda: "Proven innovations",
        may=lambda actor: actor.is_ics,
        count=lambda actor: _count(visible_to(actor), on_day.is_live_on(None), proven(today())),
        href=lambda: url_for("search.results", proven="yes"),
        sub=lambda _: "that you may open",
    ),
    HomeCard(
        code="proven_in_all",
        label=lambda: "Proven today",
        may=lambda actor: actor.is_national,
        count=lambda actor: _count(on_day.is_live_on(None), proven(today())),
        href=lambda: url_for("search.results", proven="yes"),
        sub=lambda counts: f"of {counts['pipeline_all']}",
        also={"pipeline_all": lambda actor: _count(on_day.is_live_on(None))},
    ),
)


def asks(actor: Actor) -> Sequence[Ask]:
    """Return what is asked of the owners of records: changes, and to share one with ICSs."""
    return [*_changes(actor), *_sharing(actor)]


def _sharing(actor: Actor) -> Sequence[Ask]:
    return [
        Ask(
            f"Share {request.innovation.name} with ICSs",
            url_for("innovations.sharing", innovation_id=request.innovation_id),
            request.organisation.name,
            request.due_on,
        )
        for request in (requests_waiting(actor) if actor.is_innovator else ())
    ]


def _changes(actor: Actor) -> Sequence[Ask]:
    """Return the sections of the actor's records that a HIN asked to be changed."""
    if not actor.is_innovator:
        return []
    return [
        Ask(
            f"{innovation.name}, {copy.section.value}: {copy.change_wanted}",
            url_for(
                "innovations.edit_section",
                innovation_id=innovation.id,
                section=copy.section.value,
            ),
            "Your network asks for a change",
        )
        for copy, innovation in wanted_changes(actor)
    ]
