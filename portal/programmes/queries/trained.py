"""Count people trained in a quarter, of every network and the nation."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.figures.rules import WHOLE, Period, RowsQuery, RowsResult, Value
from portal.programmes.models import Measure, ProgrammeValue
from portal.programmes.queries.community import trainings
from portal.programmes.queries.measuring import WITH
from portal.programmes.rules.figures import TRAINED
from portal.programmes.rules.trained import TRAINED as MEASURE
from portal.programmes.rules.trained import TrainedPeople, sums, trained_in
from portal.programmes.rules.values import standing
from portal.reference.models import Hin

HEADER = ("Programme", "Area", "What", "People", "From")


def _trained(period: Period) -> list[TrainedPeople]:
    quarter = period.quarter
    rows = db.session.scalars(
        select(ProgrammeValue)
        .join(Measure, Measure.id == ProgrammeValue.measure_id)
        .where(ProgrammeValue.quarter_on == quarter.first, Measure.code == MEASURE)
        .options(*WITH)
        .order_by(ProgrammeValue.id)
    ).all()
    events = trainings(quarter.first, min(quarter.last, period.today))
    return trained_in(standing(rows, period.as_of), events, quarter)


def trained_values(period: Period, codes: Mapping[int, str]) -> list[Value]:
    """Return people by programme and area, and in all."""
    found = sums(_trained(period))
    whole: dict[int | None, float] = defaultdict(float)
    for (_, area), people in found.items():
        whole[area] += people
    return [
        *(Value(TRAINED.code, area, codes[of], people) for (of, area), people in found.items()),
        *(Value(TRAINED.code, area, WHOLE, people) for area, people in whole.items()),
    ]


def trained_rows(
    query: RowsQuery, codes: Mapping[int, str], called: Mapping[str, str]
) -> RowsResult:
    """Return what the figure counts: a line for each number reported, and for each training."""
    names = dict(db.session.execute(select(Hin.id, Hin.name)).all())
    rows: list[list[Any]] = [
        [
            called[codes[one.programme_id]],
            names[one.hin_id] if one.hin_id else "England",
            one.what,
            one.people,
            "Reported" if one.is_reported else "Counted at a training",
        ]
        for one in _trained(query.period)
        if query.group in {WHOLE, codes[one.programme_id]} and query.hin_id in {None, one.hin_id}
    ]
    return RowsResult(HEADER, rows)
