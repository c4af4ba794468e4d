"""Ask staff for ideas: a campaign, its dates, whom it invites besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor, Organisation, User
from portal.accounts.rules import normal_email
from portal.community import outbox
from portal.community.models import Audience, Campaign, CampaignGuest, Moderation
from portal.community.policy import can_start, runs
from portal.community.queries import standing_of
from portal.db import db, lock
from portal.errors import Forbidden, Invalid

MAX_GUESTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a campaign asks, of whom and when."""

    title: str
    question: str
    criteria: str
    audience: Audience
    moderation: Moderation
    opens_on: date
    closes_on: date | None


def start(*, content: Content, by: Actor, is_demo: bool = False) -> Campaign:
    """Start a campaign of the actor's organisation. Raises Forbidden, Invalid."""
    standing = standing_of(by)
    if not can_start(by, standing):
        raise Forbidden("ICSs, trusts, networks and the national team ask for ideas.")
    _check(content, standing.area_hin_id)
    campaign = Campaign(
        organisation=db.session.get_one(Organisation, by.organisation_id),
        author_id=by.user_id,
        hin_id=standing.area_hin_id,
        is_demo=is_demo,
    )
    _write(campaign, content)
    db.session.add(campaign)
    db.session.flush()
    outbox.note("started", campaign, f"asked for ideas: “{campaign.title}”", by=by)
    return campaign


def change(*, campaign: Campaign, content: Content, version: int, by: Actor) -> None:
    """Change a campaign, also to close it earlier or later. Raises Forbidden, Invalid, Conflict."""
    lock(campaign, seen=version)
    _require(campaign, by)
    _check(content, campaign.hin_id)
    _write(campaign, content)
    db.session.flush()
    outbox.note("changed", campaign, "changed the campaign", by=by)


def invite(*, campaign: Campaign, emails: Iterable[str], by: Actor) -> int:
    """Let people without a work address take part, by their addresses; who has an account is
    told. Returns how many are new. Raises Forbidden, Invalid for too many."""
    lock(campaign)
    _require(campaign, by)
    known = {one.email for one in campaign.guests}
    new = [one for one in dict.fromkeys(map(normal_email, emails)) if one not in known]
    if len(known) + len(new) > MAX_GUESTS:
        raise Invalid(f"Enter no more than {MAX_GUESTS} addresses for a campaign", field="emails")
    campaign.guests += [CampaignGuest(email=one, by_id=by.user_id) for one in new]
    db.session.flush()
    for person in db.session.scalars(select(User).where(User.email.in_(new)).order_by(User.id)):
        outbox.tell_guest(person, campaign)
    if new:
        outbox.note("invited", campaign, f"invited {len(new)} to the campaign", by=by)
    return len(new)


def uninvite(*, campaign: Campaign, guest_id: int, by: Actor) -> None:
    """Take an invitation back; what the person wrote stays. Raises Forbidden."""
    lock(campaign)
    _require(campaign, by)
    campaign.guests = [one for one in campaign.guests if one.id != guest_id]
    db.session.flush()
    outbox.note("uninvited", campaign, "took an invitation back", by=by)


def _check(content: Content, area_hin_id: int | None) -> None:
    if content.closes_on is not None and content.closes_on < content.opens_on:
        raise Invalid("The last day must not be before the first", field="closes_on")
    if content.audience is Audience.AREA and area_hin_id is None:
        raise Invalid("Select another audience: your organisation has no area", field="audience")


def _write(campaign: Campaign, content: Content) -> None:
    for name in Content.__dataclass_fields__:
        setattr(campaign, name, getattr(content, name))


def _require(campaign: Campaign, by: Actor) -> None:
    if not runs(by, standing_of(by), campaign):
        raise Forbidden("The organisation that asks for ideas changes its campaign.")
