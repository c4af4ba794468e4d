"""Read campaigns and ideas: the doors, who reads which in SQL, people to tell."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Actor, Membership, Organisation, User
from portal.accounts.models import OrganisationKind as Kind
from portal.accounts.queries.acting import members_acting, memberships_acting, people, people_acting
from portal.community.models import (
    Audience,
    Campaign,
    CampaignGuest,
    Idea,
    IdeaAppeal,
    IdeaAuthor,
    IdeaFollower,
    IdeaMessage,
    IdeaReport,
    IdeaState,
    IdeaSupporter,
)
from portal.community.policy import (
    NOBODY,
    Standing,
    can_read,
    can_see,
    can_see_campaign,
    is_staff,
    runs,
)
from portal.community.rules import SHOWN, is_work_address
from portal.db import by_name, db
from portal.errors import Forbidden, NotFound
from portal.reference.queries import hin_of_ics

NOT_FOR = (
    "Ideas are for staff with a work address of the NHS or its partners, and for those whom a"
    " campaign invites."
)
READABLE = IdeaMessage.hidden_at.is_(None)
"""SQL for "is a comment that was not hidden"."""


def standing_of(actor: Actor) -> Standing:
    """Return what the room has to know of a person. Two statements, three for people of an ICS's
    area."""
    if actor.user_id is None:
        return NOBODY
    found = db.session.execute(
        select(User.email, Organisation.kind, Organisation.hin_id, Organisation.ics_id)
        .outerjoin(Organisation, Organisation.id == actor.organisation_id)
        .where(User.id == actor.user_id)
    ).one()
    area = found.hin_id or _hin_id_of(found.ics_id)
    invited = select(CampaignGuest.campaign_id).where(CampaignGuest.email == found.email)
    return Standing(
        has_work_address=is_work_address(found.email),
        runs_trust=found.kind is Kind.NHS_TRUST and actor.is_lead,
        area_hin_id=area,
        invited=frozenset(db.session.scalars(invited)),
    )


def _hin_id_of(ics_id: int | None) -> int | None:
    found = hin_of_ics(ics_id) if ics_id is not None else None
    return found.id if found else None


def reader(actor: Actor) -> Standing:
    """Return the standing of somebody who has a page of ideas; raises Forbidden for others."""
    standing = standing_of(actor)
    if not can_read(actor, standing):
        raise Forbidden(NOT_FOR)
    return standing


# Who reads what ----------------------------------------------------------------------------------


def campaign_visible_to(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    """Return SQL for `policy.can_see_campaign`."""
    if not can_read(actor, standing):
        return false()
    if actor.is_national:
        return true()
    invited = Campaign.id.in_(sorted(standing.invited))
    asked = _asked(actor, standing) if is_staff(actor, standing) else false()
    return or_(invited, asked, run_by(actor, standing))


def _asked(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    own = Campaign.organisation_id == actor.organisation_id
    near = Campaign.hin_id == standing.area_hin_id if standing.area_hin_id else false()
    return or_(
        Campaign.audience == Audience.EVERYONE,
        and_(Campaign.audience == Audience.AREA, near),
        and_(Campaign.audience == Audience.ORGANISATION, own),
    )


def run_by(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    """Return SQL for `policy.runs`."""
    may = actor.is_ics or actor.is_hin or actor.is_national or standing.runs_trust
    return Campaign.organisation_id == actor.organisation_id if may else false()


def written_by(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for `policy.is_author`."""
    joined = exists().where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.user_id == actor.user_id)
    return or_(Idea.author_id == actor.user_id, joined.correlate(Idea))


def visible_to(actor: Actor, standing: Standing) -> ColumnElement[bool]:
    """Return SQL for `policy.can_see`, in a statement that has the campaign."""
    if not can_read(actor, standing):
        return false()
    oversees = true() if actor.is_national else run_by(actor, standing)
    shown = or_(Idea.state.in_(sorted(SHOWN)), oversees & (Idea.state != IdeaState.WITHDRAWN))
    return or_(written_by(actor), campaign_visible_to(actor, standing) & shown)


def campaign_for(actor: Actor, standing: Standing, campaign_id: int) -> Campaign:
    """Return a campaign if the actor may see it; raises NotFound otherwise. The only door."""
    found = db.session.get(
        Campaign, campaign_id, options=[joinedload(Campaign.organisation), joinedload(Campaign.hin)]
    )
    if found is None or not can_see_campaign(actor, standing, found):
        raise NotFound("There is no campaign here that you may see.")
    return found


