"""What a cell may count of the record itself: innovations, their makers and their sites."""

from typing import Any

from sqlalchemy import Select, Text, cast, distinct, func, select
from sqlalchemy import literal as constant

from portal.figures.dimensions import CellFigure, CountQuery
from portal.figures.rules import Figure, Rhythm
from portal.innovations.models import Use
from portal.innovations.queries import on_day
from portal.merging import holder_at, moment_of

INNOVATIONS = Figure(
    "innovations",
    "Innovations",
    "Innovations on the national pipeline at the end of the day: submitted and not archived. "
    "Drafts never count.",
    "Dated changes of a record's status; AHSN Network report, quarter 1 of 2021/22, section 1.3",
    unit="innovations",
    rhythm=Rhythm.DAY,
    one="innovation",
    many="innovations",
)
ORGANISATIONS = Figure(
    "organisations",
    "Organisations",
    "Different organisations that make these innovations. Each counts once, however many "
    "innovations it has here.",
    "The organisation that each record names",
    unit="organisations",
    rhythm=Rhythm.DAY,
    one="organisation",
    many="organisations",
)
SITES = Figure(
    "sites",
    "Sites",
    "Different sites at which these innovations are in use on the day. A site is an "
    "organisation or a place of the national directory and, where it was given, the ward, practice "
    "or hospital in it; one that "
    "uses several of them counts once. A trial is not use.",
    "Dated rows of use",
    unit="sites",
    rhythm=Rhythm.DAY,
    one="site",
    many="sites",
)


def _innovations(query: CountQuery) -> Select[Any]:
    return select(*query.shown, func.count().label("count")).select_from(query.cells)


def _organisations(query: CountQuery) -> Select[Any]:
    count = func.count(distinct(query.cells.c.organisation_id)).label("count")
    return select(*query.shown, count)


def _sites(query: CountQuery) -> Select[Any]:
    listed = constant("in the directory: ").concat(cast(Use.directory_site_id, Text))
    user = holder_at(Use, "organisation_id", moment_of(query.day))
    place = func.coalesce(cast(user, Text), listed, Use.organisation_named)
    key = constant("").concat(place).concat("|").concat(Use.site)
    held = holder_at(Use, "innovation_id", moment_of(query.day))
    mine = (query.cells.c.id == held) & on_day.use_is_in_use_on(query.day)
    found = select(*query.shown, func.count(distinct(key)).label("count"))
    return found.join_from(query.cells, Use, mine)


FIGURES = (
    CellFigure(INNOVATIONS, _innovations, is_records=True),
    CellFigure(ORGANISATIONS, _organisations),
    CellFigure(SITES, _sites),
)
