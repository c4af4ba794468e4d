"""Which returns of a campaign are of one company, because its organisations were made one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.clock import end_of
from portal.db import db
from portal.impact.models import CompanyReturn
from portal.merging import Merge, Noun


def companies(
    campaign_ids: Collection[int], as_of: datetime | None = None
) -> dict[int, tuple[int, bool]]:
    """Return, for returns whose company has several in its campaign, the number of the kept
    organisation's return and whether it is this one; with `as_of` as it stood at that moment.

    What was made one after a campaign closed was two companies then, and stays two. One statement,
    two more where organisations were made one.
    """
    merges = _merges(as_of)
    if not merges:
        return {}
    found: dict[tuple[int, int], list[CompanyReturn]] = {}
    for row in _returns(campaign_ids, merges):
        ended = end_of(row.campaign.closes_on)
        led = {one.other_id: one.kept_id for one in merges if one.at and one.at < ended}
        key = (row.campaign_id, _kept(row.organisation_id, led))
        found.setdefault(key, []).append(row)
    several = {key: rows for key, rows in found.items() if len(rows) > 1}
    return {
        row.id: (_first(rows, kept).id, row.organisation_id == kept)
        for (_, kept), rows in several.items()
        for row in rows
    }


def _first(rows: Sequence[CompanyReturn], kept: int) -> CompanyReturn:
    return next((one for one in rows if one.organisation_id == kept), rows[0])


def _merges(as_of: datetime | None) -> Sequence[Merge]:
    stmt = select(Merge).where(Merge.noun == Noun.ORGANISATION, Merge.at.is_not(None))
    if as_of is None:
        stmt = stmt.where(Merge.undone_at.is_(None))
    else:
        stmt = stmt.where(Merge.at <= as_of, Merge.undone_at.is_(None) | (Merge.undone_at > as_of))
    return db.session.scalars(stmt.order_by(Merge.id)).all()


def _returns(campaign_ids: Collection[int], merges: Sequence[Merge]) -> Sequence[CompanyReturn]:
    ids = {number for one in merges for number in (one.other_id, one.kept_id)}
    return db.session.scalars(
        select(CompanyReturn)
        .where(CompanyReturn.campaign_id.in_(campaign_ids), CompanyReturn.organisation_id.in_(ids))
        .options(joinedload(CompanyReturn.campaign))
        .order_by(CompanyReturn.id)
    ).all()


def _kept(organisation_id: int, led: Mapping[int, int]) -> int:
    while organisation_id in led:
        organisation_id = led[organisation_id]
    return organisation_id


def return_that_stands(row: CompanyReturn) -> CompanyReturn | None:
    """Return the return of the organisation with which a return's was made one, where both were
    asked in the campaign; None for a return that stands for itself."""
    number, is_kept = companies([row.campaign_id]).get(row.id, (row.id, True))
    return None if is_kept or number == row.id else db.session.get(CompanyReturn, number)
