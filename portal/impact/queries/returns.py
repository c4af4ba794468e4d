"""Read campaigns and company returns: who may see which, and what they come to."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, literal, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Actor, Organisation
from portal.accounts.queries.acting import addresses_of_leavers
from portal.accounts.rules import hashed
from portal.clock import today
from portal.db import by_name, db
from portal.errors import NotFound
from portal.impact.models import (
    CompanyReturn,
    HeardInvestment,
    ReturnCampaign,
    ReturnInvestment,
    ReturnKey,
    ReturnNetwork,
    ReturnState,
)
from portal.impact.policy import WRITABLE, can_be_answered, can_see


def campaigns() -> Sequence[ReturnCampaign]:
    """Return every campaign, the newest year first."""
    return db.session.scalars(select(ReturnCampaign).order_by(ReturnCampaign.year.desc())).all()


def campaign_for(campaign_id: int) -> ReturnCampaign:
    """Return one campaign; raises NotFound."""
    found = db.session.get(ReturnCampaign, campaign_id)
    if found is None:
        raise NotFound("There is no such yearly return.")
    return found


# Whose


def visible_to(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return SQL for `policy.can_see`, in a statement that has the return and its campaign."""
    if actor.is_innovator:
        theirs = CompanyReturn.organisation_id == actor.organisation_id
        return theirs & (ReturnCampaign.opens_on <= on)
    if actor.is_hin:
        return supported_by(actor.hin_id)
    return true() if actor.is_national else false()


def supported_by(hin_id: int | None) -> ColumnElement[bool]:
    """Return SQL for "the network supported the company in the year"."""
    return exists().where(
        ReturnNetwork.return_id == CompanyReturn.id, ReturnNetwork.hin_id == hin_id
    )


def return_for(actor: Actor, return_id: int) -> CompanyReturn:
    """Return a return that the actor may read: the only door. Raises NotFound for any other."""
    found = db.session.get(CompanyReturn, return_id, options=_whole())
    if found is None or not can_see(actor, found, today()):
        raise NotFound("There is no such return that you may read.")
    return found


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(CompanyReturn.campaign),
        joinedload(CompanyReturn.organisation),
        joinedload(CompanyReturn.checked_by),
        selectinload(CompanyReturn.networks).joinedload(ReturnNetwork.hin),
        selectinload(CompanyReturn.investments),
        selectinload(CompanyReturn.steps),
    )


def key_called(key: str) -> ReturnKey | None:
    """Return the row of a personal link while it opens something; None for a link that was never
    sent, once its campaign is not open, and for who left the company."""
    found = db.session.scalars(
        select(ReturnKey)
        .where(ReturnKey.key_hash == hashed(key))
        .options(joinedload(ReturnKey.company_return).joinedload(CompanyReturn.campaign))
    ).one_or_none()
    return found if found and _opens(found) else None


def key_numbered(key_id: int | None) -> ReturnKey | None:
    """Return the row of the link with which a browser began, while it opens something."""
    found = db.session.get(ReturnKey, key_id) if key_id else None
    return found if found and _opens(found) else None


def _opens(key: ReturnKey) -> bool:
    """Its campaign is open, and the person to whom it was sent has not left the company."""
    row = key.company_return
    has_left = bool(addresses_of_leavers(row.organisation_id, [key.email]))
    return row.campaign.is_open(today()) and not has_left


def returns_of(organisation_id: int) -> Sequence[CompanyReturn]:
    """Return a company's returns of all years, the newest first."""
    return db.session.scalars(
        select(CompanyReturn)
        .join(CompanyReturn.campaign)
        .options(contains_eager(CompanyReturn.campaign), *_whole()[1:])
        .where(CompanyReturn.organisation_id == organisation_id)
        .order_by(ReturnCampaign.year.desc(), CompanyReturn.id)
    ).all()


def before(row: CompanyReturn) -> CompanyReturn | None:
    """Return the company's return of the newest earlier year in which its answer stands."""
    earlier = [
        one
        for one in returns_of(row.organisation_id)
        if one.campaign.year < row.campaign.year and one.handed_in_at is not None
    ]
    return earlier[0] if earlier else None


def heard_of(row: CompanyReturn) -> Sequence[HeardInvestment]:
    """Return the investment of which networks heard in the year of a return, by its day."""
    return db.session.scalars(
        select(HeardInvestment)
        .where(
            HeardInvestment.organisation_id == row.organisation_id,
            HeardInvestment.on.between(row.campaign.first, row.campaign.last),
        )
        .options(joinedload(HeardInvestment.hin))
        .order_by(HeardInvestment.on, HeardInvestment.id)
    ).all()


