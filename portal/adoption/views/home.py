"""What adoption contributes to the home page: what is used here, claims to confirm, and updates of
the quarter."""

from typing import Any

from flask import url_for
from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.adoption import policy
from portal.adoption.models import Sheet, SheetState
from portal.adoption.queries.claims import claims_to_decide
from portal.innovations.models import Innovation, Use
from portal.innovations.queries import visible_to
from portal.innovations.queries.on_day import is_used_in, use_is_in_use_on
from portal.reference.models import Ics
from portal.web.home import HomeCard


def _used_here(actor: Actor) -> Select[Any]:
    here = select(Ics.id).where(Ics.id == actor.ics_id)
    used = select(Use.innovation_id).where(is_used_in(here), use_is_in_use_on(None))
    return (
        select(func.count())
        .select_from(Innovation)
        .where(Innovation.id.in_(used), visible_to(actor))
    )


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
