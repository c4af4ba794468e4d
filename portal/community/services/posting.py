"""Authors: post an idea, change it, take it back, join one."""

from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.clock import now, today
from portal.community import outbox, policy
from portal.community.models import (
    Campaign,
    Idea,
    IdeaAuthor,
    IdeaFollower,
    IdeaStage,
    IdeaState,
    IdeaTag,
)
from portal.community.queries import standing_of, written_before
from portal.community.rules import Phase, phase, tags_of, why_held
from portal.community.services.moves import hold, move, require
from portal.db import add_new, db
from portal.errors import Forbidden, Invalid
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date
from portal.threads.services import set_following


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an idea says."""

    title: str
    problem: str
    words: str
    benefit: str
    stage: IdeaStage
    may_join: bool
    tags: str = ""
    """As typed, with commas between."""

    @property
    def texts(self) -> list[str]:
        """Everything that is typed."""
        return [self.title, self.problem, self.words, self.benefit]


def post(*, campaign: Campaign, content: Content, by: Actor, is_demo: bool = False) -> Idea:
    """Post an idea, or hold it to be looked over first; its author follows it and knows by which
    day it is answered. Raises Forbidden for who is not asked, Invalid while it is not open."""
    standing = standing_of(by)
    if not policy.can_see_campaign(by, standing, campaign):
        raise Forbidden("Those whom a campaign asks post ideas.")
    if phase(campaign, today()) is not Phase.OPEN:
        raise Invalid("This campaign takes no ideas today.")
    idea = Idea(
        campaign=campaign,
        author_id=by.user_id,
        organisation_id=by.organisation_id,
        is_demo=is_demo,
    )
    _write(idea, content)
    idea.held_why = _why_held(idea, content, by)
    idea.set_due(due_date(DeadlineKind.IDEA, today()))
    db.session.add(idea)
    db.session.flush()
    _enter(idea, by)
    set_following(IdeaFollower, thread_id=idea.id, user_id=by.user_id, is_following=True)
    outbox.tell_running("arrived", idea, by=by)
    return idea


def change(*, idea: Idea, content: Content, version: int, by: Actor) -> None:
    """Change an idea that nobody looks at yet. Raises Forbidden, Conflict."""
    hold(idea, version, by)
    require(policy.can_change(by, idea))
    _write(idea, content)
    why = _why_held(idea, content, by)
    is_held_anew = bool(why) and idea.state is not IdeaState.HELD
    idea.held_why = why or idea.held_why
    db.session.flush()
    outbox.note("changed", idea, "changed the idea", by=by)
    if is_held_anew:
        move(idea, IdeaState.HELD, by=by)
        outbox.tell_running("arrived", idea, by=by)


def withdraw(*, idea: Idea, version: int, by: Actor) -> None:
    """Take an idea back: nobody else reads it any more. Raises Forbidden, Conflict."""
    hold(idea, version, by)
    require(policy.can_withdraw(by, idea))
    move(idea, IdeaState.WITHDRAWN, by=by)


def join(*, idea: Idea, by: Actor) -> None:
    """Become a co-author, who is named beside the author and follows the idea; its author is told.
    Raises Forbidden."""
    hold(idea, None, by)
    require(policy.can_join(by, idea))
    if by.user_id is None or not add_new(IdeaAuthor(idea_id=idea.id, user_id=by.user_id)):
        return
    set_following(IdeaFollower, thread_id=idea.id, user_id=by.user_id, is_following=True)
    outbox.note("joined", idea, "joined the idea", by=by)
    outbox.tell_people([idea.author], "joined", idea, who=by.name)
    db.session.expire(idea, ["coauthors"])


def leave(*, idea: Idea, by: Actor) -> None:
    """Be a co-author no more. Raises Forbidden."""
    hold(idea, None, by)
    require(by.user_id in {one.user_id for one in idea.coauthors})
    idea.coauthors = [one for one in idea.coauthors if one.user_id != by.user_id]
    db.session.flush()
    outbox.note("left", idea, "left the idea", by=by)


def _write(idea: Idea, content: Content) -> None:
    for name in ("title", "problem", "words", "benefit", "stage", "may_join"):
        setattr(idea, name, getattr(content, name))
    known = {one.name: one for one in idea.tags}
    idea.tags = [known.get(name) or IdeaTag(name=name) for name in tags_of(content.tags)]


def _why_held(idea: Idea, content: Content, by: Actor) -> str:
    """Return why it waits to be looked over; those who run the campaign look over no idea of
    theirs."""
    if policy.runs(by, standing_of(by), idea.campaign):
        return ""
    besides = idea.id or 0
    return why_held(
        content.texts,
        moderation=idea.campaign.moderation,
        is_first=not written_before(by.user_id, besides=besides),
        is_repeated=bool(written_before(by.user_id, content.words, besides=besides)),
    )


def _enter(idea: Idea, by: Actor) -> None:
    if idea.held_why:
        move(idea, IdeaState.HELD, by=by)
    else:
        idea.posted_at = now()
        move(idea, IdeaState.POSTED, by=by)
