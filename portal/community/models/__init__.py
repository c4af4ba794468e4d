"""Ideas of staff: campaigns that ask for them, ideas, and what became of each."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.programmes.models import Proposal
from portal.reference.models import HasDueDate, Hin
from portal.threads.models import Follower, Kind, Message, MessageFile


class Audience(LabelledEnum):
    """Who is asked by a campaign."""

    ORGANISATION = "organisation", "Our own people"
    AREA = "area", "Staff in the area of our Health Innovation Network"
    EVERYONE = "everyone", "All staff with a work address"


class Moderation(LabelledEnum):
    """When ideas are looked over."""

    AFTER = "after", "After they are posted", "Ideas show at once; anybody may report one"
    BEFORE = "before", "Before they are posted", "Each waits until one of you has looked it over"


class IdeaStage(LabelledEnum):
    """How far an idea has come."""

    THOUGHT = "thought", "A thought: nobody has tried it"
    TRIED = "tried", "We tried it on a small scale"
    IN_USE = "in_use", "We do it where I work"


class IdeaState(LabelledEnum):
    """Where an idea stands."""

    HELD = "held", "Waits to be looked over"
    """Only its authors and those who run the campaign read it."""
    POSTED = "posted", "Posted"
    LOOKING = "looking", "Being looked at"
    TAKEN_UP = "taken_up", "Taken up"
    NOT_NOW = "not_now", "Not now"
    EXISTS = "exists", "Exists already"
    WITHDRAWN = "withdrawn", "Taken back"
    REMOVED = "removed", "Removed"
    """Against the code of conduct: with a reason, and its author may appeal."""


class Campaign(Versioned, Base):
    """A question that an organisation asks its staff."""

    __tablename__ = "idea_campaign"

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The HIN in whose area the organisation lies; None for the nation."""
    title: Mapped[str]
    question: Mapped[str]
    criteria: Mapped[str] = mapped_column(default="")
    """How ideas are chosen."""
    audience: Mapped[Audience] = mapped_column(default=Audience.EVERYONE)
    moderation: Mapped[Moderation] = mapped_column(default=Moderation.AFTER)
    opens_on: Mapped[date]
    closes_on: Mapped[date | None]
    """The last day for ideas; None where ideas are welcome at any time."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())

    organisation: Mapped[Organisation] = relationship()
    hin: Mapped[Hin | None] = relationship()
    guests: Mapped[list["CampaignGuest"]] = relationship(
        order_by="CampaignGuest.email", cascade="all, delete-orphan"
    )


class CampaignGuest(Base):
    """Somebody without a work address who may take part in a campaign."""

    __tablename__ = "campaign_guest"
    __table_args__ = (UniqueConstraint("campaign_id", "email"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("idea_campaign.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Idea(Versioned, HasDueDate, Base):
    """What somebody of the staff proposes; its due date is the day by which it is answered."""

    __tablename__ = "idea"
    __table_args__ = (Index(None, "state", "due_on"),)

    id: Mapped[Id]
    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("idea_campaign.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    """For whom its author acted."""
    title: Mapped[str]
    problem: Mapped[str]
    words: Mapped[str]
    """The idea itself."""
    benefit: Mapped[str] = mapped_column(default="")
    stage: Mapped[IdeaStage] = mapped_column(default=IdeaStage.THOUGHT)
    may_join: Mapped[bool] = mapped_column(default=True)
    """Others may become co-authors."""
    state: Mapped[IdeaState] = mapped_column(default=IdeaState.POSTED)
    held_why: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who looks at it and owes the answer."""
    answer: Mapped[str] = mapped_column(default="")
    """What its authors were told, and why it was removed."""
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    exists_innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="SET NULL"), index=True
    )
    exists_url: Mapped[str] = mapped_column(default="")
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="SET NULL"), index=True
    )
    """The record that it became."""
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenge.id", ondelete="SET NULL"), index=True
    )
    """The challenge that it became."""
    proposal_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_proposal.id", ondelete="SET NULL"), index=True
    )
    """The proposal of a next programme that it became."""
    reminded_at: Mapped[datetime | None]
    """When those who owe the answer were reminded, once, that its day has passed."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    posted_at: Mapped[datetime | None] = mapped_column(index=True)
    """When others could first read it."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())

    campaign: Mapped[Campaign] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    organisation: Mapped[Organisation] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    exists_innovation: Mapped[Innovation | None] = relationship(foreign_keys=[exists_innovation_id])
    innovation: Mapped[Innovation | None] = relationship(foreign_keys=[innovation_id])
    challenge: Mapped[Challenge | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
    tags: Mapped[list["IdeaTag"]] = relationship(
        order_by="IdeaTag.name", cascade="all, delete-orphan"
    )
    coauthors: Mapped[list["IdeaAuthor"]] = relationship(
        order_by="IdeaAuthor.at", cascade="all, delete-orphan"
    )
    steps: Mapped[list["IdeaStep"]] = relationship(order_by="IdeaStep.id")


class IdeaTag(Base):
    """A word by which ideas are found."""

    __tablename__ = "idea_tag"

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True, index=True)


class IdeaAuthor(Base):
    """Somebody joined an idea and is credited beside its author."""

    __tablename__ = "idea_author"

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship()


class IdeaSupporter(Base):
    """Somebody supports an idea: one voice a person, which they may take back."""

    __tablename__ = "idea_supporter"

    idea_id: Mapped[int] = mapped_column(
        ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class IdeaStep(Base):
    """An idea reached a state: when, and who brought it there. Append-only."""

    __tablename__ = "idea_step"

    id: Mapped[Id]
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id", ondelete="CASCADE"), index=True)
    state: Mapped[IdeaState]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    words: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation | None] = relationship()


class IdeaMessage(Message):
    """A comment on an idea."""

    __tablename__ = "idea_message"
    FILE = "IdeaFile"

    thread_id: Mapped[int] = mapped_column(
        "idea_id", ForeignKey("idea.id", ondelete="CASCADE"), index=True
    )
    hidden_at: Mapped[datetime | None]
    """From then on nobody reads it: it was against the code of conduct."""


class IdeaFile(MessageFile):
    """A file that came with a comment."""

    __tablename__ = "idea_file"
    kept_in = "ideas"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("idea_message.id", ondelete="CASCADE"), index=True
    )


class IdeaFollower(Follower):
    """How far a person has read the comments, and whether they are told of what happens."""

    __tablename__ = "idea_follower"

    thread_id: Mapped[int] = mapped_column(
        "idea_id", ForeignKey("idea.id", ondelete="CASCADE"), primary_key=True
    )


THREADS = Kind(about=Idea, message=IdeaMessage, file=IdeaFile, reader=IdeaFollower)

# They refer to an idea, so it must be there first.
from portal.community.models.moderation import (  # noqa: E402
    IdeaAppeal,
    IdeaReport,
    ReportReason,
)

__all__ = [
    "THREADS",
    "Audience",
    "Campaign",
    "CampaignGuest",
    "Idea",
    "IdeaAppeal",
    "IdeaAuthor",
    "IdeaFile",
    "IdeaFollower",
    "IdeaMessage",
    "IdeaReport",
    "IdeaStage",
    "IdeaState",
    "IdeaStep",
    "IdeaSupporter",
    "IdeaTag",
    "Moderation",
    "ReportReason",
]
