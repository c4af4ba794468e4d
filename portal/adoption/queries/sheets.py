"""Read the sheets of a quarter: their rows, beside what was known a quarter before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.adoption.models import EligibleList, Funding, Sheet, SheetRow, SheetState
from portal.adoption.policy import can_read_sheet
from portal.adoption.queries import lists
from portal.adoption.queries.areas import Areas
from portal.adoption.queries.spread import areas_of, stage_rows
from portal.adoption.rules.history import History, Position
from portal.adoption.rules.shares import Share
from portal.adoption.rules.spread import Pair
from portal.clock import today
from portal.db import by_name, db
from portal.errors import NotFound
from portal.innovations.models import AdoptionState, Innovation
from portal.innovations.rules.adoption import waiting
from portal.reference.models import Hin, Site, Term, Vocabulary
from portal.reference.rules import Quarter
from portal.text import folded_for_sorting

IS_FILLED = SheetRow.state.is_not(None) | SheetRow.is_unchanged
"""Something was said of the row: a state, or that nothing changed (`SheetRow.is_filled` in SQL)."""


@dataclass(frozen=True, slots=True)
class HeldCodes:
    """What the rows of a sheet hold: codes of stages, reasons and statuses of money."""

    states: frozenset[str]
    reasons: frozenset[str]
    money: frozenset[str]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a sheet, beside where the site stood at the end of the quarter before."""

    row: SheetRow
    before: Position | None
    now: Position | None
    """Where it stands at the end of the quarter, or today, with what was said since."""
    money_id: int | None
    """The status of its money before, by its number."""
    claim: tuple[AdoptionState, date] | None = None
    """The innovator's claim of use that waits to be confirmed: what it says, and since when."""


def sheet_for(actor: Actor, sheet_id: int) -> Sheet:
    """Return a sheet that the actor may read; raises NotFound. The only door."""
    found = db.session.get(
        Sheet,
        sheet_id,
        options=[
            joinedload(Sheet.hin),
            joinedload(Sheet.innovation),
            joinedload(Sheet.group),
            joinedload(Sheet.eligible),
            joinedload(Sheet.submitted_by),
        ],
    )
    if found is None or not can_read_sheet(actor, found):
        raise NotFound("There is no such update that you may see.")
    return found


def innovations_of(sheet: Sheet) -> list[int]:
    """Return the numbers of the products of a sheet at the end of its quarter."""
    if sheet.innovation_id is not None:
        return [sheet.innovation_id]
    group = lists.group(sheet.group_id or 0)
    return [one.id for one in lists.members_on(group, sheet.quarter.last)]


def day_asked(quarter: Quarter) -> date:
    """Return the day on which who is eligible is asked in a quarter: its last, or today."""
    return min(quarter.last, max(today(), quarter.first))


def networks_asked(list_ids: Collection[int], quarter: Quarter) -> dict[int, set[int]]:
    """Return which networks have a place on each of some lists in a quarter, and so a sheet to
    fill in, by the number of the list: three statements."""
    on, places = day_asked(quarter), lists.entries_of(list_ids)
    areas = areas_of(places)
    asked = {
        list_id: {
            areas.hin_id(one.site_id, on) for one in found if one.holds(on) and not one.left_out_why
        }
        for list_id, found in places.items()
    }
    return {list_id: {hin for hin in hins if hin is not None} for list_id, hins in asked.items()}


def pairs_of(sheet: Sheet) -> list[Pair]:
    """Return the pairs of place and product that a sheet asks about: what is eligible at the end
    of the quarter in the network's area."""
    on = day_asked(sheet.quarter)
    entries = lists.entries(sheet.list_id)
    areas = Areas(lists.sites_of(sheet.list_id), [(one.site_id, one.ics_id) for one in entries])
    return [
        (one.site_id, number)
        for one in entries
        if one.holds(on) and not one.left_out_why and areas.hin_id(one.site_id, on) == sheet.hin_id
        for number in innovations_of(sheet)
    ]


def _rows(sheet: Sheet) -> Select[SheetRow]:
    return (
        select(SheetRow)
        .join(SheetRow.site)
        .join(SheetRow.innovation)
        .where(SheetRow.sheet_id == sheet.id)
        .options(
            contains_eager(SheetRow.site),
            contains_eager(SheetRow.innovation).load_only(Innovation.name),
            joinedload(SheetRow.by),
            joinedload(SheetRow.adoption),
        )
        .order_by(by_name(Site.name), Site.id, Innovation.id)
    )


def held_codes(sheet: Sheet) -> HeldCodes:
    """Return what the rows of a sheet hold, or held before, retired or not: two statements."""
    mine = SheetRow.sheet_id == sheet.id
    numbers = select(SheetRow.innovation_id).where(mine)
    states = db.session.scalars(select(SheetRow.state).where(mine).distinct()).all()
    said = or_(
        Term.id.in_(select(SheetRow.reason_id).where(mine)),
        Term.id.in_(select(SheetRow.funding_id).where(mine)),
        Term.id.in_(select(Funding.status_id).where(Funding.innovation_id.in_(numbers))),
    )
    found = db.session.execute(select(Term.vocabulary, Term.code).where(said)).all()

    def of(wanted: Vocabulary) -> frozenset[str]:
        return frozenset(code for vocabulary, code in found if vocabulary is wanted)

    return HeldCodes(
        frozenset(state.value for state in states if state),
        of(Vocabulary.ADOPTION_REASON),
        of(Vocabulary.FUNDING_STATUS),
    )


