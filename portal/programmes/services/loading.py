"""Load the portal's own files of programmes: what is new is added, what changed is changed.

The files hold public facts with their sources. What somebody made or changed in the portal is left
alone, and so is every value once loaded: one that changed in the files is not overwritten but
corrected by a new row.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.db import Base, db
from portal.programmes.models import (
    Aim,
    Basis,
    Comparison,
    CountingRule,
    Direction,
    MandateCriterion,
    Measure,
    NoteKind,
    ProductRole,
    Programme,
    ProgrammeKind,
    ProgrammeNote,
    ProgrammeProduct,
    ProgrammeResource,
    SelectionCriterion,
    Trajectory,
    TrajectoryPoint,
)
from portal.programmes.outbox import loaded
from portal.programmes.services.loading_values import KnownIds, load_values
from portal.reference.models import Hin, Term, Vocabulary
from portal.reference.rules import Quarter
from portal.reference.services import Report

DATA = Path(__file__).parents[1] / "data"
Row = dict[str, str]


def load(folder: Path = DATA) -> Report:
    """Bring the tables in line with the files of `folder`; flushes, the caller commits."""
    report = Report()
    _load(report, folder / "measures.csv", Measure, ("code",), _measure)
    load_choosing(report, folder)
    _load_programmes(report, folder / "programmes.csv")
    programmes, hins = _ids(Programme), _ids(Hin)
    about = _of(programmes)
    names = ("programme_id", "name")
    _load(report, folder / "products.csv", ProgrammeProduct, names, about(_product))
    titles = ("programme_id", "title")
    _load(report, folder / "resources.csv", ProgrammeResource, titles, about(_resource))
    known = KnownIds(programmes, _ids(Measure), hins, _products())
    rules = ("programme_id", "product_id", "valid_from")
    _load(
        report,
        folder / "counting_rules.csv",
        CountingRule,
        rules,
        about(lambda row: _rule(row, known)),
    )
    _load_aims(report, folder / "aims.csv", known)
    _load_trajectories(report, folder / "trajectories.csv", known)
    _load(report, folder / "notes.csv", ProgrammeNote, ("code",), about(_note))
    _count(report.added, "values", load_values(rows_of(folder / "values.csv"), known))
    db.session.flush()
    return report


def load_all() -> list[str]:
    """Load the programmes and what higher rooms say of them; returns a line a file that had news.
    Flushes, the caller commits."""
    report = load()
    loaded.send(None, report=report)
    return list(report.lines())


def load_choosing(report: Report, folder: Path) -> None:
    """Load the criteria by which next programmes are chosen, and the tests of the mandate."""
    codes, criteria = ("code",), folder / "selection_criteria.csv"
    _load(report, criteria, SelectionCriterion, codes, _criterion)
    _load(report, folder / "mandate_criteria.csv", MandateCriterion, codes, _test)


def _criterion(row: Row) -> dict[str, Any]:
    return {**row, "position": int(row["position"])}


def _test(row: Row) -> dict[str, Any]:
    same = ("code", "name", "test", "unit", "evidence_needed", "source", "note")
    return {
        **{name: row[name] for name in same},
        "position": int(row["position"]),
        "comparison": Comparison(row["comparison"]),
        "threshold": _number(row["threshold"]),
        "from_year": int(row["from_year"]),
        "to_year": int(row["to_year"]) if row["to_year"] else None,
    }


def rows_of(path: Path) -> list[Row]:
    """Return the rows of one file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    """Return a day of a file, None where it is blank."""
    return date.fromisoformat(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _ids(model: type[Programme] | type[Measure] | type[Hin]) -> dict[str, int]:
    return {code: row_id for row_id, code in db.session.execute(select(model.id, model.code))}


def _products() -> dict[tuple[int, str], int]:
    rows = db.session.execute(
        select(ProgrammeProduct.programme_id, ProgrammeProduct.name, ProgrammeProduct.id)
    )
    return {(programme_id, name): row_id for programme_id, name, row_id in rows}


Values = dict[str, Any]


def _of(programmes: Mapping[str, int]) -> Callable[[Callable[[Row], Values]], Any]:
    """Return what adds the programme of a row to its values."""

    def about(values_of: Callable[[Row], Values]) -> Callable[[Row], Values]:
        return lambda row: {"programme_id": programmes[row["programme"]], **values_of(row)}

    return about


def _load(
    report: Report,
    path: Path,
    model: type[Base],
    key: Sequence[str],
    values_of: Callable[[Row], Values],
) -> None:
    known = {tuple(getattr(row, k) for k in key): row for row in db.session.scalars(select(model))}
    for values in map(values_of, rows_of(path)):
        row = known.get(tuple(values[name] for name in key))
        if row is None:
            db.session.add(model(**values))
            _count(report.added, path.stem)
        elif _change(row, values):
            _count(report.changed, path.stem)
    db.session.flush()


def _count(counts: dict[str, int], name: str, by: int = 1) -> None:
    if by:
        counts[name] = counts.get(name, 0) + by


def _change(row: Base, values: Values) -> bool:
    """Change what differs; what somebody changed in the portal has another author and stays."""
    if getattr(row, "is_edited", False) or getattr(row, "by_id", None) is not None:
        return False
    if isinstance(row, ProgrammeNote) and row.version > 1:
        return False
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _measure(row: Row) -> Values:
    return {
        **row,
        "direction": Direction(row["direction"]),
        "basis": Basis(row["basis"]),
        "is_patients": row["is_patients"] == "yes",
    }


def _load_programmes(report: Report, path: Path) -> None:
    """Load the programmes, then say which is part of which, and where each works."""
    hins = _ids(Hin)
    _load(report, path, Programme, ("code",), lambda row: _programme(row, hins))
    found = {one.code: one for one in db.session.scalars(select(Programme))}
    settings = {
        term.code: term
        for term in db.session.scalars(
            select(Term).where(Term.vocabulary == Vocabulary.CARE_SETTING)
        )
    }
    for row in rows_of(path):
        programme = found[row["code"]]
        if not programme.is_edited:
            programme.parent = found[row["parent"]] if row["parent"] else None
            _set_terms(programme, [settings[code] for code in row["settings"].split()])
    db.session.flush()


def _set_terms(programme: Programme, terms: Sequence[Term]) -> None:
    if {term.id for term in programme.settings} != {term.id for term in terms}:
        programme.settings = list(terms)


SAME = ("code", "name", "commissioner", "led_by", "partners", "spreads", "people_meant", "goal")


def _programme(row: Row, hins: Mapping[str, int]) -> Values:
    return {
        **{name: row[name] for name in SAME},
        **{name: row[name] for name in ("cohort", "source", "note")},
        "kind": ProgrammeKind(row["kind"]),
        "from_year": int(row["from_year"]),
        "to_year": int(row["to_year"]) if row["to_year"] else None,
        "begins_on": day(row["begins_on"]),
        "ends_on": day(row["ends_on"]),
        "lead_hin_id": hins[row["lead_hin"]] if row["lead_hin"] else None,
        "is_public": True,
    }


def _product(row: Row) -> Values:
    same = {name: row[name] for name in ("name", "supplier", "note", "source")}
    return {**same, "role": ProductRole(row["role"])}


def _resource(row: Row) -> Values:
    return {name: row[name] for name in ("title", "maker", "link", "note", "source")}


def _note(row: Row) -> Values:
    same = {name: row[name] for name in ("code", "words", "affects", "source")}
    first = Quarter.named(row["quarter"]).first
    return {**same, "kind": NoteKind(row["kind"]), "quarter_on": first}


def _rule(row: Row, known: KnownIds) -> Values:
    programme_id = known.programmes[row["programme"]]
    return {
        "product_id": known.products[programme_id, row["product"]],
        "measure_id": known.measures[row["measure"]],
        "part": row["part"],
        "patients": int(row["patients"]),
        "counted": int(row["counted"]),
        "valid_from": day(row["valid_from"]),
        "words": row["words"],
        "source": row["source"],
    }


def _aim(row: Row, known: KnownIds) -> Values:
    same = ("words", "part", "qualifier", "unit", "baseline_note", "by_words", "source", "note")
    return {
        **{name: row[name] for name in same},
        "programme_id": known.programmes[row["programme"]],
        "number": int(row["number"]),
        "measure_id": known.measures[row["measure"]] if row["measure"] else None,
        "target": _number(row["target"]),
        "baseline": _number(row["baseline"]),
        "by_on": day(row["by_on"]),
        "valid_from": day(row["valid_from"]),
        "replaced_on": day(row["replaced_on"]),
        "replaced_why": row["replaced_why"],
    }


def _load_aims(report: Report, path: Path, known: KnownIds) -> None:
    """Load the aims, then say which was replaced by which; one that was replaced here stays so."""
    rows = [row for row in rows_of(path) if not _is_taken_over(row, known)]
    key = ("programme_id", "number")
    before = {(aim.programme_id, aim.number): aim for aim in db.session.scalars(select(Aim)).all()}
    for values in (_aim(row, known) for row in rows):
        row = before.get((values[key[0]], values[key[1]]))
        if row is None:
            db.session.add(Aim(**values))
            _count(report.added, path.stem)
        elif row.version == 1 and _change(row, values):
            _count(report.changed, path.stem)
    db.session.flush()
    _follow(rows, known)


def _is_taken_over(row: Row, known: KnownIds) -> bool:
    """Whether the programme of a row is in the people's hands: its aims are theirs."""
    programme = db.session.get(Programme, known.programmes[row["programme"]])
    return programme is not None and programme.is_edited


def _follow(rows: Iterable[Row], known: KnownIds) -> None:
    found = {(aim.programme_id, aim.number): aim for aim in db.session.scalars(select(Aim))}
    for row in rows:
        if row["replaced_by"]:
            programme_id = known.programmes[row["programme"]]
            aim = found[programme_id, int(row["number"])]
            later = found[programme_id, int(row["replaced_by"])]
            if aim.replaced_by_id != later.id:
                aim.replaced_by_id = later.id
    db.session.flush()


def _load_trajectories(report: Report, path: Path, known: KnownIds) -> None:
    """Load versions that are not there yet; one that is there is never changed."""
    for row in rows_of(path):
        programme_id = known.programmes[row["programme"]]
        which = {
            "programme_id": programme_id,
            "measure_id": known.measures[row["measure"]],
            "product_id": known.products[programme_id, row["product"]],
            "part": row["part"],
            "number": int(row["number"]),
        }
        found = db.session.scalars(select(Trajectory).filter_by(**which)).one_or_none()
        if found is None:
            when = day(row["valid_from"])
            found = Trajectory(**which, valid_from=when, source=row["source"], why=row["why"])
            db.session.add(found)
            db.session.flush()
            _count(report.added, path.stem)
        _add_point(found, row, known)
    db.session.flush()


def _add_point(trajectory: Trajectory, row: Row, known: KnownIds) -> None:
    hin_id = known.hins[row["hin"]] if row["hin"] else None
    first = Quarter.named(row["quarter"]).first
    there = {(point.hin_id, point.quarter_on) for point in trajectory.points}
    if (hin_id, first) not in there:
        trajectory.points.append(
            TrajectoryPoint(hin_id=hin_id, quarter_on=first, planned=float(row["planned"]))
        )
