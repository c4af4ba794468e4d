"""Read places, networks, vocabularies and deadlines, as they were on a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload, selectinload

from portal.clock import today
from portal.db import by_name, db
from portal.errors import Ended, NotFound
from portal.reference.models import (
    BankHoliday,
    Deadline,
    DeadlineKind,
    DeadlineUnit,
    DueDate,
    FormerLabel,
    Hin,
    HinName,
    HinServiceArea,
    Ics,
    IcsName,
    IcsSuccession,
    Region,
    Term,
    Vocabulary,
)
from portal.reference.queries.calendar import kept
from portal.reference.rules import (
    HolidaysMissing,
    folded_label,
    folded_place,
    ics_called,
    working_day_by,
    working_days_after,
)


def terms(vocabulary: Vocabulary, *, held: Iterable[str] = ()) -> Sequence[Term]:
    """Return the terms of a vocabulary that may be chosen today, in order, and retired ones that
    what is changed holds already (their codes): saving it again must not lose them."""
    may_be_chosen = or_(Term.retired_on.is_(None), Term.retired_on > today())
    return db.session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary, or_(may_be_chosen, Term.code.in_(list(held))))
        .order_by(Term.position, Term.id)
    ).all()


def labels_of(vocabulary: Vocabulary) -> dict[str, str]:
    """Return what every term of a vocabulary is called by its code, in order; retired ones too,
    since what is counted and what happened still hold them."""
    found = select(Term.code, Term.label).where(Term.vocabulary == vocabulary)
    rows = db.session.execute(found.order_by(Term.position, Term.id))
    return {row.code: row.label for row in rows}


def terms_by_code(vocabulary: Vocabulary, codes: Iterable[str]) -> list[Term]:
    """Return the terms with these codes, in order; raises NotFound when one does not exist."""
    wanted = set(codes)
    found = db.session.scalars(
        select(Term)
        .where(Term.vocabulary == vocabulary, Term.code.in_(wanted))
        .order_by(Term.position)
    ).all()
    missing = wanted - {term.code for term in found}
    if missing:
        raise NotFound(f"No {vocabulary.value} has the code {', '.join(sorted(missing))}.")
    return list(found)


def _holds(
    model: type[Ics] | type[HinServiceArea] | type[Deadline], on: date
) -> ColumnElement[bool]:
    begun = model.valid_from <= on
    if model is Deadline:
        return begun
    return begun & or_(model.valid_to.is_(None), model.valid_to >= on)  # type: ignore[union-attr]  # a Deadline left above


def icss(on: date | None = None) -> Sequence[Ics]:
    """Return the integrated care systems of a day (today unless told), by name."""
    return db.session.scalars(
        select(Ics)
        .where(_holds(Ics, on or today()))
        .options(joinedload(Ics.region))
        .order_by(by_name(Ics.name))
    ).all()


def hins() -> Sequence[Hin]:
    """Return the Health Innovation Networks, by name."""
    return db.session.scalars(
        select(Hin).options(joinedload(Hin.region)).order_by(by_name(Hin.name))
    ).all()


def hins_with_names() -> Sequence[Hin]:
    """Return the networks, each with all that it was called: two statements."""
    return db.session.scalars(
        select(Hin)
        .options(joinedload(Hin.region), selectinload(Hin.names))
        .order_by(by_name(Hin.name))
    ).all()


def icss_with_names() -> Sequence[Ics]:
    """Return the ICSs of today, each with all that it was called: two statements."""
    return db.session.scalars(
        select(Ics)
        .where(_holds(Ics, today()))
        .options(joinedload(Ics.region), selectinload(Ics.names))
        .order_by(by_name(Ics.name))
    ).all()


def hin_name_on(hin: Hin, on: date) -> str:
    """Return what a HIN was called on a day."""
    return hin.name_on(on)


def hin_names_on(hins: Iterable[Hin], on: date) -> dict[int, str]:
    """Return what some HINs were called on a day, by their numbers: what a page that shows the day
    calls them. One statement, and none for today."""
    return _names_on(HinName, HinName.hin_id, {hin.id: hin.name for hin in hins}, on)


def ics_names_on(icss: Iterable[Ics], on: date) -> dict[int, str]:
    """Return what some ICSs were called on a day, by their numbers, as `hin_names_on` does."""
    return _names_on(IcsName, IcsName.ics_id, {ics.id: ics.name for ics in icss}, on)


def _names_on(
    model: type[HinName] | type[IcsName],
    whose: InstrumentedAttribute[int],
    names: dict[int, str],
    on: date,
) -> dict[int, str]:
    if on >= today():
        return names
    held = select(whose, model.name).where(
        or_(model.valid_from.is_(None), model.valid_from <= on),
        or_(model.valid_to.is_(None), model.valid_to >= on),
    )
    # Where several are said to hold, the last that began comes last.
    order = model.valid_from.is_(None).desc(), model.valid_from
    found = {row[0]: row[1] for row in db.session.execute(held.order_by(*order))}
    return {number: found.get(number, name) for number, name in names.items()}


def former_labels(vocabulary: Vocabulary | None = None) -> dict[tuple[Vocabulary, str], str]:
    """Return the code behind every label that a term ever had, by vocabulary and folded label."""
    found = select(FormerLabel).join(FormerLabel.term).options(contains_eager(FormerLabel.term))
    if vocabulary is not None:
        found = found.where(Term.vocabulary == vocabulary)
    rows = db.session.scalars(found.order_by(FormerLabel.until_on, FormerLabel.id))
    return {(row.term.vocabulary, folded_label(row.label)): row.term.code for row in rows}


def regions() -> Sequence[Region]:
    """Return the NHS regions, by name."""
    return db.session.scalars(select(Region).order_by(by_name(Region.name))).all()


def _areas(on: date) -> Select[HinServiceArea]:
    return (
        select(HinServiceArea)
        .where(_holds(HinServiceArea, on))
        .options(joinedload(HinServiceArea.hin), joinedload(HinServiceArea.ics))
    )


def lead_hin(ics_id: int, on: date | None = None) -> Hin | None:
    """Return the HIN that leads in an ICS on a day; None when the ICS did not exist then."""
    area = db.session.scalar(
        _areas(on or today()).where(HinServiceArea.ics_id == ics_id, HinServiceArea.is_lead)
    )
    return area.hin if area else None


def leading_hin_id(ics_id: int | None, on: date | None = None) -> ScalarSelect[int]:
    """Return SQL for the id of the HIN that leads in an ICS on a day (today unless told); NULL
    where the ICS has ended, for which `hin_of_ics` asks its successors."""
    return (
        select(HinServiceArea.hin_id)
        .where(
            _holds(HinServiceArea, on or today()),
            HinServiceArea.ics_id == ics_id,
            HinServiceArea.is_lead,
        )
        .limit(1)
        .scalar_subquery()
    )


def successors(ics: Ics, on: date | None = None) -> list[Ics]:
    """Return the ICSs of a day (today unless told) that an ICS is, or became part of, by name:
    itself while it exists, else those that followed it, however many steps later."""
    day = on or today()
    if ics.valid_to is None or ics.valid_to >= day:
        return [ics]
    found: dict[int, Ics] = {}
    for row in _succeeded(ics.id):
        found |= {one.id: one for one in successors(row.successor, day)}
    return sorted(found.values(), key=lambda one: one.name)


def _succeeded(ics_id: int) -> Sequence[IcsSuccession]:
    return db.session.scalars(
        select(IcsSuccession)
        .where(IcsSuccession.predecessor_id == ics_id)
        .options(joinedload(IcsSuccession.successor))
    ).all()


def hin_of_ics(ics_id: int) -> Hin | None:
    """Return the HIN that leads today in an ICS or, where it ended, in its successors: in the
    first by name if they have several, and the last that led where nobody follows."""
    ics = db.session.get_one(Ics, ics_id)
    for place in successors(ics):
        found = lead_hin(place.id)
        if found is not None:
            return found
    return lead_hin(ics.id, ics.valid_to) if ics.valid_to else None


def _ended(ics: Ics) -> str:
    day = ics.valid_to
    return f"{ics.name} ended on {day.day} {day:%B %Y}" if day else ics.name


@dataclass(frozen=True, slots=True)
class IcsResult:
    """An ICS that a file or a person named, and what to say about how it was taken."""

    ics: Ics
    note: str = ""


class PlaceNames:
    """The ICSs and HINs by any of their names and codes, as they stand today: four statements."""

    def __init__(self) -> None:
        self._icss: dict[str, Ics] = {}
        rows = db.session.scalars(select(Ics).options(joinedload(Ics.region))).all()
        for was in db.session.scalars(select(IcsName).order_by(IcsName.valid_from)):
            self._icss |= {folded_place(one): was.ics for one in ics_called(was.name)}
        # The newest comes last: a name that two had is the one's that exists.
        for row in sorted(rows, key=lambda one: one.valid_to or date.max):
            for name in (row.name, row.ics_name, row.icb_name, row.code):
                self._icss[folded_place(name)] = row
        self._hins: dict[str, Hin] = {}
        self.hins = hins()
        for former in db.session.scalars(select(HinName).order_by(HinName.valid_from)):
            hin = former.hin
            self._hins |= {folded_place(one): hin for one in (former.name, former.acronym) if one}
        for hin in self.hins:
            self._hins |= {folded_place(one): hin for one in (hin.name, hin.code)}

    def hin(self, text: str) -> Hin:
        """Return the HIN of a name that it has or had, or a code; raises NotFound."""
        found = self._hins.get(folded_place(text))
        if found is None:
            raise NotFound(f"there is no “{text[:80]}”")
        return found

    def ics(self, text: str) -> IcsResult:
        """Return the ICS of a name or code; of one that ended its single successor, with a note.

        Raises NotFound when there is none; Ended, which names them, when several followed it.
        """
        named = self._icss.get(folded_place(text))
        if named is None:
            raise NotFound(f"there is no “{text[:80]}”")
        now_there = successors(named)
        if named in now_there:
            return IcsResult(named)
        ended = _ended(named)
        if len(now_there) != 1:
            names = " or ".join(one.name for one in now_there) or "an ICS that exists"
            raise Ended(f"{ended}: name {names} instead")
        return IcsResult(now_there[0], f"{ended}; taken as {now_there[0].name}, which followed it")


def ics_ids_served(hin_id: int | None, on: date | None = None) -> Select[int]:
    """Return the statement of the ids of the ICSs that a HIN serves on a day, as lead or not, and
    of those that ended before it and became part of one of them."""
    day = on or today()
    served = select(HinServiceArea.ics_id).where(
        _holds(HinServiceArea, day), HinServiceArea.hin_id == hin_id
    )
    # A step for each time that an ICS was followed: what became part of what became part of it.
    found = served.cte("served", recursive=True)
    before = select(IcsSuccession.predecessor_id).where(
        IcsSuccession.successor_id == found.c.ics_id, IcsSuccession.on <= day
    )
    return select(found.union(before).c.ics_id)


def deadline(kind: DeadlineKind, on: date) -> Deadline:
    """Return the setting that holds for a deadline of this kind set on `on`."""
    return kept((kind, on), lambda: _deadline(kind, on))


def _deadline(kind: DeadlineKind, on: date) -> Deadline:
    found = db.session.scalar(
        select(Deadline)
        .where(Deadline.kind == kind, _holds(Deadline, on))
        .order_by(Deadline.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(f"No deadline of the kind {kind.value} holds on {on}: load the reference.")
    return found


def deadlines() -> Sequence[Deadline]:
    """Return every setting there was, is and will be, by kind, the newest first."""
    return db.session.scalars(
        select(Deadline).order_by(Deadline.kind, Deadline.valid_from.desc())
    ).all()


def bank_holidays() -> set[date]:
    """Return England's bank holidays, of all years that are loaded."""
    return kept("holidays", lambda: set(db.session.scalars(select(BankHoliday.on))))


