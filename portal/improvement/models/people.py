"""Who is engaged: kinds of stakeholder with their totals, networks of people that meet, and what
was learnt."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.improvement.models.diagrams import Node
from portal.improvement.models.teams import Team
from portal.programmes.models import Measure, Programme
from portal.reference.models import Hin


class StakeholderKind(Base):
    """A kind of people or organisations that a programme engages. How many are engaged is a value
    of its measure and part, by network and quarter, like any other value of the programme."""

    __tablename__ = "stakeholder_kind"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[str] = mapped_column(default="")
    """What one of them is: an organisation, a region, a person."""
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    part: Mapped[str] = mapped_column(default="")
    confidence: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    programme: Mapped[Programme] = relationship()
    measure: Mapped[Measure] = relationship()


class StakeholderTotal(Base):
    """How many of a kind there are in England from a day on. Append-only: the newest counts."""

    __tablename__ = "stakeholder_total"

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(
        ForeignKey("stakeholder_kind.id", ondelete="CASCADE"), index=True
    )
    from_on: Mapped[date]
    total: Mapped[int]
    """How many there are."""
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    kind: Mapped[StakeholderKind] = relationship()


class SafetyNetwork(Versioned, Base):
    """A network of people that a Health Innovation Network plans or runs for a programme."""

    __tablename__ = "safety_network"
    __table_args__ = (Index("ix_safety_network_of_programme", "programme_id", "hin_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    name: Mapped[str]
    running_from: Mapped[date | None]
    """Its first day; None while it is only planned."""
    ended_on: Mapped[date | None]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin] = relationship()


class NetworkMeeting(Base):
    """A meeting of such a network: when, and how many came. Their names are not kept."""

    __tablename__ = "network_meeting"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(
        ForeignKey("safety_network.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    people: Mapped[int]
    """How many came."""
    places: Mapped[int | None]
    """From how many places they came; None where nobody counted."""
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    network: Mapped[SafetyNetwork] = relationship()


class Lesson(Base):
    """What was learnt, and for whom it is."""

    __tablename__ = "improvement_lesson"
    __table_args__ = (Index("ix_improvement_lesson_of_programme", "programme_id", "hin_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The network that says so; None for the national team."""
    node_id: Mapped[int | None] = mapped_column(
        ForeignKey("driver_node.id", ondelete="SET NULL"), index=True
    )
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("testing_team.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str]
    words: Mapped[str]
    audience: Mapped[str] = mapped_column(default="")
    """For whom it is: "ward managers"."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin | None] = relationship()
    node: Mapped[Node | None] = relationship()
    team: Mapped[Team | None] = relationship()
    by: Mapped[User | None] = relationship()
