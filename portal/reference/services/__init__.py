"""Load the reference files: what is new is added, what changed is changed, what is gone retired."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select, update

from portal.clock import today
from portal.db import Base, db
from portal.errors import Invalid
from portal.reference.models import (
    BankHoliday,
    Deadline,
    DeadlineKind,
    DeadlineUnit,
    DueDate,
    HasDueDate,
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
from portal.reference.queries import bank_holidays, due_date
from portal.reference.rules import ics_called

MIN_HOLIDAYS = 8
"""England has eight bank holidays in an ordinary year, and never had fewer since 1978."""
MAX_LENGTH = {DeadlineUnit.WORKING_DAYS: 60, DeadlineUnit.WEEKS: 26}
"""How long a deadline allows at most, in its unit."""

Dated = TypeVar("Dated", HinName, IcsName)
DATA = Path(__file__).parents[1] / "data"
Row = dict[str, str]


@dataclass
class Report:
    """What a load did, per file: how many rows were added, changed and retired."""

    added: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """Yield one line a file that had news."""
        for name in sorted({*self.added, *self.changed, *self.retired}):
            counts = (self.added, self.changed, self.retired)
            words = ("added", "changed", "retired")
            told = [f"{c[name]} {w}" for c, w in zip(counts, words, strict=True) if c.get(name)]
            if told:
                yield f"{name}: {', '.join(told)}"


def load(folder: Path = DATA) -> Report:
    """Bring the tables in line with the files of `folder`; flushes, the caller commits.

    Idempotent. Rows that left a vocabulary are retired, never deleted: records hold them.
    """
    report = Report()
    _load(report, folder / "regions.csv", Region, ("code",), _region)
    places = _ids(Region)
    _load(report, folder / "icss.csv", Ics, ("code",), lambda r: _ics(r, places))
    _load(report, folder / "hins.csv", Hin, ("code",), lambda r: _hin(r, places))
    systems, networks = _ids(Ics), _ids(Hin)
    _load(
        report,
        folder / "ics_successions.csv",
        IcsSuccession,
        ("predecessor_id", "successor_id"),
        lambda r: _succession(r, systems),
    )
    _load(
        report,
        folder / "hin_names.csv",
        HinName,
        ("hin_id", "name"),
        lambda r: _hin_name(r, networks),
    )
    _load(
        report,
        folder / "hin_service_areas.csv",
        HinServiceArea,
        ("hin_id", "ics_id", "valid_from"),
        lambda r: _service_area(r, networks, systems),
    )
    _load(report, folder / "bank_holidays.csv", BankHoliday, ("on",), _holiday)
    _load(report, folder / "deadlines.csv", Deadline, ("kind", "valid_from"), _deadline)
    for vocabulary in Vocabulary:
        _load_terms(report, folder / "terms" / f"{vocabulary.value}.csv", vocabulary)
    fill_due_dates()
    return report


def national_bodies(folder: Path = DATA) -> list[Row]:
    """Return the national bodies that the portal knows: name, website and source of each."""
    return _rows(folder / "national_bodies.csv")


def fill_due_dates() -> int:
    """Give every due date its day that waited for bank holidays which are there now; returns how
    many got one.

    Rows of any room that are `HasDueDate`. Their versions stay: nobody decided anything.
    """
    db.session.flush()
    return sum(_fill_due_dates(model) for model in HasDueDate.__subclasses__())


def _fill_due_dates(model: type[HasDueDate]) -> int:
    """All with the same deadline of one day get their day at once."""
    waiting = select(model.undated, model.undated_from).where(model.undated.is_not(None)).distinct()
    count = 0
    for kind, made_on in db.session.execute(waiting).all():
        if kind is None or made_on is None:
            continue
        found = due_date(kind, made_on)
        done = _keep(model, found, (model.undated == kind) & (model.undated_from == made_on))
        count += done if found.due_on is not None else 0
    return count


def rename_hin(*, hin: Hin, name: str, on: date | None = None) -> None:
    """Give a HIN another name from a day on (today unless told): the name before ends the day
    before, and stays what it was called on the days before."""
    if name == hin.name:
        return
    _call_from(on or today(), name, hin.names, hin.name, HinName)
    hin.name, hin.is_name_edited = name, True
    db.session.flush()


def rename_ics(*, ics: Ics, name: str, on: date | None = None) -> None:
    """Give an ICS another name from a day on (today unless told), as `rename_hin` does; its board
    is called after it."""
    if name == ics.name:
        return
    _call_from(on or today(), name, ics.names, ics.name, IcsName)
    ics.name, ics.ics_name, ics.icb_name = ics_called(name)
    ics.is_edited = True
    db.session.flush()


def _call_from(day: date, name: str, names: list[Dated], was: str, make: type[Dated]) -> None:
    """Let a name hold from a day on, and the one before until the day before."""
    for former in names:
        if former.valid_to is None:
            former.valid_to = day - timedelta(days=1)
    if all(former.name != was for former in names):
        names.append(make(name=was, valid_to=day - timedelta(days=1)))
    again = next((former for former in names if former.name == name), None)
    if again is None:
        names.append(make(name=name, valid_from=day))
    else:
        again.valid_from, again.valid_to = day, None


def set_due(row: HasDueDate, due_date: DueDate) -> None:
    """Set the due date without a new version of the row: it overtakes nobody's decision."""
    _keep(type(row), due_date, type(row).id == row.id)


