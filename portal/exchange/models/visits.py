"""Visitors of the public pages, counted without cookies and without addresses.

A mark is made of the day's salt, the page, the address and the kind of browser, and cut short: of
two pages that one person opens the marks have nothing in common, and none of an address. Marks and
salt are deleted the next day; only numbers by page and day stay.
"""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class VisitSalt(Base):
    """The secret of a day, without which no mark can be made again."""

    __tablename__ = "visit_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[str]


class VisitMark(Base):
    """That somebody opened a page on a day."""

    __tablename__ = "visit_mark"

    day: Mapped[date] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    """"front", "list", or kind and number of an item; "" for any of them."""
    mark: Mapped[str] = mapped_column(primary_key=True)


class VisitCount(Base):
    """How many visitors a page had on a day that is over."""

    __tablename__ = "visit_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(primary_key=True)
    """"" for the gateway as a whole."""
    visitors: Mapped[int]
    """Visitors on that day, each once."""
