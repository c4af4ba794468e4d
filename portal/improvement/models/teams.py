"""Teams that test changes, and the cycles by which they do."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.improvement.models.diagrams import Node
from portal.programmes.models import Programme
from portal.reference.models import Hin, Site


class TeamKind(LabelledEnum):
    """What sort of place the team works in."""

    WARD = "ward", "Mental health ward"
    LD_WARD = "ld_ward", "Learning disability ward"
    MATERNITY = "maternity", "Maternity unit"
    NEONATAL = "neonatal", "Neonatal unit"
    ACUTE = "acute", "Ward or unit of an acute hospital"
    CARE_HOME = "care_home", "Care home"
    PRACTICE = "practice", "GP practice"
    COMMUNITY = "community", "Community team"
    OTHER = "other", "Other"


class TeamStatus(LabelledEnum):
    """Whether a team takes part."""

    RECRUITED = "recruited", "Recruited"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    FINISHED = "finished", "Finished"
    WITHDRAWN = "withdrawn", "Withdrawn"


class WithdrawalReason(LabelledEnum):
    """Why a team takes part no more."""

    STAFFING = "staffing", "Too few staff"
    PRIORITIES = "priorities", "Other things came first"
    LEADERSHIP = "leadership", "Who led it left, or was against it"
    NO_BENEFIT = "no_benefit", "It saw no benefit"
    REORGANISED = "reorganised", "The place was closed, moved or merged"
    OTHER = "other", "Another reason"


class Decision(LabelledEnum):
    """What a team does after a cycle."""

    ADOPT = "adopt", "Adopt", "Do it this way from now on"
    ADAPT = "adapt", "Adapt", "Change it and test again"
    ABANDON = "abandon", "Abandon", "Give this change up"


class Team(Versioned, Base):
    """A ward, home or practice that tests the changes of a programme, recruited by a network."""

    __tablename__ = "testing_team"
    __table_args__ = (Index("ix_testing_team_of_programme", "programme_id", "hin_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    hin_id: Mapped[int] = mapped_column(ForeignKey("hin.id"), index=True)
    node_id: Mapped[int | None] = mapped_column(
        ForeignKey("driver_node.id", ondelete="SET NULL"), index=True
    )
    """The driver or change idea whose package it tests; None for the whole programme's."""
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    """The trust, home or practice that it belongs to; teams of one count as one place."""
    name: Mapped[str]
    kind: Mapped[TeamKind]
    wave: Mapped[int | None]
    """With which group of teams it began, from 1; None where there is none."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was made up for the demonstration."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin] = relationship()
    node: Mapped[Node | None] = relationship()
    site: Mapped[Site | None] = relationship()


class TeamState(Base):
    """Whether a team takes part, from a day on. Append-only: of a day the newest counts, by its day
    and then by its number."""

    __tablename__ = "testing_team_state"

    id: Mapped[Id]
    team_id: Mapped[int] = mapped_column(
        ForeignKey("testing_team.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    status: Mapped[TeamStatus]
    reason: Mapped[WithdrawalReason | None]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    team: Mapped[Team] = relationship()


class Cycle(Versioned, Base):
    """A cycle of plan, do, study, act: a team tests one change idea for some days.

    Its parts are filled in one after the other; once it is decided on it changes no more.
    """

    __tablename__ = "pdsa_cycle"
    __table_args__ = (UniqueConstraint("team_id", "node_id", "number"),)

    id: Mapped[Id]
    team_id: Mapped[int] = mapped_column(ForeignKey("testing_team.id", ondelete="CASCADE"))
    node_id: Mapped[int] = mapped_column(
        ForeignKey("driver_node.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    """Its place in the team's ramp of cycles for this change idea, from 1."""
    question: Mapped[str]
    plan: Mapped[str]
    prediction: Mapped[str]
    measured: Mapped[str] = mapped_column(default="")
    """What is counted, in words."""
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    """The last day of testing: with the first it marks the cycle on a chart over time."""
    did: Mapped[str] = mapped_column(default="")
    studied: Mapped[str] = mapped_column(default="")
    decision: Mapped[Decision | None]
    decided_on: Mapped[date | None]
    decided_why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    team: Mapped[Team] = relationship()
    node: Mapped[Node] = relationship()
    by: Mapped[User | None] = relationship()
