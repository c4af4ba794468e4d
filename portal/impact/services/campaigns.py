"""Set campaigns up, find the companies that they ask, write to them and remind them."""

from datetime import date

from sqlalchemy import select

from portal.accounts.models import SYSTEM, Actor, Organisation
from portal.accounts.queries.acting import addresses_of_leavers
from portal.accounts.queries.merging import kept_organisation
from portal.audit import services as audit
from portal.clock import day_of, now, today
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.impact import outbox
from portal.impact.models import (
    CompanyReturn,
    ReturnCampaign,
    ReturnNetwork,
    ReturnState,
    ReturnStep,
    StepKind,
)
from portal.impact.policy import can_keep, can_set_up
from portal.impact.rules.reminders import MAX_REMINDERS
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.support.queries.supported import Minutes, companies_supported


def set_up(*, year: int, opens_on: date, closes_on: date, by: Actor) -> ReturnCampaign:
    """Ask every company supported in a financial year once, between two days after it.

    Raises Forbidden but for the national team, Invalid for days that do not fit, Conflict for a
    year that has its campaign.
    """
    if not can_set_up(by):
        raise Forbidden("The national team sets the yearly return up.")
    row = ReturnCampaign(
        year=year, opens_on=opens_on, closes_on=closes_on, at=now(), by_id=by.user_id
    )
    _refuse_wrong_days(row, opens_on, closes_on)
    if not add_new(row):
        raise Conflict(f"The return of {row.label} is set up already.")
    take_in(campaign=row)
    audit.note(row, "set_up", f"set the return of {row.label} up", by=by)
    return row


def change_days(
    *, campaign: ReturnCampaign, version: int, opens_on: date, closes_on: date, by: Actor
) -> None:
    """Change between which days companies answer. Raises Forbidden, Invalid, Outdated."""
    if not can_set_up(by):
        raise Forbidden("The national team sets the yearly return up.")
    _refuse_wrong_days(campaign, opens_on, closes_on)
    lock(campaign, seen=version)
    campaign.opens_on, campaign.closes_on = opens_on, closes_on
    db.session.flush()
    summary = f"changed the days of the return of {campaign.label}"
    audit.note(campaign, "days_changed", summary, by=by)


def _refuse_wrong_days(campaign: ReturnCampaign, opens_on: date, closes_on: date) -> None:
    if opens_on <= campaign.last:
        raise Invalid("The first day must be after the year that is asked about", field="opens_on")
    if closes_on < opens_on:
        raise Invalid("The last day must be on or after the first", field="closes_on")


def take_in(*, campaign: ReturnCampaign) -> int:
    """Bring the companies of a campaign in line with who was supported in its year; returns how
    many came new. Each is asked once, whichever networks supported it; networks and minutes follow
    the interactions until the answer is accepted."""
    found = _kept(companies_supported(campaign.quarters))
    there = {
        one.organisation_id: one
        for one in db.session.scalars(
            select(CompanyReturn).where(CompanyReturn.campaign_id == campaign.id)
        )
    }
    new = sorted(set(found) - set(there))
    for organisation_id in new:
        row = CompanyReturn(campaign=campaign, organisation_id=organisation_id)
        db.session.add(row)
        there[organisation_id] = row
    for organisation_id in sorted(found):
        row = there[organisation_id]
        if row.state is not ReturnState.ACCEPTED:
            _share(row, found[organisation_id])
    db.session.flush()
    return len(new)


def _kept(found: Minutes) -> Minutes:
    """Return companies as they are today: those that were made one are asked as one."""
    kept: Minutes = {}
    rows = select(Organisation).where(Organisation.id.in_(found)).order_by(Organisation.id)
    for row in db.session.scalars(rows):
        of = kept.setdefault(kept_organisation(row).id, {})
        for hin_id, minutes in found[row.id].items():
            of[hin_id] = of.get(hin_id, 0) + minutes
    return kept


def _share(row: CompanyReturn, minutes: dict[int, int]) -> None:
    known = {one.hin_id: one for one in row.networks}
    for hin_id in sorted(minutes):
        if hin_id in known:
            known[hin_id].minutes = minutes[hin_id]
        else:
            row.networks.append(ReturnNetwork(hin_id=hin_id, minutes=minutes[hin_id]))


def ask(*, row: CompanyReturn) -> int:
    """Write to a company for the first time; returns to how many addresses. Where nobody acts for
    it, it stays unasked until a network sends somebody the link."""
    if not outbox.addresses(row):
        return 0
    row.asked_at = now()
    row.steps.append(ReturnStep(kind=StepKind.ASKED, at=row.asked_at))
    return outbox.tell(row, "asked", by=SYSTEM)


def remind(*, row: CompanyReturn) -> bool:
    """Remind a company whose answer is due again; returns whether it was reminded now."""
    if row.asked_at is None or row.reminders >= MAX_REMINDERS:
        return False
    due = due_date(DeadlineKind.RETURN, day_of(row.reminded_at or row.asked_at)).due_on
    if due is None or due >= today():
        return False
    row.reminded_at, row.reminders = now(), row.reminders + 1
    row.steps.append(ReturnStep(kind=StepKind.REMINDED, at=row.reminded_at))
    outbox.tell(row, "reminded", by=SYSTEM)
    return True


def send_link(*, row: CompanyReturn, email: str, by: Actor) -> None:
    """Send somebody at the company a link of their own. Raises Forbidden for networks that did not
    support it, Invalid while the campaign is not open, and for somebody who has left."""
    if not can_keep(by, row):
        raise Forbidden("Networks that supported the company send its link.")
    if not row.campaign.is_open(today()):
        raise Invalid("The return is not open")
    if addresses_of_leavers(row.organisation_id, [email]):
        raise Invalid("This person has left the company: enter somebody else", field="email")
    row.asked_at = row.asked_at or now()
    row.steps.append(ReturnStep(kind=StepKind.ASKED, at=now(), by_id=by.user_id))
    outbox.send_link(row, email, "asked", by=by)
    outbox.note(row, "link_sent", "sent somebody at the company the link", by=by)
