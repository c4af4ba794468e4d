"""Who could use what: groups of products, lists of eligible places, and cohorts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.accounts.models import User
from portal.clock import now
from portal.db import Base, Id, Versioned
from portal.innovations.models import Innovation
from portal.reference.models import Site


class ProductGroup(Versioned, Base):
    """Products of several suppliers that do the same and are spread together: two tests, one goal.

    A pair is a site with one of the products; a site that uses two makes two pairs.
    """

    __tablename__ = "product_group"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    definition: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    members: Mapped[list["GroupMember"]] = relationship(
        order_by="GroupMember.id", cascade="all, delete-orphan"
    )


class GroupMember(Base):
    """An innovation belongs to a group between two days."""

    __tablename__ = "product_group_member"
    __table_args__ = (UniqueConstraint("group_id", "innovation_id", "valid_from"),)

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("product_group.id", ondelete="CASCADE"))
    innovation_id: Mapped[int] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day."""

    innovation: Mapped[Innovation] = relationship()


class HasSubject:
    """A row about one innovation or about a group of products."""

    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("product_group.id", ondelete="CASCADE"), index=True
    )

    @declared_attr
    def innovation(cls) -> Mapped[Innovation | None]:  # noqa: N805 - SQLAlchemy gives the class
        """Return the innovation, if it is about one."""
        return relationship(Innovation)

    @declared_attr
    def group(cls) -> Mapped[ProductGroup | None]:  # noqa: N805 - SQLAlchemy gives the class
        """Return the group of products, if it is about one."""
        return relationship(ProductGroup)

    @property
    def subject_name(self) -> str:
        """Return what it is about."""
        found = self.innovation or self.group
        return found.name if found else ""


ONE_SUBJECT = (
    "(CASE WHEN innovation_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END) = 1"
)


class EligibleList(HasSubject, Versioned, Base):
    """The places that could use something: the denominator of its shares."""

    __tablename__ = "eligible_list"
    __table_args__ = (CheckConstraint(ONE_SUBJECT, name="one_subject"),)

    id: Mapped[Id]
    name: Mapped[str]
    """What its places are: "Trusts with a maternity unit"."""
    basis: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """By which rule they were chosen."""
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    places: Mapped[list["EligiblePlace"]] = relationship(
        order_by="EligiblePlace.id", cascade="all, delete-orphan", passive_deletes=True
    )


class EligiblePlace(Base):
    """A place is on a list between two days, or was left out of it then, with the reason."""

    __tablename__ = "eligible_place"
    __table_args__ = (UniqueConstraint("list_id", "site_id", "valid_from"),)

    id: Mapped[Id]
    list_id: Mapped[int] = mapped_column(ForeignKey("eligible_list.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """The last day."""
    left_out_why: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    """Why it is not eligible though it is of the kind; "" for one that is."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    site: Mapped[Site] = relationship()


class Cohort(Versioned, Base):
    """Places under a name, fixed from the day on which it was made: "live since April 2019"."""

    __tablename__ = "adoption_cohort"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    definition: Mapped[str] = mapped_column(default="", server_default=sql("''"))
    innovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("innovation.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    made_by: Mapped[User | None] = relationship()
    innovation: Mapped[Innovation | None] = relationship()
    places: Mapped[list["CohortPlace"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class CohortPlace(Base):
    """A place of a cohort."""

    __tablename__ = "adoption_cohort_place"
    __table_args__ = {"sqlite_with_rowid": False}

    cohort_id: Mapped[int] = mapped_column(
        ForeignKey("adoption_cohort.id", ondelete="CASCADE"), primary_key=True
    )
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)