# Lists

Listed = Select[CompanyReturn]


def listed(actor: Actor) -> Select[CompanyReturn]:
    """Return the returns that the actor may read with all that a row shows, not in order."""
    return (
        select(CompanyReturn)
        .join(CompanyReturn.campaign)
        .join(CompanyReturn.organisation)
        .options(
            contains_eager(CompanyReturn.campaign),
            contains_eager(CompanyReturn.organisation),
            selectinload(CompanyReturn.investments),
            selectinload(CompanyReturn.networks).joinedload(ReturnNetwork.hin),
        )
        .where(visible_to(actor, today()))
    )


def reported_before(rows: Iterable[CompanyReturn]) -> dict[int, CompanyReturn]:
    """Return last year's answered return of each return of a list, by the return's number.

    One statement and one for its investments, however long the list.
    """
    wanted = {(one.organisation_id, one.campaign.year - 1): one.id for one in rows}
    found = db.session.scalars(
        select(CompanyReturn)
        .join(CompanyReturn.campaign)
        .options(contains_eager(CompanyReturn.campaign), selectinload(CompanyReturn.investments))
        .where(
            CompanyReturn.organisation_id.in_({organisation for organisation, _ in wanted}),
            CompanyReturn.handed_in_at.is_not(None),
        )
        .order_by(CompanyReturn.id)
    )
    keys = [((one.organisation_id, one.campaign.year), one) for one in found]
    return {wanted[key]: one for key, one in keys if key in wanted}


def pounds_of() -> ColumnElement[int]:
    """Return SQL for the pounds that a return reports, of all kinds."""
    return (
        select(func.coalesce(func.sum(ReturnInvestment.pounds), 0))
        .where(ReturnInvestment.return_id == CompanyReturn.id)
        .correlate(CompanyReturn)
        .scalar_subquery()
    )


def next_to_check(actor: Actor, campaign_id: int) -> int | None:
    """Return the number of the next return that waits for the actor's network, oldest first."""
    return db.session.scalar(
        select(CompanyReturn.id)
        .where(
            CompanyReturn.campaign_id == campaign_id,
            CompanyReturn.state == ReturnState.HANDED_IN,
            supported_by(actor.hin_id) if actor.is_hin else false(),
        )
        .order_by(CompanyReturn.handed_in_at, CompanyReturn.id)
        .limit(1)
    )


def published(campaign_ids: Collection[int]) -> Sequence[CompanyReturn]:
    """Return accepted answers of campaigns whose company agreed that they are published, by
    name."""
    return db.session.scalars(
        select(CompanyReturn)
        .join(CompanyReturn.organisation)
        .options(
            contains_eager(CompanyReturn.organisation), selectinload(CompanyReturn.investments)
        )
        .where(
            CompanyReturn.campaign_id.in_(campaign_ids),
            CompanyReturn.state == ReturnState.ACCEPTED,
            CompanyReturn.may_publish.is_(True),
        )
        .order_by(by_name(Organisation.name), CompanyReturn.id)
    ).all()


# What is asked of a person


def waiting_for_company(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the returns that wait for the actor's company, as the home page's rows."""
    day = today()
    return (
        select(
            CompanyReturn.id,
            CompanyReturn.state.label("key"),
            Organisation.name,
            literal("Health Innovation Network").label("who"),
            ReturnCampaign.closes_on.label("due_on"),
        )
        .join(CompanyReturn.campaign)
        .join(CompanyReturn.organisation)
        .where(
            visible_to(actor, day),
            CompanyReturn.state.in_(sorted(WRITABLE)),
            ReturnCampaign.closes_on >= day,
        )
    )


def waiting_for_network(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return for each campaign how many answers wait for the actor's network to check them."""
    return (
        select(
            CompanyReturn.campaign_id.label("id"),
            func.min(ReturnCampaign.year).label("key"),
            func.count(CompanyReturn.id).label("name"),
        )
        .join(CompanyReturn.campaign)
        .where(CompanyReturn.state == ReturnState.HANDED_IN, supported_by(actor.hin_id))
        .group_by(CompanyReturn.campaign_id)
    )


def to_answer(row: CompanyReturn) -> bool:
    """Whether a return can be answered today."""
    return can_be_answered(row, today())
