"""What innovations contribute to the home page: drafts, what is proven, and changes wanted."""

from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select

from portal.clock import today
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.queries import on_day, own, own_counted_for, proven, role_counted_for
from portal.innovations.queries.people import wanted_changes
from portal.innovations.queries.requests import sharing_wanted
from portal.web.home import AskSource, HomeCard


def _count(*clauses: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).select_from(Innovation).where(*clauses)


def _proven(may_open: ColumnElement[bool]) -> Select[Any]:
    is_here = Innovation.merged_into_id.is_(None)
    return _count(may_open, is_here, on_day.is_live_on(None), proven(today()))


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
        count=lambda actor: _proven(role_counted_for(actor)),
        own=lambda actor: _proven(own_counted_for(actor) & ~role_counted_for(actor)),
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


ASKS = (
    AskSource(
        may=lambda actor: actor.is_innovator,
        rows=wanted_changes,
        title=lambda ask: f"{ask.name}, {ask.key}: {ask.text}",
        href=lambda ask: url_for("innovations.edit_section", innovation_id=ask.id, section=ask.key),
    ),
    AskSource(
        may=lambda actor: actor.is_innovator,
        rows=sharing_wanted,
        title=lambda ask: f"Share {ask.name} with ICSs",
        href=lambda ask: url_for("innovations.sharing", innovation_id=ask.id),
    ),
)