def settings_by_kind(today: date) -> list[tuple[DeadlineKind, Deadline, list[Deadline]]]:
    """Return for each kind of deadline the setting that holds today, and all there are."""
    every: dict[DeadlineKind, list[Deadline]] = defaultdict(list)
    for row in deadlines():
        every[row.kind].append(row)
    return [(kind, _holding(rows, today), rows) for kind in DeadlineKind if (rows := every[kind])]


def _holding(rows: Sequence[Deadline], on: date) -> Deadline:
    """Return which of a kind's settings, the newest first, holds on a day."""
    return next((row for row in rows if row.valid_from <= on), rows[-1])


def holidays_by_year() -> dict[int, list[BankHoliday]]:
    """Return England's bank holidays by year, the newest year first."""
    found: dict[int, list[BankHoliday]] = defaultdict(list)
    for row in db.session.scalars(
        select(BankHoliday).order_by(func.extract("year", BankHoliday.on).desc(), BankHoliday.on)
    ):
        found[row.on.year].append(row)
    return dict(found)


def years_needed(today: date, ahead: int) -> list[int]:
    """Return the years that deadlines set within so many days reach."""
    return sorted({today.year, (today + timedelta(days=ahead)).year})


def due_on(kind: DeadlineKind, made_on: date) -> date:
    """Return the last day on which a deadline set on `made_on` is kept.

    The one definition behind every list and email. Raises HolidaysMissing when it reaches a year
    whose bank holidays are not loaded; what must go on without a day asks for `due_date`.
    """
    setting, holidays = deadline(kind, made_on), bank_holidays()
    if setting.unit is DeadlineUnit.WEEKS:
        return working_day_by(made_on + timedelta(weeks=setting.amount), holidays)
    return working_days_after(made_on, setting.amount, holidays)


_promised_from: ContextVar[date | None] = ContextVar("promised_from", default=None)


@contextmanager
def promises_from(day: date) -> Iterator[None]:
    """What is promised inside counts from `day` at the earliest: a past that is loaded today
    makes no promise that is broken already."""
    token = _promised_from.set(day)
    try:
        yield
    finally:
        _promised_from.reset(token)


def due_date(kind: DeadlineKind, made_on: date) -> DueDate:
    """Return the due date set on `made_on`: its day, or that the day cannot be worked out yet."""
    made_on = max(made_on, _promised_from.get() or made_on)
    try:
        return DueDate(due_on(kind, made_on))
    except HolidaysMissing as missing:
        return DueDate(None, kind, made_on, missing.year)


def is_past_due(due_on: Any, today: date) -> ColumnElement[bool]:
    """Return SQL for `rules.is_overdue` over a column of due dates; never NULL."""
    return and_(due_on.is_not(None), due_on < today)
