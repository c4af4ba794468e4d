"""Measures that improvement teams plot over time: what is counted, where, and each reading.

The dictionary of `programmes` says what a figure of a quarter's report means. A measure here is
operational: how one team, trust or network counts it every week or month. It may name the national
measure that it follows; a quarter's value is reported in `programmes`, and never here.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum, Versioned
from portal.improvement.models.diagrams import Node
from portal.programmes.models import Direction, Measure, Programme
from portal.reference.models import Hin
from portal.reference.models.sites import Site


class MeasureKind(LabelledEnum):
    """What a measure is for."""

    OUTCOME = "outcome", "Outcome", "What it is all for: what changes for patients."
    PROCESS = "process", "Process", "Whether what should be done is done."
    BALANCING = "balancing", "Balancing", "What could become worse elsewhere."


class ChartKind(LabelledEnum):
    """How the points of a measure are drawn and judged."""

    RUN = "run", "Run chart (median)", "The first chart of a team: few points, no limits."
    XMR = "xmr", "XmR (individual values)", "Any number of a period, for example a mean or a total."
    P = "p", "p (share)", "So many of so many, where each is or is not."
    P_PRIME = "p_prime", "p′ (share, large numbers)", "A share of some thousands and more."
    U = "u", "u (rate)", "Events per so many bed days, visits or other opportunities."
    U_PRIME = "u_prime", "u′ (rate, large numbers)", "A rate of very many opportunities."
    C = "c", "c (count)", "Events in periods of equal size."
    T = "t", "T (days between events)", "Rare events: days since the one before."
    G = "g", "G (cases between events)", "Rare events: cases since the one before."

    @property
    def has_denominator(self) -> bool:
        """Whether a point is worked out from a numerator and a denominator."""
        return self in {ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME}

    @property
    def is_share(self) -> bool:
        """Whether the numerator is part of the denominator."""
        return self in {ChartKind.P, ChartKind.P_PRIME}

    @property
    def is_rare(self) -> bool:
        """Whether each point is one event."""
        return self in {ChartKind.T, ChartKind.G}


class Rhythm(LabelledEnum):
    """How often there is a point. A quarter's value is reported in the programme."""

    DAY = "day", "Every day"
    WEEK = "week", "Every week (the Monday)"
    MONTH = "month", "Every month"
    EVENT = "event", "At each event"


