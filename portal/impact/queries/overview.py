"""What the first page of impact shows each reader of the yearly returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.clock import today
from portal.impact.models import CompanyReturn, ReturnCampaign
from portal.impact.queries.answers import answers_of
from portal.impact.queries.returns import campaigns, published, returns_of
from portal.impact.rules.totals import Totals, totals

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
    day, found = today(), []
    for one in campaigns():
        is_over = one.closes_on < day
        if not (actor.is_staff or is_over):
            continue
        answers = answers_of([one.id])
        england = totals(answers)
        if actor.is_staff or england.answered >= FEWEST:
            network = totals(answers, actor.hin_id) if actor.is_hin else None
            counted = {answer.return_id for answer in answers}
            named = [row for row in published(one.id) if row.id in counted] if is_over else []
            found.append(CampaignSummary(one, england, network, named, one.is_open(day)))
    return found


def own_returns(actor: Actor) -> list[CompanyReturn]:
    """Return the returns of the reader's own company that were opened, the newest first."""
    if not actor.is_innovator or actor.organisation_id is None:
        return []
    found = returns_of(actor.organisation_id)
    return [one for one in found if one.campaign.opens_on <= today()]