def own_campaign_for(actor: Actor, standing: Standing, campaign_id: int) -> Campaign:
    """Return a campaign that the actor runs; raises NotFound or Forbidden."""
    found = campaign_for(actor, standing, campaign_id)
    if not runs(actor, standing, found):
        raise Forbidden("The organisation that asks for ideas changes its campaign.")
    return found


def idea_for(actor: Actor, standing: Standing, idea_id: int) -> Idea:
    """Return an idea if the actor may see it; raises NotFound otherwise. The only door."""
    found = db.session.get(
        Idea,
        idea_id,
        options=[
            joinedload(Idea.campaign).joinedload(Campaign.organisation),
            joinedload(Idea.author),
            joinedload(Idea.owner),
            selectinload(Idea.coauthors).joinedload(IdeaAuthor.user),
        ],
    )
    if found is None or not can_see(actor, standing, found):
        raise NotFound("There is no idea here that you may see.")
    return found


# Around one idea ---------------------------------------------------------------------------------


def support_of(idea_id: int, user_id: int | None) -> tuple[int, bool]:
    """Return how many support an idea, and whether this person does."""
    of = IdeaSupporter.idea_id == idea_id
    mine = func.count().filter(IdeaSupporter.user_id == (user_id or 0))
    count, own = db.session.execute(select(func.count(), mine).where(of)).one()
    return count, bool(own)


def open_reports(idea_id: int) -> Sequence[IdeaReport]:
    """Return what was reported of an idea and is not decided, oldest first."""
    return db.session.scalars(
        select(IdeaReport)
        .where(IdeaReport.idea_id == idea_id, IdeaReport.decided_at.is_(None))
        .options(joinedload(IdeaReport.message))
        .order_by(IdeaReport.id)
    ).all()


def report_for(idea_id: int, report_id: int) -> IdeaReport:
    """Return a report of this idea; raises NotFound for any other."""
    found = db.session.get(IdeaReport, report_id)
    if found is None or found.idea_id != idea_id:
        raise NotFound("There is no such report.")
    return found


def message_for(idea_id: int, message_id: int) -> IdeaMessage:
    """Return a comment of this idea that is shown; raises NotFound for any other."""
    found = db.session.get(IdeaMessage, message_id)
    if found is None or found.thread_id != idea_id or found.hidden_at is not None:
        raise NotFound("There is no such comment.")
    return found


def appeal_of(idea_id: int) -> IdeaAppeal | None:
    """Return the appeal against the removal of an idea."""
    return db.session.scalar(select(IdeaAppeal).where(IdeaAppeal.idea_id == idea_id))


def written_before(user_id: int | None, words: str = "", besides: int = 0) -> int:
    """Return how many ideas a person has written, all or those of the same words."""
    mine = select(func.count(Idea.id)).where(Idea.author_id == user_id, Idea.id != besides)
    return db.session.scalar(mine.where(Idea.words == words) if words else mine) or 0


# People ------------------------------------------------------------------------------------------


def running_people(campaign: Campaign) -> Sequence[User]:
    """Return who is told of ideas: the people who act for the organisation that asked, those of a
    trust that lead it."""
    if campaign.organisation.kind is Kind.NHS_TRUST:
        return people(Membership.organisation_id == campaign.organisation_id, Membership.is_lead)
    return members_acting(campaign.organisation_id)


def responsible_for(idea: Idea) -> Sequence[User]:
    """Return who owes the answer: who took it on while they act for the organisation that asked,
    else all who run the campaign."""
    every = running_people(idea.campaign)
    return [one for one in every if one.id == idea.owner_id] or every


def authors_of(idea: Idea) -> Sequence[User]:
    """Return those who are credited with an idea."""
    return [idea.author, *(one.user for one in idea.coauthors)]


def following_people(idea: Idea) -> Sequence[User]:
    """Return who follows an idea and may still read it: one who left its readers is not told."""
    found = db.session.scalars(
        people_acting()
        .join(IdeaFollower, IdeaFollower.user_id == User.id)
        .where(IdeaFollower.thread_id == idea.id, IdeaFollower.is_following)
        .order_by(by_name(User.name), User.id)
    ).unique()
    return [one for one in found if _still_reads(one, idea)]


def _still_reads(person: User, idea: Idea) -> bool:
    every = [_acting_as(member) for member in memberships_acting(person.id)]
    return any(can_see(actor, standing_of(actor), idea) for actor in every)


def _acting_as(member: Membership) -> Actor:
    return Actor(
        user_id=member.user_id,
        organisation_id=member.organisation_id,
        role=member.role,
        is_lead=member.is_lead,
        hin_id=member.organisation.hin_id,
        ics_id=member.organisation.ics_id,
    )
