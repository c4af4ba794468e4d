"""Start a report from an outline."""

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.reports import policy
from portal.reports.models import Report, ReportSection, ReportText
from portal.reports.queries.quoting import Numbers
from portal.reports.rules.checks import seen_of
from portal.reports.rules.outlines import Outline
from portal.reports.rules.text import references
from portal.reports.services.prefilling import first_texts

METHODOLOGY = """\
Figures are counted by the portal from the rows that networks, companies and places enter in their \
daily work, by the definitions that stand with the numbers of this report. A company that several \
networks support counts once for England.

Values of programmes are quoted as they were published or reported, each with its source. What was \
modelled stands apart from what was counted and is never added to it.

A figure of a quarter that is frozen is final. Others are marked provisional: late entries can \
still move them. What is not known is left out, and nothing is filled in for it.
"""
"""What a report says of its numbers until somebody says more."""


def make_report(
    *, outline: Outline, quarter: Quarter, hin: Hin | None, by: Actor, is_demo: bool = False
) -> Report:
    """Start a report of a quarter (or of the year that it ends) with a section for each part.

    Each section begins with what the portal knows. Raises Forbidden, Invalid for a quarter to come,
    Conflict where there is one already.
    """
    _refuse_unless_may(outline, hin, by)
    if quarter.first > today():
        raise Invalid("Select a quarter that has begun", field="quarter")
    report = Report(
        slug=outline.slug(quarter, hin.code if hin else ""),
        outline=outline.code,
        outline_version=outline.version,
        title=f"{outline.title}, {outline.period(quarter)}" + (f": {hin.name}" if hin else ""),
        hin_id=hin.id if hin else None,
        hin=hin,
        quarter_on=quarter.first,
        is_year=outline.is_year,
        methodology=METHODOLOGY,
        is_demo=is_demo,
        made_at=now(),
        made_by_id=by.user_id,
    )
    if not add_new(report):
        raise Conflict(f"There is a report at “{report.slug}” already.")
    _fill(report, outline, by)
    audit.note(report, "started", f"started the report “{report.title}”", by=by)
    return report


def _refuse_unless_may(outline: Outline, hin: Hin | None, by: Actor) -> None:
    may = policy.can_make(by, "network" if hin else "england")
    is_own = hin is None or hin.id == by.hin_id
    fits = outline.area in {"any", "network" if hin else "england"}
    if not (may and is_own and fits):
        raise Forbidden("The national team starts England's reports, a network its own.")


def _fill(report: Report, outline: Outline, by: Actor) -> None:
    numbers = Numbers(report, by)
    texts = first_texts(report, outline, numbers, by)
    quoted = numbers.quoted(one for text in texts.values() for one in references(text))
    for part in outline.parts:
        text = texts[part.code]
        mine = {one: quoted[one] for one in references(text)}
        section = ReportSection(
            code=part.code,
            parent=part.parent,
            position=part.number,
            heading=part.heading,
            text=text,
            seen=seen_of(mine),
            written_at=now(),
        )
        report.sections.append(section)
        db.session.flush()
        db.session.add(ReportText(section_id=section.id, number=1, text=text, at=now()))
    db.session.flush()
