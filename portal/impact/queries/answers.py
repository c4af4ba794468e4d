"""Read company returns as totals need them: as they stand, or as they stood at a moment."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select

from portal.db import db
from portal.impact.models import (
    CompanyReturn,
    InvestmentKind,
    ReturnInvestment,
    ReturnNetwork,
    ReturnState,
    ReturnStep,
    StepKind,
)
from portal.impact.queries.once import companies
from portal.impact.rules.once import once
from portal.impact.rules.totals import Answer

STATES = {
    StepKind.HANDED_IN: ReturnState.HANDED_IN,
    StepKind.ASKED_BACK: ReturnState.ASKED_BACK,
    StepKind.ACCEPTED: ReturnState.ACCEPTED,
}
"""In which state a step left a return."""


def answers_of(campaign_ids: Collection[int], as_of: datetime | None = None) -> list[Answer]:
    """Return the returns of campaigns, by number and one for each company; with `as_of` as their
    steps tell of that moment.

    Four statements, and two where organisations were made one; none of no campaign.
    """
    if not campaign_ids:
        return []
    return once(_each(campaign_ids, as_of), companies(campaign_ids, as_of))


def waiting_for_check(campaign_ids: Collection[int]) -> int:
    """Return how many answers of campaigns nobody has checked, one for each company: two
    statements, and two where organisations were made one; none of no campaign."""
    if not campaign_ids:
        return 0
    rows = select(CompanyReturn.id, CompanyReturn.state).where(
        CompanyReturn.campaign_id.in_(campaign_ids)
    )
    found = [Answer(*row) for row in db.session.execute(rows.order_by(CompanyReturn.id))]
    counted = once(found, companies(campaign_ids))
    return sum(one.state is ReturnState.HANDED_IN for one in counted)


def answers_by_campaign(campaign_ids: Collection[int]) -> dict[int, list[Answer]]:
    """Return the same of each campaign, by its number: one statement more, however many."""
    rows = select(CompanyReturn.id, CompanyReturn.campaign_id).where(
        CompanyReturn.campaign_id.in_(campaign_ids)
    )
    campaign_of = dict(db.session.execute(rows).all())
    found: dict[int, list[Answer]] = {number: [] for number in campaign_ids}
    for one in answers_of(campaign_ids):
        found[campaign_of[one.return_id]].append(one)
    return found


def _each(campaign_ids: Collection[int], as_of: datetime | None) -> list[Answer]:
    of = CompanyReturn.campaign_id.in_(campaign_ids)
    minutes = _minutes(of)
    if as_of is not None:
        ids = db.session.scalars(select(CompanyReturn.id).where(of).order_by(CompanyReturn.id))
        told = _told(of, as_of)
        return [
            told.get(one, Answer(one, ReturnState.ASKED)).shared_by(minutes[one])
            for one in ids.all()
        ]
    money = _money(of)
    columns = ("state", "jobs_created", "jobs_safeguarded", "share_owed")
    found = select(CompanyReturn.id, *(getattr(CompanyReturn, name) for name in columns))
    return [
        Answer(
            row.id,
            row.state,
            row.jobs_created or 0.0,
            row.jobs_safeguarded or 0.0,
            row.share_owed or 0,
            money[row.id],
            minutes[row.id],
        )
        for row in db.session.execute(found.where(of).order_by(CompanyReturn.id))
    ]


def _minutes(of: ColumnElement[bool]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in db.session.execute(
        select(ReturnNetwork.return_id, ReturnNetwork.hin_id, ReturnNetwork.minutes)
        .join(CompanyReturn, CompanyReturn.id == ReturnNetwork.return_id)
        .where(of)
    ):
        found[row.return_id][row.hin_id] = row.minutes
    return found


def _money(of: ColumnElement[bool]) -> dict[int, dict[InvestmentKind, int]]:
    found: dict[int, dict[InvestmentKind, int]] = defaultdict(dict)
    for row in db.session.execute(
        select(ReturnInvestment.return_id, ReturnInvestment.kind, ReturnInvestment.pounds)
        .join(CompanyReturn, CompanyReturn.id == ReturnInvestment.return_id)
        .where(of)
    ):
        found[row.return_id][row.kind] = row.pounds
    return found


def _told(of: ColumnElement[bool], as_of: datetime) -> dict[int, Answer]:
    """Return what the steps up to a moment say of each return that was handed in by then."""
    found: dict[int, Answer] = {}
    rows = db.session.scalars(
        select(ReturnStep)
        .join(CompanyReturn, CompanyReturn.id == ReturnStep.return_id)
        .where(of, ReturnStep.at <= as_of, ReturnStep.kind.in_(STATES))
        .order_by(ReturnStep.id)
    )
    for step in rows:
        before = found.get(step.return_id)
        given = step.answer or (before.as_kept() if before else {})
        found[step.return_id] = Answer.kept(step.return_id, STATES[step.kind], given)
    return found
