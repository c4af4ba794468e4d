"""Read what a writer of a section needs beside the text: numbers, last quarter, suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor, Membership, Role, User
from portal.accounts.queries.acting import people, staff
from portal.reports.models import Report, ReportSection
from portal.reports.queries.outlines import outline_of
from portal.reports.queries.programmes import contradictions_in, values_of
from portal.reports.queries.quoting import Numbers
from portal.reports.queries.reports import remarks_of, text_before
from portal.reports.rules.checks import CheckedSection, Finding, findings
from portal.reports.rules.document import Content, Figures
from portal.reports.rules.document import section as as_content
from portal.reports.rules.outlines import Part
from portal.reports.rules.quoted import Quoted, each_number
from portal.reports.rules.text import Reference, blocks, references
from portal.reports.rules.words import change_words, suggestion


@dataclass(frozen=True, slots=True)
class Offered:
    """A number that a section can quote: what to write, and what it is now."""

    reference: str
    label: str
    shown: str
    sentence: str = ""
    """A sentence with references, where the number moved."""
    spoken: str = ""
    """The same with the numbers themselves."""

    @property
    def addition(self) -> str:
        """What is put into a text where somebody takes it."""
        return self.sentence or f"{self.label}: {self.reference}."

    @property
    def words(self) -> str:
        """How that reads."""
        return self.spoken or f"{self.label}: {self.shown}."


@dataclass(frozen=True, slots=True)
class SectionContext:
    """What stands beside the text of a section."""

    part: Part | None
    content: Content
    """The section as it would be printed."""
    offered: Sequence[Offered]
    findings: Sequence[Finding]
    last: str
    """Its text in the report before."""


def around(actor: Actor, section: ReportSection) -> SectionContext:
    """Return what a writer of a section needs beside its text."""
    numbers = Numbers(section.report, actor)
    outline = outline_of(section.report.outline, section.report.outline_version)
    part = outline.part(section.code)
    found = blocks(section.text)
    quoted = numbers.quoted(references(section.text))
    return SectionContext(
        part=part,
        content=as_content("1", section.heading, found, Figures(quoted)),
        offered=[*_figures(part, numbers), *_values(actor, section, part, numbers)] if part else [],
        findings=_findings(actor, section, part, list(quoted.values())),
        last=text_before(section),
    )


def _figures(part: Part, numbers: Numbers) -> list[Offered]:
    last = numbers.quarter.previous.code
    found = [(code, numbers.current(code)) for code in part.figures]
    return [
        Offered(
            f"{{figure:{code}}}",
            one.label,
            one.printed,
            suggestion(one.label, code, last, one.before, one.value),
            change_words(one.label, one.before, one.value),
        )
        for code, one in found
    ]


def _values(actor: Actor, section: ReportSection, part: Part, numbers: Numbers) -> list[Offered]:
    """Return the values of the part's programmes in the period of the report."""
    if not part.programmes:
        return []
    values = values_of(actor, section.report)
    rows = [row for code in part.programmes for row in values.get(code, ())]
    found = numbers.quoted(Reference("value", row.code or str(row.id)) for row in rows)
    return [
        Offered(f"{{value:{one.reference.code}}}", one.label, one.printed) for one in found.values()
    ]


def _findings(
    actor: Actor, section: ReportSection, part: Part | None, quoted: list[Quoted]
) -> list[Finding]:
    """Return what the checks find in this one section."""
    told = CheckedSection(
        id=section.id,
        heading=section.heading,
        blocks=blocks(section.text),
        quoted=each_number(quoted),
        seen=section.seen,
        left_out=section.left_out,
        has_parts=any(one.parent == section.code for one in section.report.sections),
        wants_figures=part is not None and bool(part.figures),
    )
    ids = {one.row.id for one in quoted if one.row is not None}
    against = contradictions_in(actor, section.report, [o.row for o in quoted if o.row is not None])
    mine = [one for one in against if ids & {row.id for row in one.rows}]
    explained = [one.finding for one in remarks_of(section.report_id)]
    found = findings([told], mine, explained)
    return [one for one in found if one.key != "no figure"]


def owners_of(report: Report) -> list[User]:
    """Return the people who can look after its sections: staff of the area of a report."""
    if report.hin_id is not None:
        return list(staff(report.hin_id))
    return list(people(Membership.role.in_((Role.NATIONAL, Role.HIN))))
