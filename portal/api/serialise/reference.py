"""Reference data and figures as the API says them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from portal.api.queries.national import FiguresResult
from portal.api.serialise.rows import place
from portal.api.serialise.rows import term as coded
from portal.figures.rules import Figure
from portal.pipeline.queries.stages import StagesResult
from portal.reference.models import (
    Hin,
    HinName,
    HinServiceArea,
    Ics,
    IcsName,
    IcsSuccession,
    Term,
)

Row = dict[str, Any]
Name = TypeVar("Name", HinName, IcsName)


def icss(found: Sequence[Ics], successions: Sequence[IcsSuccession]) -> list[Row]:
    """Return every ICS with the names it had and what it became."""
    became: dict[int, list[Row]] = defaultdict(list)
    for row in successions:
        said = {"code": row.successor.code, "on": row.on, "part": row.part}
        became[row.predecessor_id].append(said)
    return [
        {
            "code": row.code,
            "name": row.name,
            "icb_name": row.icb_name,
            "region": place(row.region),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "names": _in_order(row.names),
            "became": became[row.id],
        }
        for row in found
    ]


def hins(found: Sequence[Hin], areas: Sequence[HinServiceArea]) -> list[Row]:
    """Return every network with its names and the systems that it serves."""
    serves: dict[int, list[Row]] = defaultdict(list)
    for row in areas:
        days = {"valid_from": row.valid_from, "valid_to": row.valid_to}
        serves[row.hin_id].append({"ics": row.ics.code, "is_lead": row.is_lead, **days})
    return [
        {
            "code": hin.code,
            "name": hin.name,
            "region": place(hin.region),
            "website": hin.website,
            "names": _in_order(hin.names),
            "serves": serves[hin.id],
        }
        for hin in found
    ]


def _in_order(names: Sequence[Name]) -> list[Name]:
    """Return names from the oldest on; of one without a first day nobody knows when it began."""
    return sorted(names, key=lambda one: (one.valid_from or date.min, one.id))


def term(row: Term) -> Row:
    """Return a term with its vocabulary."""
    names = ("code", "label", "group", "position", "definition", "retired_on")
    return {"vocabulary": row.vocabulary.value, **{name: getattr(row, name) for name in names}}


def pipeline(day: date, found: StagesResult) -> Row:
    """Return how many innovations of the nation stand at each stage."""
    return {
        "day": day,
        "total": found.total,
        "stages": [
            {"stage": coded(one.stage), "phase": one.stage.group, "innovations": one.total}
            for one in found.stages
        ],
    }


def figures(found: FiguresResult) -> Row:
    """Return the figures of a quarter; one that the portal does not count any more keeps its
    code."""
    return {
        "quarter": found.quarter.code,
        "first_day": found.quarter.first,
        "last_day": found.quarter.last,
        "frozen_at": found.frozen_at,
        "values": [
            {
                "figure": one.code,
                "label": found.figures[one.code].label if one.code in found.figures else one.code,
                "unit": found.figures[one.code].unit if one.code in found.figures else "",
                "network": None if one.hin_id is None else found.hins[one.hin_id].code,
                "group": one.group,
                "group_label": found.labels.get(one.group, one.group),
                "value": one.value,
            }
            for one in found.values
        ],
    }


def definition(figure: Figure) -> Row:
    """Return what a figure counts."""
    return {
        "figure": figure.code,
        "label": figure.label,
        "unit": figure.unit,
        "definition": figure.definition,
        "source": figure.source,
    }
