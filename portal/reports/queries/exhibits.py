"""Find what a report shows beside words and charts: a report is for everybody, and so are they."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.clock import today
from portal.db import by_name, db, id_from
from portal.exchange.models import ContentItem, ContentKind
from portal.exchange.queries.content import published_about
from portal.exchange.rules.content import is_out
from portal.improvement.models import Diagram
from portal.improvement.queries.diagrams import diagram_of, states_of
from portal.improvement.rules.outline import outline
from portal.programmes.models import Programme
from portal.reference.rules import Quarter
from portal.reports.models import Report
from portal.reports.queries.photos import photo_of, photos_of
from portal.reports.rules import exhibits
from portal.reports.rules.exhibits import Exhibit, numbers_in
from portal.reports.rules.quoted import Quoted
from portal.reports.rules.text import Reference

NO_DIAGRAM = "There is no driver diagram of a public programme with this code"
NO_PHOTO = "This report has no photograph with this number"
NO_STUDY = "There is no published case study with this number"


def to_show(report: Report) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a section can show, in groups: what to write, and what it is called."""
    diagrams = (
        select(Programme.code, Programme.name)
        .join(Diagram, Diagram.programme_id == Programme.id)
        .where(Programme.is_public)
        .order_by(by_name(Programme.name), Programme.id)
    )
    studies = published_about(ContentItem.kind == ContentKind.CASE_STUDY)
    found = {
        "Driver diagrams": [
            (f"{{diagram:{code}}}", name) for code, name in db.session.execute(diagrams)
        ],
        "The newest case studies": [(f"{{study:{one.id}}}", one.title) for one in studies],
        "Photographs of this report": [
            (f"{{photo:{row.id}}}", row.alt) for row in photos_of(report.id)
        ],
    }
    return [(group, rows) for group, rows in found.items() if rows]


def exhibit(one: Reference, report: Report, at: datetime) -> Quoted:
    """Return what a reference shows, with the numbers in its words."""
    shown = _shown(one, report, at)
    if isinstance(shown, str):
        return Quoted(one, at, problem=shown)
    found = Quoted(one, at, label=shown["title"], area=report.area_name, exhibit=shown)
    return replace(found, parts=tuple(_number(r, shown, found) for r in numbers_in(shown)))


def _shown(one: Reference, report: Report, at: datetime) -> Exhibit | str:
    if one.kind == "photo":
        row = photo_of(report.id, id_from(one.code))
        return exhibits.photo(row) if row is not None else NO_PHOTO
    return _diagram(one, report) if one.kind == "diagram" else _study(one, at)


def _number(one: Reference, shown: Exhibit, of: Quoted) -> Quoted:
    return Quoted(
        one,
        of.as_at,
        shown=one.code,
        label=f"In the words of: {shown['title']}",
        area=of.area,
        source=one.source,
        is_frozen=True,
    )


def _diagram(one: Reference, report: Report) -> Exhibit | str:
    """Return the diagram of a programme at the end of a quarter, or today; or what is wrong."""
    programme = db.session.scalar(select(Programme).where(Programme.code == one.code))
    found = diagram_of(programme.id) if programme is not None and programme.is_public else None
    if programme is None or found is None:
        return NO_DIAGRAM
    try:
        quarter = Quarter.named(one.quarter) if one.quarter else Quarter.of(report.quarter_on)
    except ValueError:
        return "There is no such quarter"
    on = min(quarter.last, today())
    aims = outline(states_of(found.id), on)
    if not aims:
        return "Nothing stood in this diagram on that day: name another quarter"
    return exhibits.diagram(programme.name, f"/improvement/diagrams/{found.id}", on, aims)


def _study(one: Reference, at: datetime) -> Exhibit | str:
    item = db.session.get(
        ContentItem, id_from(one.code) or 0, options=[selectinload(ContentItem.results)]
    )
    if item is None or item.kind is not ContentKind.CASE_STUDY or not is_out(item, at):
        return NO_STUDY
    return exhibits.study(item, f"/exchange/{item.kind.value}/{item.id}")
