"""Find the paragraphs that networks approved for the quarter of a national report."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor
from portal.db import db
from portal.reference.models import Hin
from portal.reports.models import Report, ReportSection, SectionState
from portal.reports.policy import can_see
from portal.reports.rules.pulling import paragraphs
from portal.reports.rules.text import blocks


@dataclass(frozen=True, slots=True)
class Offer:
    """A paragraph of a network's report that can be taken into the national one."""

    key: str
    network: Hin
    heading: str
    words: str
    """As it was typed."""

    @property
    def label(self) -> str:
        """Return how a form names it."""
        plain = " ".join(one.plain for one in blocks(self.words))
        return f"{self.heading}: {plain}"


def offers_for(actor: Actor, section: ReportSection) -> list[Offer]:
    """Return what networks approved for the period of a section's report, of those whose reports
    the actor may see."""
    report = section.report
    rows = db.session.scalars(
        select(ReportSection)
        .join(ReportSection.report)
        .options(contains_eager(ReportSection.report).options(joinedload(Report.hin)))
        .where(
            Report.hin_id.is_not(None),
            Report.quarter_on == report.quarter_on,
            Report.is_year == report.is_year,
            ReportSection.state == SectionState.APPROVED,
            ReportSection.text != "",
        )
        .order_by(Report.slug, ReportSection.position)
    )
    return [
        Offer(f"{row.id}-{place}", row.report.hin, row.heading, words)
        for row in rows
        if row.report.hin is not None and can_see(actor, row.report)
        for place, words in enumerate(paragraphs(row.text), start=1)
    ]
