"""The columns of threads: messages, files that come with them, and how far each person has read.

A room's own threads are tables of its own with these columns, so that every row hangs on the row
that its thread is about, by a foreign key, and is found through it alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id
from portal.files import FileRow


class Message(Base):
    """What a person wrote in a thread on behalf of an organisation."""

    __abstract__ = True

    FILE: ClassVar[str]
    """The class of the files that come with it."""

    id: Mapped[Id]
    thread_id: Mapped[int]
    """What the thread is about: a room's own column, with its foreign key."""
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))

    @declared_attr
    def by(cls) -> Mapped[User]:  # noqa: N805  # SQLAlchemy gives the class
        """Who wrote it."""
        return relationship()

    @declared_attr
    def organisation(cls) -> Mapped[Organisation]:  # noqa: N805
        """For whom they wrote it."""
        return relationship()

    @declared_attr
    def files(cls) -> Mapped[list["MessageFile"]]:  # noqa: N805
        """What came with it."""
        return relationship(cls.FILE, order_by=f"{cls.FILE}.id", cascade="all, delete-orphan")


class MessageFile(FileRow, Base):
    """A file that came with a message; `portal.files` keeps it."""

    __abstract__ = True

    id: Mapped[Id]
    message_id: Mapped[int]
    """A room's own column, with its foreign key."""


class Reader(Base):
    """How far a person has read a thread."""

    __abstract__ = True

    thread_id: Mapped[int]
    """As in `Message`, and part of the primary key."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    read_up_to: Mapped[int] = mapped_column(default=0)
    """The id of the newest message that they said they had read."""


class Follower(Reader):
    """A reader who may ask to be told of each message."""

    __abstract__ = True

    is_following: Mapped[bool] = mapped_column(default=False)


M = TypeVar("M", bound=Message)
F = TypeVar("F", bound=MessageFile)
R = TypeVar("R", bound=Reader)


@dataclass(frozen=True, slots=True)
class Kind(Generic[M, F, R]):
    """The tables of a room's threads."""

    about: Any
    """The table of what a thread is about; it has an `id`."""
    message: type[M]
    file: type[F]
    reader: type[R]