class ImprovementMeasure(Versioned, Base):
    """A measure of a programme with its operational definition, and how it is drawn."""

    __tablename__ = "improvement_measure"
    __table_args__ = (
        CheckConstraint("run_length IN (6, 7)", name="run_length"),
        CheckConstraint("per > 0", name="per"),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(
        ForeignKey("programme.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """The network whose own measure it is; None for one that every network may use."""
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    """The national measure of quarters that it follows, where there is one."""
    bundle_id: Mapped[int | None] = mapped_column(
        ForeignKey("improvement_measure.id", ondelete="CASCADE"), index=True
    )
    """The measure of the whole bundle, for one that counts an element of it."""
    position: Mapped[int] = mapped_column(default=0)
    """Its place among the elements of a bundle."""
    name: Mapped[str]
    kind: Mapped[MeasureKind]
    numerator: Mapped[str]
    """Who or what is counted, in words."""
    denominator: Mapped[str] = mapped_column(default="")
    """Out of whom or what; empty for a plain number."""
    exclusions: Mapped[str] = mapped_column(default="")
    """Who or what is left out of both."""
    data_source: Mapped[str] = mapped_column(default="")
    """Where the counts are taken from."""
    rhythm: Mapped[Rhythm]
    unit: Mapped[str] = mapped_column(default="")
    """What a plain number or a rate is of: "errors per 1,000 doses", "minutes"."""
    per: Mapped[int] = mapped_column(default=1)
    """By what a rate is multiplied: 1,000 for errors per 1,000 doses. A share is per 100."""
    direction: Mapped[Direction]
    is_patients: Mapped[bool] = mapped_column(default=True)
    """Whether it counts patients: small numbers below the nation are not shown."""
    adds_up: Mapped[bool] = mapped_column(default=True)
    """Whether places can be added to make their network: counts can, a mean cannot."""
    chart: Mapped[ChartKind]
    run_length: Mapped[int] = mapped_column(default=7)
    """Points on one side, or rising, that make a shift or a trend: 7 or 6."""
    screens: Mapped[bool] = mapped_column(default=True)
    """Whether moving ranges far above their mean are left out of it, once."""
    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was made up for the demonstration."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    hin: Mapped[Hin | None] = relationship()
    follows: Mapped[Measure | None] = relationship()
    bundle: Mapped["ImprovementMeasure | None"] = relationship(
        remote_side="ImprovementMeasure.id", back_populates="elements"
    )
    elements: Mapped[list["ImprovementMeasure"]] = relationship(
        order_by="ImprovementMeasure.position, ImprovementMeasure.id", back_populates="bundle"
    )


class MeasureSeries(Base):
    """The readings of a measure in one place: England, a network, a site, or a team of a site."""

    __tablename__ = "measure_series"
    __table_args__ = (
        Index(
            "uq_measure_series_nation",
            "measure_id",
            unique=True,
            sqlite_where=text("hin_id IS NULL"),
            postgresql_where=text("hin_id IS NULL"),
        ),
        Index(
            "uq_measure_series_network",
            "measure_id",
            "hin_id",
            "team",
            unique=True,
            sqlite_where=text("hin_id IS NOT NULL AND site_id IS NULL"),
            postgresql_where=text("hin_id IS NOT NULL AND site_id IS NULL"),
        ),
        UniqueConstraint("measure_id", "site_id", "team"),
        CheckConstraint("hin_id IS NOT NULL OR site_id IS NULL", name="site_in_network"),
    )

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(
        ForeignKey("improvement_measure.id", ondelete="CASCADE"), index=True
    )
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    """None is England."""
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    team: Mapped[str] = mapped_column(default="")
    """A ward or team, in words; empty for the whole place."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    measure: Mapped[ImprovementMeasure] = relationship()
    hin: Mapped[Hin | None] = relationship()
    site: Mapped[Site | None] = relationship()

    @property
    def is_part(self) -> bool:
        """Whether it is of a site or team, and part of what its network counts."""
        return self.site_id is not None or bool(self.team)


class MeasureReading(Base):
    """What was counted in one period of a series.

    Append-only: a correction is a new row that names the one it corrects.
    """

    __tablename__ = "measure_reading"
    __table_args__ = (
        Index("ix_measure_reading_of_series", "series_id", "on"),
        Index(
            "uq_measure_reading_first",
            "series_id",
            "on",
            unique=True,
            sqlite_where=text("corrects_id IS NULL"),
            postgresql_where=text("corrects_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    series_id: Mapped[int] = mapped_column(ForeignKey("measure_series.id", ondelete="CASCADE"))
    on: Mapped[date]
    """The first day of the period, or the day of the event."""
    numerator: Mapped[float | None]
    """What was counted, or the number itself; None withdraws what was entered."""
    denominator: Mapped[float | None]
    """Out of how many; None where it is no share and no rate."""
    source: Mapped[str] = mapped_column(default="")
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("measure_reading.id", ondelete="CASCADE"), unique=True
    )
    corrected_why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    series: Mapped[MeasureSeries] = relationship()
    by: Mapped[User | None] = relationship()


class MarkKind(LabelledEnum):
    """What a person says of a day on the chart."""

    STEP = "step", "Step change: limits are worked out anew from here"
    FREEZE = "freeze", "End of the baseline: limits are kept as they are to here"
    CHANGE = "change", "A change was tested: a note only"


class MeasureMark(Base):
    """A dated remark on a chart by a person: limits never begin anew by themselves."""

    __tablename__ = "measure_mark"

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(
        ForeignKey("improvement_measure.id", ondelete="CASCADE"), index=True
    )
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("measure_series.id", ondelete="CASCADE"), index=True
    )
    """On the chart of this place alone; None for every chart of the measure."""
    kind: Mapped[MarkKind]
    on: Mapped[date]
    """A step: the first day of the new limits. A baseline: its last day."""
    words: Mapped[str]
    """The reason, or what was tested."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])


class MeasureTarget(Base):
    """A goal of a measure from a day on. A later row replaces it; the chart shows each in turn."""

    __tablename__ = "measure_target"

    id: Mapped[Id]
    measure_id: Mapped[int] = mapped_column(
        ForeignKey("improvement_measure.id", ondelete="CASCADE"), index=True
    )
    from_on: Mapped[date]
    value: Mapped[float]
    """In the unit of the chart: 95 for 95%."""
    by_on: Mapped[date | None]
    """The day by which it is to be reached."""
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class NodeChart(Base):
    """A measure over time that tells whether a driver or change idea makes a difference: its chart
    stands on the node's page, and the cycles that tested the node on its chart."""

    __tablename__ = "driver_node_chart"
    __table_args__ = (UniqueConstraint("node_id", "measure_id"),)

    id: Mapped[Id]
    node_id: Mapped[int] = mapped_column(ForeignKey("driver_node.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(
        ForeignKey("improvement_measure.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    node: Mapped[Node] = relationship()
    measure: Mapped[ImprovementMeasure] = relationship()