def lines_of(sheet: Sheet, row_ids: Collection[int] | None = None) -> list[SheetLine]:
    """Return the rows of a sheet, or some of them, by the name of the place: three statements."""
    found = _rows(sheet)
    return _lines(sheet, found if row_ids is None else found.where(SheetRow.id.in_(row_ids)))


def lines_between(sheet: Sheet, first: int, count: int, *, only_missing: bool) -> list[SheetLine]:
    """Return `count` rows of a sheet from the one numbered `first` (0 is the first) by the name of
    the place, of all or of those that are not filled in: three statements."""
    found = _rows(sheet).where(~IS_FILLED) if only_missing else _rows(sheet)
    return _lines(sheet, found.offset(first).limit(count))


def _lines(sheet: Sheet, found: Select[SheetRow]) -> list[SheetLine]:
    rows = db.session.scalars(found.execution_options(populate_existing=True)).all()
    day, sites = sheet.quarter.previous.last, {row.site_id for row in rows}
    told = stage_rows(list({row.innovation_id for row in rows}), sites)
    histories = _histories({row.innovation_id for row in rows}, told)
    on = min(sheet.quarter.last, today())
    claims = {(one.site_id, one.innovation_id): (one.state, one.on) for one in waiting(told, on)}
    money = _money_before(sheet, day, sites)
    return [
        SheetLine(
            row,
            histories[row.innovation_id].at(row.site_id, day),
            histories[row.innovation_id].at(row.site_id, on),
            money.get((row.site_id, row.innovation_id)),
            claims.get((row.site_id, row.innovation_id)),
        )
        for row in rows
    ]


def _histories(innovations: Collection[int], told: Iterable[Any]) -> dict[int, History]:
    rows: dict[int, list[object]] = {number: [] for number in innovations}
    for row in told:
        rows[row.innovation_id].append(row)
    return {number: History(mine) for number, mine in rows.items()}  # type: ignore[arg-type]  # tuples with the columns of a row


def _money_before(sheet: Sheet, day: date, sites: Collection[int]) -> dict[Pair, int]:
    numbers = select(SheetRow.innovation_id).where(SheetRow.sheet_id == sheet.id).distinct()
    rows = db.session.scalars(
        select(Funding)
        .where(Funding.innovation_id.in_(numbers), Funding.site_id.in_(sites))
        .order_by(Funding.on, Funding.id)
    ).all()
    corrected = {row.corrects_id for row in rows}
    return {
        (row.site_id, row.innovation_id): row.status_id
        for row in rows
        if row.id not in corrected and row.on <= day
    }


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """A sheet in a list, and how much of it is filled in."""

    sheet: Sheet
    filled: Share


def sheets(
    actor: Actor,
    quarter: Quarter,
    states: Collection[SheetState] = (),
    list_ids: Collection[int] | None = None,
) -> list[SheetSummary]:
    """Return the sheets of a quarter that the actor may read, or those of every quarter that
    stand in some states, of some lists or (None) all, by network and name."""
    found = (
        select(Sheet)
        .join(Hin, Hin.id == Sheet.hin_id)
        .where(Sheet.state.in_(states) if states else Sheet.quarter_on == quarter.first)
        .options(
            joinedload(Sheet.hin),
            joinedload(Sheet.innovation),
            joinedload(Sheet.group),
            joinedload(Sheet.eligible),
        )
        .order_by(by_name(Hin.name), Sheet.id)
    )
    if not actor.is_national:
        found = found.where(Sheet.hin_id == actor.hin_id)
    if list_ids is not None:
        found = found.where(Sheet.list_id.in_(list_ids))
    rows = db.session.scalars(found).all()
    filled = _filled([row.id for row in rows])
    return [SheetSummary(row, filled.get(row.id, Share(0, 0))) for row in rows]


def filled_of(sheet: Sheet) -> Share:
    """Return how many rows of a sheet are filled in, of how many: one statement."""
    return _filled([sheet.id]).get(sheet.id, Share(0, 0))


def _filled(sheet_ids: Sequence[int]) -> dict[int, Share]:
    rows = db.session.execute(
        select(SheetRow.sheet_id, func.count().filter(IS_FILLED), func.count())
        .where(SheetRow.sheet_id.in_(sheet_ids))
        .group_by(SheetRow.sheet_id)
    )
    return {sheet_id: Share(filled, count) for sheet_id, filled, count in rows}


def lists_to_update(actor: Actor, quarter: Quarter) -> Sequence[EligibleList]:
    """Return the lists of which a network has a sheet to fill in for a quarter, by name of what
    they are about: those with a place in its area."""
    found = lists.readable_lists(actor).options(
        joinedload(EligibleList.innovation), joinedload(EligibleList.group)
    )
    rows = db.session.scalars(found).all()
    asked = networks_asked([one.id for one in rows], quarter)
    mine = [one for one in rows if actor.hin_id in asked[one.id]]
    return sorted(mine, key=lambda one: (folded_for_sorting(one.subject_name), one.id))


def overdue(on: date) -> Sequence[Sheet]:
    """Return the sheets that were due before a day, are not sent, and not reminded of yet."""
    waiting = (SheetState.OPEN, SheetState.ASKED)
    return db.session.scalars(
        select(Sheet)
        .where(Sheet.due_on < on, Sheet.reminded_at.is_(None), Sheet.state.in_(waiting))
        .order_by(Sheet.id)
    ).all()
