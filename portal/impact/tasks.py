"""Every morning: bring open campaigns in line with who was supported, write to companies that
were not asked, and remind those that have not answered."""

from sqlalchemy import select

from portal.clock import today
from portal.db import db
from portal.impact.models import CompanyReturn, ReturnCampaign
from portal.impact.policy import WRITABLE
from portal.impact.queries.once import companies
from portal.impact.services.campaigns import ask, remind, take_in
from portal.jobs import Progress, task


@task("impact.returns", schedule="35 6")
def ask_companies(progress: Progress) -> None:
    """Ask and remind, each company in its own transaction; run twice, it says nothing twice."""
    for campaign in _open():
        take_in(campaign=campaign)
        db.session.commit()
    waiting = list(_waiting())
    for number, return_id in enumerate(waiting, start=1):
        row = db.session.get_one(CompanyReturn, return_id)
        if row.asked_at is None:
            ask(row=row)
        else:
            remind(row=row)
        progress(number, len(waiting), "Asking companies")
        db.session.commit()


def _open() -> list[ReturnCampaign]:
    day = today()
    found = select(ReturnCampaign).order_by(ReturnCampaign.id)
    return [one for one in db.session.scalars(found) if one.is_open(day)]


def _waiting() -> list[int]:
    """Return what is not answered, without organisations whose company is asked by another name."""
    ids = [one.id for one in _open()]
    aside = {number for number, (_, is_kept) in companies(ids).items() if not is_kept}
    of = CompanyReturn.campaign_id.in_(ids)
    written = CompanyReturn.state.in_(sorted(WRITABLE))
    found = select(CompanyReturn.id).where(of, written).order_by(CompanyReturn.id)
    return [number for number in db.session.scalars(found) if number not in aside]
