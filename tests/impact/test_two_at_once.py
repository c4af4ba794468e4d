"""One link opened in several browsers at once: one answer stands, on PostgreSQL."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy import func, select

from portal.clock import clock_at
from portal.db import db
from portal.errors import PortalError
from portal.impact.models import CompanyReturn, ReturnKey, ReturnStep, StepKind
from portal.impact.services.answering import Answering, accept, begin_with, save
from portal.impact.services.campaigns import take_in
from tests.accounts.test_used_once import at_once, house
from tests.cast import Cast
from tests.impact import makers

__all__ = ["house"]
BROWSERS = 4


def test_of_several_browsers_with_one_link_one_answer_stands(house: Flask) -> None:
    with house.app_context():
        cast = Cast()
        company = makers.supported(cast.innovator, (cast.hin, 90), (cast.other_hin, 30))
        row = makers.of(company, makers.campaign(cast.national))
        row.keys.append(ReturnKey(email="finance@example.org", key_hash="one"))
        db.session.commit()
        campaign_id, return_id, key_id, version = (
            row.campaign_id,
            row.id,
            row.keys[0].id,
            row.version,
        )
        by = cast.hin.actor

    def answering(jobs: float) -> Callable[[], object]:
        def answer() -> object:
            with clock_at(makers.NOW):
                key = db.session.get_one(ReturnKey, key_id)
                begin_with(key=key)
                given = replace(makers.PUBLISHED, jobs_created=jobs)
                save(
                    row=key.company_return,
                    version=version,
                    given=given,
                    hands_in=True,
                    who=Answering(key=key),
                )
                return jobs

        return answer

    got = at_once(house, *[answering(float(jobs)) for jobs in range(1, BROWSERS + 1)])
    stood = [one for one in got if not isinstance(one, PortalError)]
    assert len(stood) == 1, got
    with house.app_context():
        row = db.session.get_one(CompanyReturn, return_id)
        assert row.jobs_created == stood[0]
        steps = select(func.count()).where(ReturnStep.kind == StepKind.HANDED_IN)
        assert db.session.scalar(steps) == 1
        assert len(row.investments) == 2
        version = row.version

    def check() -> object:
        with clock_at(makers.NOW):
            row = db.session.get_one(CompanyReturn, return_id)
            accept(row=row, version=version, by=by)
            return "accepted"

    checked = at_once(house, *[check] * BROWSERS)
    assert sum(one == "accepted" for one in checked) == 1
    with house.app_context():
        campaign = db.session.get_one(CompanyReturn, return_id).campaign
        assert campaign.id == campaign_id
        with clock_at(makers.NOW):
            assert take_in(campaign=campaign) == 0
        db.session.commit()
