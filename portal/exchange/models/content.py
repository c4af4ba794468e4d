"""What the Exchange publishes: one table for all kinds, with the answers to each kind's questions,
the results that it claims, its pictures, and every version that was saved."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.challenges.models import Challenge
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned, by_name
from portal.files import FileRow
from portal.innovations.models import Innovation
from portal.programmes.models import Programme
from portal.reference.models import Hin, Ics, Site, Term


class ContentKind(LabelledEnum):
    """What an item is; the value stands in its address."""

    CASE_STUDY = "case-study", "Case study", "What a place did, and what came of it in numbers"
    FUNDING = "funding", "Funding opportunity", "Money that somebody can apply for until a day"
    EVENT = "event", "Event or webinar", "Something at a time, in a place or online"
    PODCAST = "podcast", "Podcast", "Something to hear, with its transcript"
    VIDEO = "video", "Video", "Something to watch, with its transcript"
    RESOURCE = "resource", "Resource or toolkit", "A guide, template or toolkit to use"
    NEWS = "news", "News", "Something that happened"
    AWARD = "award", "Award", "A prize or a nomination, and who got it"


class ContentState(LabelledEnum):
    """How far an item is in its life."""

    DRAFT = "draft", "Draft"
    REVIEW = "review", "In review"
    PUBLISHED = "published", "Published"
    RETIRED = "retired", "Retired"


class Licence(LabelledEnum):
    """Under which terms others may use an item."""

    OGL = "ogl", "Open Government Licence v3.0"
    CC_BY = "cc-by", "Creative Commons Attribution 4.0"
    CC_BY_NC = "cc-by-nc", "Creative Commons Attribution-NonCommercial 4.0"
    RESERVED = "reserved", "All rights reserved: ask before you copy it"


content_term = Table(
    "content_term",
    Base.metadata,
    Column("item_id", ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("term.id"), primary_key=True, index=True),
)
"""The topics of an item: innovation areas."""

content_site = Table(
    "content_site",
    Base.metadata,
    Column("item_id", ForeignKey("content_item.id", ondelete="CASCADE"), primary_key=True),
    Column("site_id", ForeignKey("site.id"), primary_key=True, index=True),
)
"""The places of the national directory where it was done, beside the words that name places. A
place that closes, moves or is renamed stays the row that it was."""


class ContentItem(Versioned, Base):
    """A case study, a funding opportunity, an event or another kind of what is published."""

    __tablename__ = "content_item"
    __table_args__ = (
        # What lists count and order by, so that they need not read whole rows.
        Index(
            "ix_content_item_shown",
            *("state", "kind", "published_at", "hin_id", "ics_id", "closes_on"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[ContentKind] = mapped_column(index=True)
    state: Mapped[ContentState] = mapped_column(default=ContentState.DRAFT, index=True)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The answers to the questions of its kind, by their code (`rules.kinds`)."""
    link: Mapped[str] = mapped_column(default="")
    """Where it is, or where more of it is; "" for nowhere else."""
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None] = mapped_column(index=True)
    """Of funding: its last day."""
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(default="Europe/London")
    """Of an event: in which zone its times were given, by IANA's name."""

    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The network whose it is; None for the networks together."""
    ics_id: Mapped[int | None] = mapped_column(ForeignKey("ics.id"), index=True)
    """The system where it was done, or which it concerns."""
    innovation_id: Mapped[int | None] = mapped_column(ForeignKey("innovation.id"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(
        ForeignKey("challenge.id", ondelete="SET NULL"), index=True
    )
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)

    licence: Mapped[Licence] = mapped_column(default=Licence.OGL)
    source: Mapped[str] = mapped_column(default="")
    """Where its facts are from, where they are not the writer's own."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it was made up for the demonstration: its pages say so."""

    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who looks after it, and is asked whether it still holds."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who sent it to review: somebody else publishes it."""
    returned_why: Mapped[str] = mapped_column(default="")
    """What was wanted when it was given back; "" once it is sent again."""
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    """From when on everybody reads it; a moment to come is a publication that waits."""
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    told_at: Mapped[datetime | None]
    """When those who follow its kind, topics or area were told of it: once for all."""
    review_on: Mapped[date | None] = mapped_column(index=True)
    """On that day its owner is asked whether it still holds."""
    pending: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Of a published item: what it would say after a change that nobody has published yet."""
    pending_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who wrote that change: somebody else publishes it."""
    pending_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    retired_why: Mapped[str] = mapped_column(default="")

    stems: Mapped[str] = mapped_column(default="")
    """The stems and concepts of its words, each between spaces: what search and likeness read."""
    title_stems: Mapped[str] = mapped_column(default="")
    related: Mapped[list[Any]] = mapped_column(default=list)
    """The ids of the items most like it, as they were compared last."""

    hin: Mapped[Hin | None] = relationship()
    ics: Mapped[Ics | None] = relationship()
    innovation: Mapped[Innovation | None] = relationship()
    challenge: Mapped[Challenge | None] = relationship()
    programme: Mapped[Programme | None] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    changed_by: Mapped[User | None] = relationship(foreign_keys=[changed_by_id])
    pending_by: Mapped[User | None] = relationship(foreign_keys=[pending_by_id])
    terms: Mapped[list[Term]] = relationship(secondary=content_term, order_by=Term.position)
    sites: Mapped[list[Site]] = relationship(
        secondary=content_site, order_by=lambda: [by_name(Site.name), Site.id]
    )
    results: Mapped[list["ContentResult"]] = relationship(
        order_by="ContentResult.id", back_populates="item", cascade="all, delete-orphan"
    )
    pictures: Mapped[list["ContentPicture"]] = relationship(
        order_by="ContentPicture.id", back_populates="item", cascade="all, delete-orphan"
    )

    def answer(self, code: str) -> str:
        """Return the answer to a question of its kind, "" where there is none."""
        return str(self.answers.get(code, ""))


class ContentResult(Base):
    """A number that a case study claims, and how it was worked out."""

    __tablename__ = "content_result"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(
        ForeignKey("content_item.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str]
    value: Mapped[float]
    """The number, in `unit`."""
    unit: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")
    """For which time, in words."""
    method: Mapped[str]
    """How it was counted or worked out, of whom, and against what."""

    item: Mapped[ContentItem] = relationship(back_populates="results")


class ContentPicture(FileRow, Base):
    """A picture of an item: what it shows, and that those in it agreed."""

    __tablename__ = "content_picture"
    kept_in = "content"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(
        ForeignKey("content_item.id", ondelete="CASCADE"), index=True
    )
    alt: Mapped[str]
    """What it shows, for who does not see it."""
    credit: Mapped[str] = mapped_column(default="")
    """Who made it."""
    consent: Mapped[str]
    """How everybody who can be recognised agreed, or that nobody can be."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    item: Mapped[ContentItem] = relationship(back_populates="pictures")


class ContentVersion(Base):
    """An item as it was saved, or a step of its life; append-only."""

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("content_item.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of its item."""
    step: Mapped[str]
    """What was done: "saved", "sent to review", "published" …"""
    words: Mapped[str] = mapped_column(default="")
    """Why, where it was said."""
    content: Mapped[dict[str, Any]]
    """All that it said, by field."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship()
