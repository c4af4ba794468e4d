"""Make companies that were supported, campaigns and answers, by the services that people use."""

import re
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.clock import PartialDate, Precision, clock_at, today
from portal.db import db
from portal.impact.models import CompanyReturn, InvestmentKind, ReturnCampaign
from portal.impact.rules.given import ReturnAnswers
from portal.impact.services.answering import Answering, save
from portal.impact.services.campaigns import set_up
from portal.notifications.models import Email
from portal.reference.rules import Quarter
from portal.support.models import Engagement, Interaction, InteractionKind, InteractionShare
from tests import makers
from tests.cast import Person

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
"""A Monday: companies are asked about 2025/26."""
YEAR = 2025
IN_YEAR = date(2025, 11, 5)
PUBLISHED = ReturnAnswers(
    jobs_created=2.5,
    jobs_safeguarded=1.0,
    share_owed=50,
    investments={
        InvestmentKind.GRANT: (40_000, PartialDate(IN_YEAR)),
        InvestmentKind.SALES: (1_000, PartialDate(IN_YEAR, Precision.MONTH)),
    },
    evidence="Award letter 12",
    may_publish=True,
)


def supported(
    person: Person, *hins: tuple[Person, int], on: date = IN_YEAR, name: str = "Breathe Easy"
) -> Organisation:
    """The person's company, with which each network logged so many minutes in the year."""
    with clock_at(datetime.combine(on - timedelta(days=60), NOW.timetz())):
        record = makers.innovation(name, of=person, opens=False)
    for hin, minutes in hins:
        engagement = makers.put(
            Engagement(innovation=record, hin=hin.organisation.hin, opened_at=NOW)
        )
        logged = Interaction(
            hin=hin.organisation.hin,
            kind=InteractionKind.CALL,
            on=on,
            minutes=minutes,
            counts_in=Quarter.of(on).first,
            logged_by_id=hin.user.id,
        )
        logged.shares.append(InteractionShare(engagement=engagement, minutes=minutes))
        makers.put(logged)
    return person.organisation


def campaign(by: Person, year: int = YEAR, **values: date) -> ReturnCampaign:
    """A campaign that opened two weeks ago and is open for a month."""
    days = {"opens_on": today() - timedelta(days=14), "closes_on": today() + timedelta(days=30)}
    return set_up(year=year, by=by.actor, **{**days, **values})


def of(company: Organisation, campaign: ReturnCampaign) -> CompanyReturn:
    """The company's return."""
    found = select(CompanyReturn).where(
        CompanyReturn.campaign_id == campaign.id, CompanyReturn.organisation_id == company.id
    )
    return db.session.scalars(found).one()


def handed_in(row: CompanyReturn, by: Person, given: ReturnAnswers = PUBLISHED) -> CompanyReturn:
    """The return, answered by somebody signed in."""
    who = Answering(by=by.actor)
    save(row=row, version=row.version, given=given, hands_in=True, who=who)
    return row


def links_sent() -> list[str]:
    """The paths of the links in the emails that wait to be posted, oldest first."""
    bodies = db.session.scalars(select(Email.body).order_by(Email.id))
    return [found for body in bodies for found in re.findall(r"/impact/answer/[\w-]+", body)]


FORM = {
    "jobs_created": "2.5",
    "jobs_safeguarded": "1",
    "kinds": ["grant"],
    "grant": "40,000",
    "grant_on-month": "11",
    "grant_on-year": "2025",
    "share_owed": "50",
    "may_publish": "yes",
    "evidence": "Award letter 12",
}
"""What somebody types."""
