"""What is measured, the values that were reported, and what was planned."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum
from portal.programmes.models.programmes import Programme, ProgrammeProduct
from portal.reference.models import Hin


class Direction(LabelledEnum):
    """Which way is better."""

    HIGHER = "higher", "Higher is better"
    LOWER = "lower", "Lower is better"
    NONE = "none", "Neither way is better"


class Basis(LabelledEnum):
    """For which time a value counts."""

    IN_PERIOD = "in_period", "In the period (flow)"
    AT_END = "at_end", "On a day (stock)"
    CUMULATIVE = "cumulative", "Since the beginning (cumulative)"
    CHANGE = "change", "Change from one time to another"
    FIXED = "fixed", "Holds without a time"
    UNCLEAR = "unclear", "The source does not say"


class ValueKind(LabelledEnum):
    """What a value says: numbers of different kinds are never added."""

    ACTUAL = "actual", "Counted"
    TARGET = "target", "Target"
    BASELINE = "baseline", "Baseline"
    FORECAST = "forecast", "Forecast"
    PLAN = "plan", "Plan"
    MODELLED = "modelled", "Modelled"
    CRITERION = "criterion", "Criterion"
    CONTEXT = "context", "Context"


class Quality(LabelledEnum):
    """How far a value can be relied on."""

    FINAL = "final", "As reported"
    INDICATIVE = "indicative", "Indicative"
    TO_VERIFY = "to_verify", "To be verified"
    BASELINE = "baseline", "Baseline"
    FORECAST = "forecast", "Forecast"


class Measure(Base):
    """A definition: what is counted, over what, in which unit. Loaded from the portal's files."""

    __tablename__ = "measure"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    group: Mapped[str] = mapped_column(default="")
    numerator: Mapped[str] = mapped_column(default="")
    denominator: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    direction: Mapped[Direction]
    basis: Mapped[Basis]
    rhythm: Mapped[str] = mapped_column(default="")
    formula: Mapped[str] = mapped_column(default="")
    missing_rule: Mapped[str] = mapped_column(default="")
    adds_up: Mapped[str] = mapped_column(default="")
    """Whether parts add up to the whole, and over what they do not."""
    is_patients: Mapped[bool] = mapped_column(default=False)
    """Whether it counts patients: small numbers below the nation are not shown."""
    source: Mapped[str] = mapped_column(default="")


class ProgrammeValue(Base):
    """A value of a measure for a time and an area, as a source gives it.

    Append-only: a correction is a new row that names the one it corrects.
    """

    __tablename__ = "programme_value"
    __table_args__ = (
        Index("ix_programme_value_of_measure", "programme_id", "measure_id", "quarter_on"),
    )

    id: Mapped[Id]
    code: Mapped[str | None] = mapped_column(unique=True)
    """Its number in the portal's files; None for what is entered here."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_product.id", ondelete="SET NULL"), index=True
    )
    products: Mapped[str] = mapped_column(default="")
    """The products as written, where the value is of several together."""
    part: Mapped[str] = mapped_column(default="")
    """Which part of the programme it counts: a cohort, a setting, a state of funding."""
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"), index=True)
    area: Mapped[str] = mapped_column(default="England")
    """Where it holds when it is of no network: England, the United Kingdom, the world."""
    kind: Mapped[ValueKind]
    basis: Mapped[Basis]
    period: Mapped[str]
    """As the source writes it: a quarter's code, a financial year, or words."""
    quarter_on: Mapped[date | None]
    """The first day of the quarter, where the period is one."""
    as_at: Mapped[date | None]
    value: Mapped[float | None]
    """None is unknown, never 0."""
    value_text: Mapped[str] = mapped_column(default="")
    """What is no number: a day by which something is to happen."""
    qualifier: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    numerator: Mapped[float | None]
    """Of a share what was counted."""
    denominator: Mapped[float | None]
    """Of a share out of how many."""
    quality: Mapped[Quality] = mapped_column(default=Quality.FINAL)
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    """What is unsure or contradicts another value: it is shown beside the number."""
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("programme_value.id", ondelete="CASCADE"), unique=True
    )
    corrected_why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    measure: Mapped[Measure] = relationship()
    product: Mapped[ProgrammeProduct | None] = relationship()
    hin: Mapped[Hin | None] = relationship()
    by: Mapped[User | None] = relationship()


class CountingRule(Base):
    """How patients are reckoned from what is counted, for a product of a programme, from a day on.

    `patients` people for every `counted` of the measure: 1 for 1 where each test is a person.
    """

    __tablename__ = "counting_rule"
    __table_args__ = (UniqueConstraint("programme_id", "product_id", "valid_from"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(
        ForeignKey("programme_product.id", ondelete="CASCADE"), index=True
    )
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    part: Mapped[str] = mapped_column(default="")
    """Which values of the measure it takes, where several parts are counted."""
    patients: Mapped[int]
    """How many people stand behind every `counted` of the measure."""
    counted: Mapped[int]
    """For every how many of what the measure counts `patients` people stand."""
    words: Mapped[str]
    """The rule in words, with what it assumes."""
    valid_from: Mapped[date]
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    product: Mapped[ProgrammeProduct] = relationship()
    measure: Mapped[Measure] = relationship()


class Trajectory(Base):
    """A version of what is planned for a measure of a product, over a cohort of sites.

    A new version replaces the one before it from its day on; the former stays as it was.
    """

    __tablename__ = "trajectory"
    __table_args__ = (
        UniqueConstraint("programme_id", "measure_id", "product_id", "part", "number"),
    )

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    product_id: Mapped[int] = mapped_column(
        ForeignKey("programme_product.id", ondelete="CASCADE"), index=True
    )
    part: Mapped[str] = mapped_column(default="")
    """Over which sites it is planned; what is counted over others is not compared with it."""
    number: Mapped[int]
    """1 for the first version."""
    valid_from: Mapped[date]
    why: Mapped[str] = mapped_column(default="")
    """Why the version before it was replaced."""
    source: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    measure: Mapped[Measure] = relationship()
    product: Mapped[ProgrammeProduct] = relationship()
    points: Mapped[list["TrajectoryPoint"]] = relationship(
        order_by="TrajectoryPoint.quarter_on, TrajectoryPoint.id",
        back_populates="trajectory",
        cascade="all, delete-orphan",
    )


class TrajectoryPoint(Base):
    """What a version plans for a quarter, of a network or (where networks have none) the nation."""

    __tablename__ = "trajectory_point"
    __table_args__ = (UniqueConstraint("trajectory_id", "hin_id", "quarter_on"),)

    id: Mapped[Id]
    trajectory_id: Mapped[int] = mapped_column(ForeignKey("trajectory.id", ondelete="CASCADE"))
    hin_id: Mapped[int | None] = mapped_column(ForeignKey("hin.id"))
    quarter_on: Mapped[date]
    planned: Mapped[float]
    """In the unit of the measure."""

    trajectory: Mapped[Trajectory] = relationship(back_populates="points")
