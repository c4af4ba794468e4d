"""700 companies, 45 % answering, ten supported by two networks, from the tables: totals, rates,
shares, figures and the page equal a plain recount."""

import re
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.accounts.models import Organisation, OrganisationKind
from portal.clock import clock_at
from portal.db import db
from portal.figures.rules import WHOLE, Period
from portal.impact.models import (
    CompanyReturn,
    InvestmentKind,
    ReturnCampaign,
    ReturnInvestment,
    ReturnNetwork,
    ReturnState,
    ReturnStep,
    StepKind,
)
from portal.impact.queries.answers import answers_of
from portal.impact.queries.figure_counts import count
from portal.impact.rules.totals import totals
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from tests.cast import Cast, Person
from tests.impact import makers
from tests.pages import PageClient

COMPANIES, ANSWERING, SHARED = 700, 315, 10
FIRST = 9_000_000
"""Numbers of the rows, clear of all others."""


def _companies(hins: list[int]) -> list[dict[str, Any]]:
    chance = Random(45)  # noqa: S311 - a made up world, the same each time
    found = []
    for place in range(COMPANIES):
        answers = place < ANSWERING
        kinds = [kind for kind in InvestmentKind if answers and chance.random() < 0.3]
        found.append(
            {
                "id": FIRST + place,
                "answers": answers,
                "created": chance.randrange(0, 30) / 2 if answers else None,
                "safeguarded": chance.randrange(0, 12) / 2 if answers else None,
                "owed": chance.choice([0, 10, 25, 50, 75, 100]) if answers else None,
                "money": {kind: chance.randrange(1, 400_000) for kind in kinds},
                "minutes": {
                    hin: chance.choice([15, 45, 90, 300])
                    for hin in chance.sample(hins, 2 if place % 70 == 3 else 1)
                },
            }
        )
    return found


def _insert(campaign: ReturnCampaign, companies: list[dict[str, Any]]) -> None:
    """One statement for each table."""
    day, at = makers.IN_YEAR, makers.NOW
    rows: dict[Any, list[dict[str, Any]]] = {
        Organisation: [
            {
                "id": one["id"],
                "kind": OrganisationKind.COMPANY,
                "name": f"Maker {one['id']}",
                "name_key": f"maker {one['id']}",
            }
            for one in companies
        ],
        CompanyReturn: [
            {
                "id": one["id"],
                "campaign_id": campaign.id,
                "organisation_id": one["id"],
                "state": ReturnState.HANDED_IN if one["answers"] else ReturnState.ASKED,
                "jobs_created": one["created"],
                "jobs_safeguarded": one["safeguarded"],
                "share_owed": one["owed"],
                "handed_in_at": at if one["answers"] else None,
            }
            for one in companies
        ],
        ReturnNetwork: [
            {"return_id": one["id"], "hin_id": hin, "minutes": minutes}
            for one in companies
            for hin, minutes in one["minutes"].items()
        ],
        ReturnInvestment: [
            {"return_id": one["id"], "kind": kind, "pounds": pounds, "on": day}
            for one in companies
            for kind, pounds in one["money"].items()
        ],
        ReturnStep: [
            {
                "return_id": one["id"],
                "kind": StepKind.HANDED_IN,
                "at": at,
                "answer": {
                    "jobs_created": one["created"],
                    "jobs_safeguarded": one["safeguarded"],
                    "share_owed": one["owed"],
                    "investments": {kind.value: each for kind, each in one["money"].items()},
                },
            }
            for one in companies
            if one["answers"]
        ],
    }
    for table, values in rows.items():
        db.session.execute(insert(table), values)
    db.session.commit()


def _recount(companies: list[dict[str, Any]], hin: int | None) -> tuple[Any, ...]:
    """Asked, answered, jobs created and safeguarded, pounds: added up one after the other."""
    asked = answered = 0
    created = safeguarded = pounds = Fraction(0)
    for one in companies:
        if hin is not None and hin not in one["minutes"]:
            continue
        asked += 1
        if not one["answers"]:
            continue
        answered += 1
        whole = sum(one["minutes"].values())
        part = Fraction(one["owed"], 100)
        if hin is not None:
            part = part * one["minutes"][hin] / whole
        created += Fraction(one["created"]) * part
        safeguarded += Fraction(one["safeguarded"]) * part
        pounds += sum(one["money"].values()) * part
    return asked, answered, created, safeguarded, pounds


def test_totals_rates_and_shares_equal_a_plain_recount(
    cast: Cast, session: Session, as_: Callable[[Person], PageClient]
) -> None:
    hins = list(session.scalars(select(Hin.id).order_by(Hin.id)))
    campaign = makers.campaign(cast.national)
    companies = _companies(hins)
    _insert(campaign, companies)
    assert sum(len(one["minutes"]) == 2 for one in companies) == SHARED

    quarter = Quarter.of(campaign.closes_on)
    live = {(v.code, v.hin_id, v.group): v.value for v in count(Period(quarter, makers.NOW.date()))}
    later = makers.NOW + timedelta(minutes=1)
    frozen = count(Period(quarter, makers.NOW.date(), later))
    assert {(v.code, v.hin_id, v.group): v.value for v in frozen} == live

    answers = answers_of([campaign.id])
    assert answers_of([campaign.id], later) == answers
    parts = []
    for hin in (None, *hins):
        asked, answered, *sums = _recount(companies, hin)
        found = totals(answers, hin)
        assert (found.asked, found.answered) == (asked, answered)
        assert [found.jobs_created, found.jobs_safeguarded, found.pounds] == sums
        assert live[("returns_asked", hin, WHOLE)] == asked
        assert live[("returns_answered", hin, WHOLE)] == answered
        assert live[("returns_response_rate", hin, WHOLE)] == answered / asked * 100
        assert live[("jobs_created", hin, WHOLE)] == float(sums[0])
        assert live[("investment_leveraged", hin, WHOLE)] == float(sums[2])
        parts.append((asked, answered, *sums))
    england, *networks = parts
    assert england[:2] == (COMPANIES, ANSWERING)
    assert [sum(column) for column in zip(*networks, strict=True)][2:] == list(england[2:])
    assert sum(one[0] for one in networks) == COMPANIES + SHARED

    text = re.sub(r"\s+", " ", as_(cast.national).get("/impact").text)
    assert "315 of 700 (45%)" in text
    with clock_at(makers.NOW + timedelta(days=40)):
        public = re.sub(r"\s+", " ", as_(cast.ics).get("/impact").text)
    assert f"£{round(float(england[4])):,}" in text
    assert f"£{round(float(england[4])):,}" in public
