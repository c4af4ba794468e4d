"""A file that is brought in, its rows, what they made, and what is remembered for the next."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Organisation, User
from portal.clock import now
from portal.db import Base, Id, LabelledEnum
from portal.files import FileRow


class ImportState(LabelledEnum):
    """How far an import is."""

    READING = "reading", "Choose the sheet"
    MAPPING = "mapping", "Match the columns"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Ready to look at"
    STOPPED = "stopped", "Stopped: too few rows fit"
    APPLYING = "applying", "Being brought in"
    APPLIED = "applied", "Brought in"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


class Verdict(LabelledEnum):
    """What a row of a file is to the portal."""

    NEW = "new", "New"
    CHANGES = "changes", "Changes"
    SAME = "same", "The same"
    DUPLICATE = "duplicate", "Perhaps a duplicate"
    OTHERS = "others", "Kept by others"
    MOVED = "moved", "Changed meanwhile"
    WRONG = "wrong", "Wrong"


class Treatment(LabelledEnum):
    """What is done with a row."""

    TAKE = "take", "Use the file's"
    KEEP = "keep", "Keep what is here"
    BOTH = "both", "Keep both"


class Result(LabelledEnum):
    """What became of a row."""

    MADE = "made", "Made"
    CHANGED = "changed", "Changed"
    LEFT = "left", "Left as it was"
    OUT = "out", "Not brought in"
    UNDONE = "undone", "Undone"
    DECIDE = "decide", "Changed since: decide"
    KEPT = "kept", "Kept"


class Import(Base):
    """One file that an organisation brings in, from its upload to its end."""

    __tablename__ = "import"

    id: Mapped[Id]
    kind: Mapped[str]
    """What its rows are: the code of a kind in `imports.serialise.kinds`."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(
        ForeignKey("membership.id", ondelete="SET NULL")
    )
    """As whom that person imports: the job acts in this role."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.READING)
    name: Mapped[str]
    """What the file is called."""
    sheet: Mapped[str] = mapped_column(default="")
    header_row: Mapped[int] = mapped_column(default=1)
    """On which line of the sheet the names of its columns stand, from 1."""
    header: Mapped[list[Any]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The position of the column, from 0, that answers each field."""
    meanings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For each coded field the code behind each folded value of the file."""
    source: Mapped[str] = mapped_column(default="")
    """Where the facts come from, and under which licence."""
    message: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was brought in or undone."""

    organisation: Mapped[Organisation] = relationship()
    by: Mapped[User | None] = relationship()
    file: Mapped["ImportFile | None"] = relationship(
        back_populates="importing", cascade="all, delete-orphan"
    )


class ImportFile(FileRow, Base):
    """The file as it was sent, for 30 days."""

    __tablename__ = "import_file"
    kept_in = "imports"

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)

    importing: Mapped[Import] = relationship(back_populates="file")


class ImportRow(Base):
    """One row of a file: what it says, what that is to the portal, and what it made of it."""

    __tablename__ = "import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "line"),
        Index("ix_import_row_import_id_verdict", "import_id", "verdict"),
        Index("ix_import_row_import_id_result", "import_id", "result"),
    )

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"))
    line: Mapped[int]
    """On which line of the sheet it stands, from 1."""
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    cells: Mapped[list[Any]]
    """The text of each cell, in the order of the columns; None where it is left out: the row says
    nothing of that field then."""
    name: Mapped[str] = mapped_column(default="")
    """What the row is called: the name or title that it gives."""
    verdict: Mapped[Verdict | None]
    problems: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For each field what is wrong with its cell; "" for the row as a whole."""
    notes: Mapped[list[Any]] = mapped_column(default=list)
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For each field that would change, what it says before and after."""
    record_id: Mapped[int | None]
    """The record that it is about, is like, or made."""
    record_name: Mapped[str] = mapped_column(default="")
    seen: Mapped[int | None]
    """The version of that record when the row was looked at."""
    treatment: Mapped[Treatment | None]
    result: Mapped[Result | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the record said before, to put back."""
    after: Mapped[int | None]
    """The version of the record when the row had changed it."""
    event_id: Mapped[int | None]
    """The newest event of the trail when the row had changed its record."""
    to_verify: Mapped[str] = mapped_column(default="")
    """What it claims and nobody here has checked: proven."""


class ImportMemory(Base):
    """What an organisation's headers and values mean: applied to its next file, and said so."""

    __tablename__ = "import_memory"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "field", "word"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[str]
    field: Mapped[str]
    """The field whose values these are; "" where the word is a header."""
    word: Mapped[str]
    """The header or value, folded."""
    meaning: Mapped[str]
    """The field or the code; "" for none."""


class DirectoryFileState(LabelledEnum):
    """How far a file of the national directory is."""

    WAITING = "waiting", "Waits to be read"
    READING = "reading", "Being read"
    READ = "read", "Read"
    REFUSED = "refused", "Refused"


class DirectoryFile(FileRow, Base):
    """A file of the national directory that an administrator sent, and what reading it did."""

    __tablename__ = "directory_file"
    kept_in = "directory"

    id: Mapped[Id]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    report: Mapped[str]
    """Which report of the directory it is, by its code: `ets`."""
    on: Mapped[date]
    """The day whose state it tells."""
    is_part: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It holds only what changed lately."""
    may_shrink: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Somebody said that far fewer rows than last time are right."""
    state: Mapped[DirectoryFileState] = mapped_column(default=DirectoryFileState.WAITING)
    message: Mapped[str] = mapped_column(default="")
    """Why it was refused, or what is to be minded of its report."""
    rows: Mapped[int | None]
    """How many rows it has, once it was looked through."""
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How many places are new, closed, renamed, moved, left out, by what is counted."""
    examples: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The first of each by name."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]
    """When it was read to its end, or refused."""

    by: Mapped[User | None] = relationship()
