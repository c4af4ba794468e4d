"""A network's update of a quarter: opened, filled in row by row, sent, asked about, accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update

from portal.accounts.models import Actor
from portal.adoption import policy
from portal.adoption.models import EligibleList, Sheet, SheetRow, SheetState
from portal.adoption.outbox import tell_network
from portal.adoption.queries.sheets import SheetLine, lines_of, networks_asked, pairs_of
from portal.adoption.rules.spread import Pair
from portal.adoption.services.sending import write_facts
from portal.audit.services import note
from portal.clock import now, today
from portal.db import db, insert_into, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import AdoptionState
from portal.innovations.rules.adoption import needs_reason
from portal.reference.models import DeadlineKind, DueDate
from portal.reference.queries import due_date
from portal.reference.rules import Quarter

ROWS_AT_ONCE = 500


def open_sheet(*, eligible: EligibleList, hin_id: int, quarter: Quarter, by: Actor) -> Sheet:
    """Return a network's sheet of a quarter, begun now if nobody has, with a row for each place
    that is eligible at its end and each product. Two who open it at once get the same.

    Raises Forbidden, and Invalid for a quarter that has not begun or in which no place of the list
    lies in the network's area.
    """
    if not policy.can_update(by, hin_id):
        raise Forbidden("Only the network of an area updates where its sites stand.")
    if quarter.first > today():
        raise Invalid("The quarter has not begun", field="quarter")
    if hin_id not in networks_asked([eligible.id], quarter)[eligible.id]:
        raise Invalid("No place of this list lies in your area in that quarter", field="quarter")
    values = {
        "hin_id": hin_id,
        "list_id": eligible.id,
        "innovation_id": eligible.innovation_id,
        "group_id": eligible.group_id,
        "quarter_on": quarter.first,
        "state": SheetState.OPEN,
        "opened_at": now(),
        "opened_by_id": by.user_id,
        "version": 1,
        **_due(quarter).columns(),
    }
    db.session.execute(insert_into(Sheet).values(values).on_conflict_do_nothing())
    sheet = db.session.scalars(
        select(Sheet).where(
            Sheet.hin_id == hin_id, Sheet.list_id == eligible.id, Sheet.quarter_on == quarter.first
        )
    ).one()
    follow(sheet)
    return sheet


def _due(quarter: Quarter) -> DueDate:
    """Return the due date of a sheet of a quarter that is opened today. One that is opened after
    the quarter's day has passed is promised from today: it does not begin overdue."""
    found = due_date(DeadlineKind.SHEET, quarter.last + timedelta(days=1))
    is_past = found.due_on is not None and found.due_on < today()
    return due_date(DeadlineKind.SHEET, today()) if is_past else found


def follow(sheet: Sheet) -> int:
    """Bring a sheet that is filled in in line with what it asks about now: what came onto the list
    gets a row, and a row of which nothing was said goes where its place is not asked about any
    more. What was said stays. Returns how many rows are new."""
    if sheet.state in (SheetState.SUBMITTED, SheetState.ACCEPTED):
        return 0
    found = select(SheetRow.site_id, SheetRow.innovation_id).where(SheetRow.sheet_id == sheet.id)
    there = {(site_id, number) for site_id, number in db.session.execute(found)}
    asked = pairs_of(sheet)
    _drop(sheet, there - set(asked))
    new = [
        {"sheet_id": sheet.id, "site_id": site_id, "innovation_id": number, "version": 1}
        for site_id, number in asked
        if (site_id, number) not in there
    ]
    for start in range(0, len(new), ROWS_AT_ONCE):
        some = new[start : start + ROWS_AT_ONCE]
        db.session.execute(insert_into(SheetRow).values(some).on_conflict_do_nothing())
    return len(new)


def _drop(sheet: Sheet, pairs: Iterable[Pair]) -> None:
    for site_id, number in pairs:
        db.session.execute(
            delete(SheetRow)
            .where(
                SheetRow.sheet_id == sheet.id,
                SheetRow.site_id == site_id,
                SheetRow.innovation_id == number,
                SheetRow.state.is_(None),
                SheetRow.is_unchanged.is_(False),
            )
            .execution_options(synchronize_session=False)
        )


def follow_list(eligible: EligibleList) -> None:
    """Bring the sheets of a list that are being filled in in line with its places."""
    waiting = (SheetState.OPEN, SheetState.ASKED)
    found = select(Sheet).where(Sheet.list_id == eligible.id, Sheet.state.in_(waiting))
    for sheet in db.session.scalars(found.order_by(Sheet.id)).all():
        follow(sheet)


MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class RowChange:
    """What somebody typed into a row of which they saw a version."""

    row_id: int
    seen: int
    state: AdoptionState | None
    is_unchanged: bool = False
    reason_id: int | None = None
    funding_id: int | None = None
    note: str = ""
    is_readable: bool = True
    """Whether all that was chosen is in the lists."""


@dataclass
class SavedRows:
    """What became of the rows that were sent."""

    saved: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    """Somebody changed these first: nothing of theirs is lost, and nothing was saved over it."""
    problems: dict[int, str] = field(default_factory=dict)
    gone: int = 0
    """So many are not asked about any more: their places left the list, or the area."""