def _keep(model: type[HasDueDate], due_date: DueDate, which: ColumnElement[bool]) -> int:
    done = db.session.execute(
        update(model).where(which).values(due_date.columns()),
        execution_options={"synchronize_session": "evaluate"},
    )
    count: int = done.rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    return count


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ids(model: type[Region] | type[Ics] | type[Hin]) -> dict[str, int]:
    return {code: row_id for row_id, code in db.session.execute(select(model.id, model.code))}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _load(
    report: Report,
    path: Path,
    model: type[Base],
    key: tuple[str, ...],
    values_of: Callable[[Row], dict[str, Any]],
) -> None:
    known = {tuple(getattr(row, k) for k in key): row for row in db.session.scalars(select(model))}
    for values in map(values_of, _rows(path)):
        row = known.get(tuple(values[k] for k in key))
        if row is None:
            db.session.add(model(**values))
            report.added[path.stem] = report.added.get(path.stem, 0) + 1
        elif _change(row, values):
            report.changed[path.stem] = report.changed.get(path.stem, 0) + 1
    db.session.flush()


def _change(row: Base, values: dict[str, Any]) -> bool:
    if isinstance(row, Ics | HinServiceArea) and row.is_edited:
        return False
    if isinstance(row, HinName) and row.hin.is_name_edited:
        return False
    if isinstance(row, Hin) and row.is_name_edited:
        values = {key: value for key, value in values.items() if key != "name"}
    return _set(row, values)


def _set(row: Base, values: dict[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def bring_in_line(
    report: Report, what: str, model: type[Base], row: Base | None, values: dict[str, Any]
) -> None:
    """Add a row, or give the one that is there these values, and count it in the report under
    `what`."""
    if row is None:
        db.session.add(model(**values))
        report.added[what] = report.added.get(what, 0) + 1
    elif _set(row, values):
        report.changed[what] = report.changed.get(what, 0) + 1


def _load_terms(report: Report, path: Path, vocabulary: Vocabulary) -> None:
    known = {
        term.code: term
        for term in db.session.scalars(select(Term).where(Term.vocabulary == vocabulary))
    }
    rows = _rows(path)
    for row in rows:
        _put_term(report, path.stem, known.get(row["code"]), _term(row, vocabulary))
    added = {code for code, term in known.items() if term.is_added or term.is_retiring_edited}
    gone = set(known) - {row["code"] for row in rows} - added
    for code in gone:
        if known[code].retired_on is None:
            known[code].retired_on = today()
            report.retired[path.stem] = report.retired.get(path.stem, 0) + 1
    db.session.flush()


def _put_term(report: Report, name: str, term: Term | None, values: dict[str, Any]) -> None:
    if term is None:
        db.session.add(Term(**values))
        report.added[name] = report.added.get(name, 0) + 1
        return
    if term.is_label_edited:
        del values["label"]
    if term.is_retiring_edited:
        del values["retired_on"]
    if term.is_position_edited:
        del values["position"]
    if _change(term, values):
        report.changed[name] = report.changed.get(name, 0) + 1


def _term(row: Row, vocabulary: Vocabulary) -> dict[str, Any]:
    plain = {name: row[name] for name in ("code", "label", "group", "definition", "source")}
    return {
        **plain,
        "vocabulary": vocabulary,
        "position": int(row["position"]),
        "value": row["value"],
        "retired_on": None,
    }


def _region(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("code", "name", "source")}


def _ics(row: Row, regions: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("code", "name", "ics_name", "icb_name", "source")},
        "region_id": regions[row["region_code"]],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
    }


def _hin(row: Row, regions: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("code", "name", "geography", "website", "source")},
        "region_id": regions[row["region_code"]],
    }


