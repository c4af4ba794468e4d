"""Read a report with its numbers, and what the checks find in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.errors import NotFound
from portal.reports.models import Report, ReportSection
from portal.reports.queries.outlines import outline_of
from portal.reports.queries.programmes import contradictions_in
from portal.reports.queries.quoting import Numbers
from portal.reports.queries.reports import remarks_of
from portal.reports.rules.checks import CheckedSection, Finding, findings
from portal.reports.rules.outlines import Outline, numbered
from portal.reports.rules.quoted import Quoted, each_number
from portal.reports.rules.text import Block, Reference, blocks


@dataclass(frozen=True, slots=True)
class ResolvedSection:
    """A section as pages, checks and files read it."""

    section: ReportSection
    number: str
    """Its printed number: "2.1"."""
    blocks: Sequence[Block]
    told: CheckedSection


@dataclass(frozen=True, slots=True)
class ResolvedReport:
    """A report with every number that it quotes."""

    report: Report
    sections: Sequence[ResolvedSection]
    numbers: Numbers
    quoted: Mapping[Reference, Quoted]

    @property
    def outline(self) -> Outline:
        """Return the version of the outline from which it was made."""
        return outline_of(self.report.outline, self.report.outline_version)


def read(actor: Actor, report: Report) -> ResolvedReport:
    """Return a report with its numbers, as the actor may see them."""
    outline = outline_of(report.outline, report.outline_version)
    texts = {one.id: blocks(one.text) for one in report.sections}
    numbers = Numbers(report, actor)
    wanted = {key: _references(found) for key, found in texts.items()}
    quoted = numbers.quoted(one for found in wanted.values() for one in found)
    places = numbered([(one.code, one.parent) for one in report.sections])
    parents = {one.parent for one in report.sections}
    sections = [
        ResolvedSection(
            one,
            places[one.code],
            texts[one.id],
            _told(one, texts[one.id], [quoted[r] for r in wanted[one.id]], parents, outline),
        )
        for one in report.sections
    ]
    return ResolvedReport(report, sections, numbers, quoted)


def _references(found: Sequence[Block]) -> list[Reference]:
    return [run.reference for block in found for run in block.runs if run.reference]


def _told(
    section: ReportSection,
    found: Sequence[Block],
    quoted: Sequence[Quoted],
    parents: set[str],
    outline: Outline,
) -> CheckedSection:
    part = outline.part(section.code)
    return CheckedSection(
        id=section.id,
        heading=section.heading,
        blocks=found,
        quoted=each_number(quoted),
        seen=section.seen,
        left_out=section.left_out,
        has_parts=section.code in parents,
        wants_figures=part is not None and bool(part.figures),
    )


def checked(actor: Actor, whole: ResolvedReport) -> list[Finding]:
    """Return what the checks find in a report and nobody explained."""
    rows = [one.row for one in whole.quoted.values() if one.row is not None]
    against = contradictions_in(actor, whole.report, rows)
    explained = [one.finding for one in remarks_of(whole.report.id)]
    return findings([one.told for one in whole.sections], against, explained)


def finding_for(actor: Actor, report: Report, key: str) -> Finding:
    """Return what was found under a key and can be explained; raises NotFound."""
    for one in checked(actor, read(actor, report)):
        if one.key == key and one.is_explainable:
            return one
    raise NotFound("The checks find nothing like that any more.")