def save_rows(*, sheet: Sheet, changes: Sequence[RowChange], by: Actor) -> SavedRows:
    """Save what was typed, each row for itself: one that is wrong, or that somebody changed
    meanwhile, keeps no other from being saved. Raises Forbidden, Conflict."""
    _expect_writable(sheet, by)
    found = SavedRows()
    lines = {line.row.id: line for line in lines_of(sheet, {change.row_id for change in changes})}
    for change in sorted(changes, key=lambda one: one.row_id):
        line = lines.get(change.row_id)
        if line is None:
            found.gone += 1
            continue
        problem = problem_of(line, change)
        if problem:
            found.problems[change.row_id] = problem
        elif _save(sheet, change, by):
            found.saved.append(change.row_id)
        else:
            found.late.append(change.row_id)
    db.session.expire_all()
    return found


def problem_of(line: SheetLine, change: RowChange) -> str:
    """Return what is wrong with a row, or nothing."""
    before = line.before.state if line.before else AdoptionState.STAGE_0
    if not change.is_readable:
        return f"Select what is in the lists for {line.row.site.name}"
    if len(change.note) > MAX_NOTE:
        return f"The note about {line.row.site.name} must be {MAX_NOTE} characters or fewer"
    if change.state is None or change.is_unchanged:
        return ""
    if needs_reason(before, change.state) and change.reason_id is None:
        return f"Select why {line.row.site.name} fell, stopped or declined"
    return ""


def _save(sheet: Sheet, change: RowChange, by: Actor) -> bool:
    done = db.session.execute(
        update(SheetRow)
        .where(
            SheetRow.id == change.row_id,
            SheetRow.sheet_id == sheet.id,
            SheetRow.version == change.seen,
        )
        .values(
            version=SheetRow.version + 1,
            state=None if change.is_unchanged else change.state,
            is_unchanged=change.is_unchanged,
            reason_id=None if change.is_unchanged else change.reason_id,
            funding_id=change.funding_id,
            note=change.note,
            by_id=by.user_id,
            saved_at=now(),
        )
        .execution_options(synchronize_session=False)
    )
    count: int = done.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return count == 1


def leave_unchanged(*, sheet: Sheet, row_ids: Iterable[int], by: Actor) -> int:
    """Mark the rows among these of which nothing was said as "nothing changed"; returns how many.
    Raises Forbidden, Conflict."""
    _expect_writable(sheet, by)
    done = db.session.execute(
        update(SheetRow)
        .where(
            SheetRow.sheet_id == sheet.id,
            SheetRow.id.in_(list(row_ids)),
            SheetRow.state.is_(None),
            SheetRow.is_unchanged.is_(False),
        )
        .values(version=SheetRow.version + 1, is_unchanged=True, by_id=by.user_id, saved_at=now())
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    count: int = done.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return count


def submit(*, sheet: Sheet, version: int, by: Actor) -> bool:
    """Send a sheet: its rows become dated rows of adoption and money. Returns whether it is sent:
    where places became part of it since it was opened, they get their rows instead. Raises
    Forbidden, Conflict, and Invalid while something is missing."""
    lock(sheet, seen=version)
    _expect_state(sheet, by)
    if follow(sheet):
        return False
    missing = db.session.scalars(
        select(SheetRow.id).where(
            SheetRow.sheet_id == sheet.id,
            SheetRow.state.is_(None),
            SheetRow.is_unchanged.is_(False),
        )
    ).all()
    if missing:
        rows = "row is" if len(missing) == 1 else "rows are"
        raise Invalid(f"{len(missing)} {rows} not filled in. Say what is new, or nothing changed")
    write_facts(sheet, by=by)
    sheet.state, sheet.submitted_at, sheet.submitted_by_id = SheetState.SUBMITTED, now(), by.user_id
    db.session.flush()
    note(sheet, "submitted", f"sent the update of {sheet.quarter.label}", by=by)
    return True


def ask(*, sheet: Sheet, version: int, words: str, by: Actor) -> None:
    """Send a sheet back with what is asked. Raises Forbidden, Conflict, Invalid."""
    if not words:
        raise Invalid("Enter what should be looked at again", field="words")
    _review(sheet, version, SheetState.ASKED, by)
    sheet.asked = words
    db.session.flush()
    tell_network("asked", sheet)
    note(sheet, "asked", f"asked about the update of {sheet.quarter.label}", by=by)


def remind(*, sheet: Sheet) -> bool:
    """Tell a network that its update is overdue, once; returns whether it was now."""
    is_first = use_once(Sheet, Sheet.id == sheet.id, Sheet.reminded_at.is_(None), reminded_at=now())
    if is_first:
        tell_network("overdue", sheet)
        db.session.flush()
    return is_first


def accept(*, sheet: Sheet, version: int, by: Actor) -> None:
    """Accept a sheet. Raises Forbidden, Conflict."""
    _review(sheet, version, SheetState.ACCEPTED, by)
    db.session.flush()
    note(sheet, "accepted", f"accepted the update of {sheet.quarter.label}", by=by)


def _review(sheet: Sheet, version: int, state: SheetState, by: Actor) -> None:
    lock(sheet, seen=version)
    if not by.is_national:
        raise Forbidden("Only the national team reviews what networks send.")
    if not policy.can_review(by, sheet):
        raise Conflict("This update is not waiting for a review.")
    sheet.state, sheet.reviewed_at, sheet.reviewed_by_id = state, now(), by.user_id


def _expect_writable(sheet: Sheet, by: Actor) -> None:
    """Hold the sheet, so that nobody sends it meanwhile; who saves other rows waits a moment."""
    lock(sheet)
    _expect_state(sheet, by)


def _expect_state(sheet: Sheet, by: Actor) -> None:
    if not policy.can_update(by, sheet.hin_id):
        raise Forbidden("Only the network of an area updates where its sites stand.")
    if not policy.can_write(by, sheet):
        raise Conflict("This update was sent already, and cannot be changed until it comes back.")
