"""Two rows become one: what each room says of its own rows that point to them, and who held what.

A room lists its foreign keys to records, organisations and engagements in its `merging.py`:
`moves` those that go along to the row that is kept, `stays` those that tell of the other one and
remain with it. `room_rows.py` names the lists, `tests/house/test_merges.py` finds a key that is in
none.

What moved is kept as dated rows (`MovedRow`): until when a row was whose. Undoing a merge moves
exactly those back, and figures of a past day ask `is_of` and `holder_at` whose a row was on that
day, so that no total of the past changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    bindparam,
    event,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.clock import end_of, now, today
from portal.db import Base, Id, LabelledEnum, UTCDateTime, db

UNDO_DAYS = 30
"""For so many days a merge can be undone."""


class Noun(LabelledEnum):
    """What becomes one: the name of its table."""

    INNOVATION = "innovation", "record"
    ORGANISATION = "organisation", "organisation"


class Merge(Base):
    """Two rows of one table that are the same thing: proposed, agreed, made one, perhaps undone.

    The rows themselves both stay: the other one leads to the kept one for ever.
    """

    __tablename__ = "merge"
    __table_args__ = (
        # Of two who do it at once the database lets one.
        Index(
            "uq_merge_standing",
            "noun",
            "other_id",
            unique=True,
            sqlite_where=text("at IS NOT NULL AND undone_at IS NULL"),
            postgresql_where=text("at IS NOT NULL AND undone_at IS NULL"),
        ),
        Index(None, "noun", "kept_id"),
    )

    id: Mapped[Id]
    noun: Mapped[Noun]
    kept_id: Mapped[int]
    other_id: Mapped[int]
    why: Mapped[str]
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    kept_agreed_at: Mapped[datetime | None]
    """When the side of the kept row agreed; at once where nobody had to be asked."""
    other_agreed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    refused_why: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime | None] = mapped_column(index=True)
    """When they became one; None while somebody is asked."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The answers of the other row that stand on the kept one, by their names: `True` each."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What undoing restores beside the moved rows: see the service of each noun."""
    newest: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The newest row of each table when they became one: what is newer came later."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody to agree."""
        return self.at is None and self.refused_at is None

    @property
    def stands(self) -> bool:
        """Whether the two are one now."""
        return self.at is not None and self.undone_at is None


