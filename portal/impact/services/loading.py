"""Load the portal's own file of published estimates, which are added once and brought in line."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.impact.models import Cash, Effect, Estimate, EstimateChoice
from portal.programmes.models import ProgrammeValue
from portal.reference.services import Report

FILE = Path(__file__).parents[1] / "data" / "estimates.csv"
NAME = "estimates"
Row = Mapping[str, str]
SAME = ("code", "model", "evaluator", "baseline", "document", "note")


def load(report: Report, file: Path = FILE) -> None:
    """Bring the published estimates in line with the file. Which one is in use is chosen once:
    what somebody chose in the portal stays. The values that they name are there already."""
    values = {one.code: one for one in db.session.scalars(select(ProgrammeValue)) if one.code}
    there = {one.code: one for one in db.session.scalars(select(Estimate)) if one.code}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["value"] in values]
    for row in rows:
        columns = _columns(row, values)
        found = there.get(row["code"])
        if found is None:
            found = Estimate(**columns)
            db.session.add(found)
            if row["in_use_why"]:
                found.choices.append(EstimateChoice(why=row["in_use_why"]))
            report.added[NAME] = report.added.get(NAME, 0) + 1
        elif _change(found, columns):
            report.changed[NAME] = report.changed.get(NAME, 0) + 1
    db.session.flush()


def _columns(row: Row, values: Mapping[str, ProgrammeValue]) -> dict[str, Any]:
    value = values[row["value"]]
    scaled = values.get(row["scaled_value"])
    return {
        **{name: row[name] for name in SAME},
        "programme_id": value.programme_id,
        "effect": Effect(row["effect"]),
        "cash": Cash(row["cash"]),
        "value_id": value.id,
        "scaled_sites": int(row["scaled_sites"]) if row["scaled_sites"] else None,
        "scaled_value_id": scaled.id if scaled else None,
    }


def _change(found: Estimate, columns: dict[str, Any]) -> bool:
    changed = {name: one for name, one in columns.items() if getattr(found, name) != one}
    for name, one in changed.items():
        setattr(found, name, one)
    return bool(changed)
