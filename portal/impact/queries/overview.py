"""What the first page of impact shows each reader of the yearly returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Actor
from portal.clock import today
from portal.impact.models import CompanyReturn, ReturnCampaign
from portal.impact.queries.answers import answers_by_campaign
from portal.impact.queries.returns import campaigns, published, returns_of
from portal.impact.rules.totals import Answer, Totals, totals

FEWEST = 10
"""The public reads England's totals from so many answers on."""


@dataclass(frozen=True, slots=True)
class CampaignSummary:
    """A campaign, and what its returns come to."""

    campaign: ReturnCampaign
    england: Totals
    network: Totals | None
    """Of the reader's network."""
    named: Sequence[CompanyReturn]
    """Accepted answers that may be published under the company's name."""
    is_open: bool


def campaigns_for_reader(actor: Actor) -> list[CampaignSummary]:
    """Return the campaigns that a reader is told of, the newest first: staff all of them, anybody
    else those that are over and have enough answers."""
    day = today()
    told = [one for one in campaigns() if actor.is_staff or one.closes_on < day]
    answers = answers_by_campaign([one.id for one in told])
    named = published([one.id for one in told if one.closes_on < day])
    found = [_summary(actor, one, answers[one.id], named, day) for one in told]
    return [one for one in found if actor.is_staff or one.england.answered >= FEWEST]


def _summary(
    actor: Actor,
    campaign: ReturnCampaign,
    answers: Sequence[Answer],
    published: Sequence[CompanyReturn],
    day: date,
) -> CampaignSummary:
    counted = {answer.return_id for answer in answers}
    return CampaignSummary(
        campaign,
        totals(answers),
        totals(answers, actor.hin_id) if actor.is_hin else None,
        [row for row in published if row.campaign_id == campaign.id and row.id in counted],
        campaign.is_open(day),
    )


def own_returns(actor: Actor) -> list[CompanyReturn]:
    """Return the returns of the reader's own company that were opened, the newest first."""
    if not actor.is_innovator or actor.organisation_id is None:
        return []
    found = returns_of(actor.organisation_id)
    return [one for one in found if one.campaign.opens_on <= today()]
