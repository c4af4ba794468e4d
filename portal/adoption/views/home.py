"""What adoption contributes to the home page: what is used here, claims to confirm, and updates of
the quarter."""

from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, exists, func, select

from portal.accounts.models import Actor
from portal.adoption import policy
from portal.adoption.models import Sheet, SheetState
from portal.adoption.queries.claims import claims_to_decide
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import own_counted_for, role_counted_for
from portal.innovations.queries.on_day import is_used_in, use_is_in_use_on, used_in_ics
from portal.reference.models import Ics
from portal.web.home import HomeCard


def _used_here(actor: Actor) -> Select[Any]:
    here = select(Ics.id).where(Ics.id == actor.ics_id)
    used = select(Use.innovation_id).where(is_used_in(here), use_is_in_use_on(None))
    return _count(role_counted_for(actor), Innovation.id.in_(used))


def _used_here_of_own(actor: Actor) -> Select[Any]:
    """Record by record: those that only this reader may open are few."""
    only_own = own_counted_for(actor) & ~role_counted_for(actor)
    here = used_in_ics().in_(select(Ics.id).where(Ics.id == actor.ics_id))
    its = Use.innovation_id == Innovation.id
    used = exists(select(Use.id).where(its, here, use_is_in_use_on(None))).correlate(Innovation)
    return _count(only_own, used)


def _count(*clauses: ColumnElement[bool]) -> Select[Any]:
    is_here = Innovation.merged_into_id.is_(None)
    return select(func.count()).select_from(Innovation).where(is_here, *clauses)


def _claims(actor: Actor) -> Select[Any]:
    return claims_to_decide(actor).with_only_columns(func.count())


def _to_send(actor: Actor) -> Select[Any]:
    waiting = Sheet.state.in_([SheetState.OPEN, SheetState.ASKED])
    return select(func.count(Sheet.id)).where(Sheet.hin_id == actor.hin_id, waiting)


def _to_review(_actor: Actor) -> Select[Any]:
    return select(func.count(Sheet.id)).where(Sheet.state == SheetState.SUBMITTED)


CARDS = (
    HomeCard(
        code="adoption_used_here",
        label=lambda: "Innovations in use in your ICS",
        may=lambda actor: actor.is_ics,
        count=_used_here,
        own=_used_here_of_own,
        href=lambda: url_for("adoption.own_area"),
    ),
    HomeCard(
        code="adoption_claims",
        label=lambda: "Claims of use to confirm",
        may=lambda actor: policy.can_update(actor, actor.hin_id),
        count=_claims,
        href=lambda: url_for("adoption.claims"),
    ),
    HomeCard(
        code="adoption_to_send",
        label=lambda: "Updates of the quarter to send",
        may=lambda actor: actor.is_hin,
        count=_to_send,
        href=lambda: url_for("adoption.sheet_list", only="send"),
    ),
    HomeCard(
        code="adoption_to_review",
        label=lambda: "Updates of networks to review",
        may=lambda actor: actor.is_national,
        count=_to_review,
        href=lambda: url_for("adoption.sheet_list", only="review"),
    ),
)
