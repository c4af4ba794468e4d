"""Load what sources say of areas: what is new is added, what changed is changed.

What an area's own people said, changed or took off the page is left alone.
"""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.clock import Precision, partial_date
from portal.db import db
from portal.exchange.models.areas import AreaFact, Confidence, FactKind
from portal.reference.models import Ics
from portal.reference.services import Report, bring_in_line

FILE = Path(__file__).parents[1] / "data" / "area_facts.csv"
PLAIN = ("words", "more", "state", "qualifier", "unit", "counts", "period", "partners")
Row = dict[str, str]


def load(path: Path = FILE) -> Report:
    """Bring the facts of areas in line with a file; flushes, the caller commits."""
    report = Report()
    there = {row.code: row for row in db.session.scalars(select(AreaFact)) if row.code}
    areas = {row.code: row.id for row in db.session.execute(select(Ics.code, Ics.id))}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fact = there.get(row["code"])
            if fact is None or not (fact.is_own or fact.withdrawn_at):
                bring_in_line(report, "area facts", AreaFact, fact, _values(row, areas))
    db.session.flush()
    return report


def _values(row: Row, areas: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in (*PLAIN, "code", "note", "source")},
        "ics_id": areas[row["ics_code"]],
        "kind": FactKind(row["kind"]),
        "position": int(row["position"]),
        "value": Decimal(row["value"]) if row["value"] else None,
        "confidence": Confidence(row["confidence"]),
        **_day("from", row["from"]),
        **_day("until", row["until"]),
        **_day("source", row["source_on"]),
    }


def _day(name: str, text: str) -> dict[str, Any]:
    """Return the two columns of a day: what began counts from its first day, the rest to its
    last."""
    if not text:
        return {f"{name}_on": None, f"{name}_precision": Precision.DAY}
    known = partial_date(text)
    day = known.last if name == "until" else known.first
    return {f"{name}_on": day, f"{name}_precision": known.precision}