class MovedRow(Base):
    """Until a moment a row of some table pointed to another row than it does now. Append-only."""

    __tablename__ = "moved_row"
    __table_args__ = (Index(None, "table_name", "column_name", "row_id", "until"),)

    id: Mapped[Id]
    merge_id: Mapped[int] = mapped_column(ForeignKey("merge.id"), index=True)
    table_name: Mapped[str]
    column_name: Mapped[str]
    row_id: Mapped[int]
    was_id: Mapped[int]
    since: Mapped[datetime | None]
    """From when it was that one's; None from the first."""
    until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a merge does with the rows of one foreign key."""

    table: str
    column: str
    what: str
    """What moves, as the page of a merge counts it; why it stays, for those that do."""
    moves: bool

    @property
    def source(self) -> Table:
        """The table."""
        return Base.metadata.tables[self.table]

    @property
    def key(self) -> Any:
        """The number of a row."""
        return next(iter(self.source.primary_key))

    @property
    def noun(self) -> str:
        """The table to which the key points."""
        (key,) = self.source.c[self.column].foreign_keys
        return key.column.table.name


def moves(key: str, what: str) -> Rule:
    """Return the rule "rows of `table.column` go along to the kept row"."""
    table, _, column = key.partition(".")
    return Rule(table, column, what, moves=True)


def stays(key: str, why: str) -> Rule:
    """Return the rule "rows of `table.column` remain with the row that they tell of"."""
    table, _, column = key.partition(".")
    return Rule(table, column, why, moves=False)


_rules: tuple[Rule, ...] = ()


def come_from(rules: Iterable[Rule]) -> None:
    """Say what all rooms declare."""
    global _rules  # noqa: PLW0603  # one list, set when the application starts
    _rules = tuple(rules)


def rules() -> Sequence[Rule]:
    """Return every rule."""
    return _rules


def moving(noun: str) -> list[Rule]:
    """Return the keys to a noun whose rows move."""
    return [rule for rule in _rules if rule.moves and rule.noun == noun]


def counts(noun: str, other_id: int) -> dict[str, int]:
    """Return how many rows of each kind would move, without kinds of which there are none."""
    found: dict[str, int] = {}
    for rule in moving(noun):
        theirs = select(func.count()).select_from(rule.source)
        count = db.session.scalar(theirs.where(rule.source.c[rule.column] == other_id)) or 0
        if count:
            found[rule.what] = found.get(rule.what, 0) + count
    return found


# Move and move back


def move_all(merge: Merge, at: datetime) -> None:
    """Move every row of the other one that moves, and remember it and which rows are newest.

    A row of which the kept one has the same already, as a unique constraint says, stays.
    """
    db.session.flush()
    newest = {}
    for rule in moving(merge.noun.value):
        key = rule.key
        newest[rule.table] = db.session.scalar(select(func.max(key))) or 0
        theirs = select(key).where(rule.source.c[rule.column] == merge.other_id).order_by(key)
        _move(merge, rule, db.session.scalars(theirs).all(), merge.other_id, at)
    merge.newest = newest
    db.session.flush()
    db.session.expire_all()


def move_back(merge: Merge, at: datetime, *, also: Iterable[str] = ()) -> None:
    """Move back what this merge moved and what still is where it was moved to, and those rows that
    came since and are to go along (`also`: "table.column:id")."""
    db.session.flush()
    by_key = {(rule.table, rule.column): rule for rule in moving(merge.noun.value)}
    moved = db.session.scalars(
        select(MovedRow)
        .where(MovedRow.merge_id == merge.id, MovedRow.was_id == merge.other_id)
        .order_by(MovedRow.id)
    ).all()
    found = [(by_key.get((row.table_name, row.column_name)), row.row_id) for row in moved]
    wanted = set(also)
    newer = later_rows(merge)
    found += [(one.rule, one.row_id) for one in newer if one.key in wanted]
    by_rule: dict[Rule, list[int]] = {}
    for rule, row_id in found:
        if rule is not None:
            by_rule.setdefault(rule, []).append(row_id)
    for rule, row_ids in by_rule.items():
        _move(merge, rule, row_ids, merge.kept_id, at)
    db.session.flush()
    db.session.expire_all()


def _move(merge: Merge, rule: Rule, row_ids: Sequence[int], was: int, at: datetime) -> None:
    """Move rows of `was` to the other of the two and remember it; those of which that one has the
    same already stay."""
    theirs = rule.source.c[rule.column] == was
    if row_ids and not _moves(merge, rule, theirs & rule.key.in_(_literal(row_ids)), was, at):
        for row_id in row_ids:
            _moves(merge, rule, theirs & (rule.key == row_id), was, at)
    db.session.info.pop(MOVED, None)


def _moves(merge: Merge, rule: Rule, which: ColumnElement[bool], was: int, at: datetime) -> bool:
    """Whether all rows that `which` names could be moved; where one could not, none is."""
    to = merge.kept_id if was == merge.other_id else merge.other_id
    same = (MovedRow.table_name == rule.table) & (MovedRow.column_name == rule.column)
    since = select(func.max(MovedRow.until)).where(same, MovedRow.row_id == rule.key)
    remembered = {
        "merge_id": literal(merge.id),
        "table_name": literal(rule.table),
        "column_name": literal(rule.column),
        "row_id": rule.key,
        "was_id": literal(was),
        "since": since.scalar_subquery(),
        "until": literal(at, UTCDateTime),
    }
    rows = select(*remembered.values()).select_from(rule.source).where(which)
    connection = db.session.connection()
    try:
        with connection.begin_nested():
            connection.execute(insert(MovedRow).from_select(list(remembered), rows))
            connection.execute(update(rule.source).where(which).values({rule.column: to}))
    except IntegrityError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class LaterRow:
    """A row that came to the kept one after the merge: undoing asks whose it is."""

    rule: Rule
    row_id: int

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.rule.table}.{self.rule.column}:{self.row_id}"

    @property
    def label(self) -> str:
        """What it is called where somebody decides whose it is."""
        return f"Number {self.row_id} of the {self.rule.what}"


def later_rows(merge: Merge) -> list[LaterRow]:
    """Return the rows that the kept one got after the merge, of those kinds that move."""
    found = []
    for rule in moving(merge.noun.value):
        key = rule.key
        newer = key > merge.newest.get(rule.table, 0)
        theirs = select(key).where(rule.source.c[rule.column] == merge.kept_id, newer)
        found += [LaterRow(rule, row_id) for row_id in db.session.scalars(theirs.order_by(key))]
    return found


# Whose a row was on a past day

MOVED = "moved_rows"
Times = tuple[int, int, datetime | None, datetime]
"""A moved row: its id, whose it was, since when and until when."""


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    """What was read of moved rows holds for one transaction."""
    if transaction.parent is None:
        session.info.pop(MOVED, None)


def _moved(table: str, column: str) -> list[Times]:
    read: dict[tuple[str, str], list[Times]] = db.session.info.setdefault(MOVED, {})
    if not read:
        rows = db.session.execute(
            select(
                MovedRow.table_name,
                MovedRow.column_name,
                MovedRow.row_id,
                MovedRow.was_id,
                MovedRow.since,
                MovedRow.until,
            )
        )
        read["", ""] = []
        for table_name, column_name, *times in rows:
            read.setdefault((table_name, column_name), []).append((*times,))  # type: ignore[arg-type]
    return read.get((table, column), [])


def held_before(table: str, column: str, moment: datetime | None) -> Mapping[int, int]:
    """Return `{row: whose it was}` before a moment, of rows that moved since. None is now."""
    if moment is None:
        return {}
    return {
        row_id: was
        for row_id, was, since, until in _moved(table, column)
        if until >= moment and (since is None or since < moment)
    }


def moment_of(day: date | None) -> datetime | None:
    """Return the end of a day that is over; None for today, later days and no day."""
    return end_of(day) if day is not None and day < today() else None


def is_of(of: Any, column: str, owner: Any, moment: datetime | None) -> ColumnElement[bool]:
    """Return SQL for "before the moment the row pointed to `owner`", such as `Innovation.id`.

    `of` is a mapped class or an alias of one, `column` its foreign key. In the ordinary case, where
    nothing moved since, it is the plain comparison.
    """
    held = getattr(of, column)
    before = held_before(_table(of), column, moment)
    if not before:
        return held == owner  # type: ignore[no-any-return]  # `of` may be an alias
    ids = _literal(before)
    moved = of.id.in_(ids) & (owner == _was(of, column, moment))
    return ((held == owner) & of.id.not_in(ids)) | moved  # type: ignore[no-any-return]


def holder_at(of: Any, column: str, moment: datetime | None) -> ColumnElement[Any]:
    """Return SQL for whom a row pointed to before the moment: the key itself where nothing moved
    since."""
    held = getattr(of, column)
    if not held_before(_table(of), column, moment):
        return held  # type: ignore[no-any-return]  # `of` may be an alias
    return func.coalesce(_was(of, column, moment), held)


def _was(of: Any, column: str, moment: datetime | None) -> Any:
    began = MovedRow.since.is_(None) | (MovedRow.since < moment)
    return (
        select(MovedRow.was_id)
        .where(
            MovedRow.table_name == _table(of),
            MovedRow.column_name == column,
            MovedRow.row_id == of.id,
            MovedRow.until >= moment,
            began,
        )
        .limit(1)
        .correlate(of)
        .scalar_subquery()
    )


def _table(of: Any) -> str:
    return str(inspect(of).mapper.local_table.name)


def _literal(ids: Iterable[int]) -> Any:
    """Return numbers of our own rows as they stand in the statement: parameters are limited."""
    return bindparam(None, sorted(ids), expanding=True, literal_execute=True)
