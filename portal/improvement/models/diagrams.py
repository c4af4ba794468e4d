"""Driver diagrams: what is to be reached, what drives it, and which changes are tried."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.innovations.models import Innovation
from portal.programmes.models import Measure, Programme


class NodeKind(LabelledEnum):
    """What a node of a diagram is; whether a driver is primary follows from where it stands."""

    AIM = "aim", "Aim"
    DRIVER = "driver", "Driver"
    IDEA = "idea", "Change idea"


class Origin(LabelledEnum):
    """From where it is known: the mark stands beside the words wherever they are shown."""

    SOURCE = "source", "From the report"
    PUBLIC_PAGE = "public_page", "From public pages"
    GENERAL_KNOWLEDGE = "general_knowledge", "General knowledge"
    ENTERED = "entered", "Entered here"


class Confidence(LabelledEnum):
    """How sure it is that the source has it so."""

    HIGH = "high", "Sure"
    MEDIUM = "medium", "Fairly sure"
    LOW = "low", "Not sure"


class Diagram(Versioned, Base):
    """The driver diagram of a programme. Its nodes and what was said of them lie beside it, dated;
    whoever changes one of them changes the diagram's version."""

    __tablename__ = "driver_diagram"

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), unique=True
    )
    copied_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("driver_diagram.id", ondelete="SET NULL"), index=True
    )
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody changed it here: loading the files leaves it alone."""
    changed_at: Mapped[datetime] = mapped_column(default=now)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    copied_from: Mapped["Diagram | None"] = relationship(remote_side="Diagram.id")


class Node(Base):
    """An aim, a driver or a change idea, for as long as the diagram lasts: teams, cycles, records
    and measures refer to it. What it says lies in its states."""

    __tablename__ = "driver_node"

    id: Mapped[Id]
    diagram_id: Mapped[int] = mapped_column(
        ForeignKey("driver_diagram.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its number in the portal's files; None for what is entered here."""
    copied_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("driver_node.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)

    diagram: Mapped[Diagram] = relationship()


class NodeState(Base):
    """What a node says and where it stands, from a day on. Append-only: of a day the newest counts,
    by its day and then by its number."""

    __tablename__ = "driver_node_state"
    __table_args__ = (Index("ix_driver_node_state_of_node", "node_id", "on"),)

    id: Mapped[Id]
    node_id: Mapped[int] = mapped_column(ForeignKey("driver_node.id", ondelete="CASCADE"))
    on: Mapped[date]
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("driver_node.id", ondelete="CASCADE"), index=True
    )
    """Below which node it stands; None for the aim."""
    place: Mapped[float]
    """Its place among those below the same node, the smallest first."""
    kind: Mapped[NodeKind]
    words: Mapped[str]
    target: Mapped[str] = mapped_column(default="")
    """How much of it by when."""
    is_ended: Mapped[bool] = mapped_column(default=False, server_default=false())
    """From this day on it is no part of the diagram, nor is what stands below it."""
    why: Mapped[str] = mapped_column(default="")
    origin: Mapped[Origin]
    confidence: Mapped[Confidence | None]
    """None for what is entered here: its people answer for it."""
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What is unsure about it."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    node: Mapped[Node] = relationship(foreign_keys=[node_id])
    by: Mapped[User | None] = relationship()


class NodeRecord(Base):
    """A driver or change idea spreads as an innovation, between two days: sites adopt that record,
    and where they stand is told by adoption alone."""

    __tablename__ = "driver_node_record"
    __table_args__ = (UniqueConstraint("node_id", "innovation_id", "from_on"),)

    id: Mapped[Id]
    node_id: Mapped[int] = mapped_column(ForeignKey("driver_node.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    """The last day."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    node: Mapped[Node] = relationship()
    innovation: Mapped[Innovation] = relationship()


class NodeMeasure(Base):
    """A measure of a programme, or a part of it, that tells how far a node has come."""

    __tablename__ = "driver_node_measure"
    __table_args__ = (UniqueConstraint("node_id", "programme_id", "measure_id", "part"),)

    id: Mapped[Id]
    node_id: Mapped[int] = mapped_column(ForeignKey("driver_node.id", ondelete="CASCADE"))
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    """Whose values are meant: that of the diagram, or a part of it."""
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    part: Mapped[str] = mapped_column(default="")
    """Which part of the values, as they name it."""

    node: Mapped[Node] = relationship()
    measure: Mapped[Measure] = relationship()
