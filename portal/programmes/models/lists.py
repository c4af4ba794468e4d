"""Over which of adoption's lists a programme counts how far its products have spread."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.adoption.models import Cohort, EligibleList
from portal.clock import now
from portal.db import Base, Id
from portal.programmes.models.programmes import Programme


class ProgrammeList(Base):
    """A list of places that could use a product of the programme, or a group of its products.

    Which product it is of follows from the list's record. The sheets of the list are the sheets of
    the programme.
    """

    __tablename__ = "programme_list"
    __table_args__ = (UniqueConstraint("programme_id", "list_id"),)

    id: Mapped[Id]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    list_id: Mapped[int] = mapped_column(
        ForeignKey("eligible_list.id", ondelete="CASCADE"), index=True
    )
    cohort_id: Mapped[int | None] = mapped_column(
        ForeignKey("adoption_cohort.id", ondelete="SET NULL"), index=True
    )
    """Only these of its places are counted; None counts all."""
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    programme: Mapped[Programme] = relationship()
    eligible: Mapped[EligibleList] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