def _succession(row: Row, icss: dict[str, int]) -> dict[str, Any]:
    return {
        "predecessor_id": icss[row["from_code"]],
        "successor_id": icss[row["to_code"]],
        "on": _day(row["on"]),
        "part": row["part"],
    }


def _hin_name(row: Row, hins: dict[str, int]) -> dict[str, Any]:
    return {
        "hin_id": hins[row["hin_code"]],
        "name": row["name"],
        "acronym": row["acronym"],
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
    }


def _service_area(row: Row, hins: dict[str, int], icss: dict[str, int]) -> dict[str, Any]:
    return {
        "hin_id": hins[row["hin_code"]],
        "ics_id": icss[row["ics_code"]],
        "is_lead": row["is_lead"] == "true",
        "valid_from": _day(row["valid_from"]),
        "valid_to": _day(row["valid_to"]),
    }


def _holiday(row: Row) -> dict[str, Any]:
    return {"on": _day(row["on"]), "name": row["name"]}


def _deadline(row: Row) -> dict[str, Any]:
    return {
        "kind": DeadlineKind(row["kind"]),
        "amount": int(row["amount"]),
        "unit": DeadlineUnit(row["unit"]),
        "valid_from": _day(row["valid_from"]),
    }


def set_deadline(
    *, kind: DeadlineKind, amount: int, unit: DeadlineUnit, valid_from: date
) -> Deadline:
    """Allow another length from a day on; what is due already keeps its day.

    Raises Invalid for a day in the past, a length out of bounds, or a second setting of the same
    kind from the same day. Who may is for the caller to know.
    """
    if valid_from < today():
        raise Invalid("The day must be today or later", field="valid_from")
    if not 1 <= amount <= MAX_LENGTH[unit]:
        raise Invalid(f"The length must be between 1 and {MAX_LENGTH[unit]}", field="amount")
    known = select(Deadline.id).where(Deadline.kind == kind, Deadline.valid_from == valid_from)
    if db.session.scalar(known) is not None:
        raise Invalid("There is a setting from that day already", field="valid_from")
    row = Deadline(kind=kind, amount=amount, unit=unit, valid_from=valid_from)
    db.session.add(row)
    db.session.flush()
    return row


def add_holidays(*, days: Mapping[date, str]) -> int:
    """Add a whole year of bank holidays, so that no deadline counts a year that is half known, and
    give what was set meanwhile its day. Returns the year.

    Raises Invalid when the days are of several years, fewer than a year has, or of a year that is
    known. Who may is for the caller to know.
    """
    years = {day.year for day in days}
    if len(years) != 1:
        raise Invalid("Enter the bank holidays of one year", field="days")
    if len(days) < MIN_HOLIDAYS:
        raise Invalid(
            "Enter all bank holidays of the year: England has eight or more", field="days"
        )
    (year,) = years
    if any(day.year == year for day in bank_holidays()):
        raise Invalid(f"The bank holidays of {year} are there already", field="days")
    db.session.add_all(BankHoliday(on=day, name=name) for day, name in days.items())
    fill_due_dates()
    return year
