"""The tables that an own export and the open data have in common, each for its reader."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from portal.accounts.models import Actor
from portal.api.queries import national, places, records
from portal.api.queries.national import FiguresResult
from portal.api.queries.records import Rows
from portal.api.serialise import reference, rows
from portal.api.serialise import reference_schemas as reference_shapes
from portal.api.serialise import schemas as shapes
from portal.challenges.models import Challenge, ChallengeState
from portal.clock import today
from portal.exports.rules.package import Descriptor
from portal.exports.rules.values import plain
from portal.exports.serialise.archive import Row, Sheet
from portal.exports.serialise.shapes import each, sheet_of
from portal.figures.queries import codes_in_order
from portal.figures.rules import WHOLE
from portal.innovations.models import Innovation
from portal.reference.rules import Quarter

SHOWN = (ChallengeState.OPEN, ChallengeState.CLOSED)


def innovations(actor: Actor, found: Rows) -> Sheet:
    """Return innovations that the actor may see."""
    items = (rows.record(actor, one) for one in each(found, Innovation.id))
    return sheet_of("innovations", "Innovations", shapes.Record, items)


def challenges(actor: Actor) -> Sheet:
    """Return the challenges that the actor may read, whom to write to left out."""
    lists = (records.challenges(actor, state.value, None) for state in SHOWN)
    items = (rows.challenge(one) for found in lists for one in each(found, Challenge.id))
    return sheet_of("challenges", "Challenges", shapes.ChallengeItem, items)


def reference_sheets() -> Iterator[Sheet]:
    """Yield the reference data with the days between which it holds."""
    terms = (reference.term(one) for one in places.every_term(None))
    yield sheet_of("terms", "Vocabularies", reference_shapes.TermItem, terms)
    icss = reference.icss(places.every_ics(), places.successions())
    yield sheet_of("icss", "Integrated care systems", reference_shapes.IcsItem, icss)
    hins = reference.hins(places.every_hin(), places.service_areas())
    yield sheet_of("hins", "Health Innovation Networks", reference_shapes.HinItem, hins)
    yield Sheet("areas", "Which network serves which system", "", AREAS, _areas(hins))
    words = "What networks and systems were called"
    yield Sheet("names", words, "", NAMES, _names(system=icss, network=hins))


def definitions() -> Sheet:
    """Return what each figure counts."""
    items = (reference.definition(one) for one in codes_in_order())
    return sheet_of("figures", "What the figures count", reference_shapes.DefinitionItem, items)


def _field(name: str, kind: str, words: str = "") -> Descriptor:
    return {"name": name, "type": kind, **({"description": words} if words else {})}


QUARTER = "An NHS financial quarter, as 2026-27-Q1: April to June of 2026"
AREAS: Descriptor = {
    "fields": [
        _field("hin", "string", "The code of the network"),
        _field("ics", "string", "The code of the system"),
        _field("is_lead", "boolean", "Whether the network leads there where two serve it"),
        _field("valid_from", "date", "The first day on which it serves the system"),
        _field("valid_to", "date", "The last day on which it does; unknown while it goes on"),
    ],
    "missingValues": [""],
}
NAMES: Descriptor = {
    "fields": [
        _field("of", "string", "What bears the name: a network or a system"),
        _field("code", "string", "The code of the network or system"),
        _field("name", "string", "What it was called"),
        _field("valid_from", "date", "The first day of the name; unknown where nobody noted it"),
        _field("valid_to", "date", "The last day of the name; unknown while it holds"),
    ],
    "missingValues": [""],
}
"""One that was never renamed has no row: its name stands in its own table."""
VALUES: Descriptor = {
    "fields": [
        _field("quarter", "string", QUARTER),
        _field("first_day", "date", "The first day of the quarter"),
        _field("as_at", "date", "The last day that counts"),
        _field("settled_at", "datetime", "When the figures were frozen; unknown while they move"),
        _field("figure", "string", "Its code; what it counts stands in the table of figures"),
        _field("unit", "string", "In what the figure counts"),
        _field("network", "string", "The code of the network; unknown for the nation"),
        _field("group", "string", "Of which group; an empty one is all"),
        _field("group_label", "string", "What the group is called"),
        _field("value", "number", "The numerator where the group is a part"),
        _field("whole", "number", "The same figure of all groups together, where it has one"),
    ],
    "missingValues": [""],
}


STAGES: Descriptor = {
    "fields": [
        _field("quarter", "string", QUARTER),
        _field("as_at", "date", "At the end of which day; of this quarter that of the export"),
        _field("phase", "string", "Discover, Develop or Deploy"),
        _field("stage", "string", "The code of the stage of development"),
        _field("stage_label", "string", "What the stage is called"),
        _field("innovations", "integer", "How many stand at the stage: the numerator"),
        _field("total", "integer", "How many there are: the denominator"),
    ],
    "missingValues": [""],
}


def stages(quarters: Iterable[Quarter]) -> Sheet:
    """Return the nation's innovations by stage at the end of quarters, as anybody may read them."""
    rows = (row for one in quarters for row in _stages(one))
    title = "The nation’s innovations by stage, at the end of each quarter"
    return Sheet("pipeline-by-quarter", title, "", STAGES, rows)


def _stages(quarter: Quarter) -> Iterator[Row]:
    day = min(quarter.last, today())
    said = reference.pipeline(day, national.pipeline_on(day))
    for one in said["stages"]:
        yield {
            "quarter": quarter.code,
            "as_at": plain(day),
            "phase": one["phase"],
            "stage": one["stage"]["code"],
            "stage_label": one["stage"]["label"],
            "innovations": one["innovations"],
            "total": said["total"],
        }


def _names(**of: Iterable[Any]) -> Iterator[Row]:
    for kind, found in of.items():
        for one in found:
            for row in one["names"]:
                days = {"valid_from": plain(row.valid_from), "valid_to": plain(row.valid_to)}
                yield {"of": kind, "code": one["code"], "name": row.name, **days}


def _areas(hins: Iterable[Any]) -> Iterator[Row]:
    for hin in hins:
        for one in hin["serves"]:
            yield {"hin": hin["code"], **{name: plain(value) for name, value in one.items()}}


def figure_values(found: Iterable[FiguresResult], title: str) -> Sheet:
    """Return figures by quarter."""
    values = (row for one in found for row in _values(one))
    never = frozenset({"group", "unit", "group_label"})
    return Sheet("figures-by-quarter", title, "", VALUES, values, never_unknown=never)


def _values(found: FiguresResult) -> Iterator[Row]:
    said = reference.figures(found)
    items: Sequence[dict[str, Any]] = said["values"]
    wholes = {
        (one["figure"], one["network"]): one["value"] for one in items if one["group"] == WHOLE
    }
    for one in items:
        yield {
            "quarter": said["quarter"],
            "first_day": plain(said["first_day"]),
            "as_at": plain(said["last_day"]),
            "settled_at": plain(said["frozen_at"]),
            "figure": one["figure"],
            "unit": one["unit"],
            "network": one["network"],
            "group": one["group"],
            "group_label": one["group_label"],
            "value": one["value"],
            "whole": wholes.get((one["figure"], one["network"])),
        }
