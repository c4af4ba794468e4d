"""Load the values of the portal's files, which are added once and never overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.programmes.models import Basis, ProgrammeValue, Quality, ValueKind
from portal.programmes.rules.values import quarter_first

Row = Mapping[str, str]
SAME = ("code", "products", "part", "area", "period", "value_text", "qualifier", "unit")


@dataclass(frozen=True)
class KnownIds:
    """Ids of what rows of the files refer to, by code; of products by programme and name."""

    programmes: Mapping[str, int]
    measures: Mapping[str, int]
    hins: Mapping[str, int]
    products: Mapping[tuple[int, str], int]


def load_values(rows: Iterable[Row], known: KnownIds) -> int:
    """Add the values that are not there yet; returns how many."""
    there = set(db.session.scalars(select(ProgrammeValue.code)))
    new = [_value(row, known) for row in rows if row["code"] not in there]
    db.session.add_all(new)
    db.session.flush()
    return len(new)


def _value(row: Row, known: KnownIds) -> ProgrammeValue:
    programme_id = known.programmes[row["programme"]]
    values: dict[str, Any] = {name: row[name] for name in SAME}
    for name in ("value", "numerator", "denominator"):
        values[name] = float(row[name]) if row[name] else None
    return ProgrammeValue(
        **values,
        programme_id=programme_id,
        measure_id=known.measures[row["measure"]],
        product_id=known.products[programme_id, row["product"]] if row["product"] else None,
        hin_id=known.hins[row["hin"]] if row["hin"] else None,
        kind=ValueKind(row["kind"]),
        basis=Basis(row["basis"]),
        quality=Quality(row["quality"]),
        quarter_on=quarter_first(row["period"]),
        as_at=date.fromisoformat(row["as_at"]) if row["as_at"] else None,
        source=row["source"],
        note=row["note"],
    )
