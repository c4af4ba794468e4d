"""Sign reports off, and publish them: what was published stays as it was."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.figures.rules import RowsResult
from portal.reports import policy
from portal.reports.models import (
    ReleaseFigure,
    ReleaseKind,
    Report,
    ReportRelease,
    SectionState,
)
from portal.reports.queries.checking import ResolvedReport, checked, read
from portal.reports.queries.reports import releases_of, remarks_of
from portal.reports.rules.document import Content, Figures, digest_of, section, whole
from portal.reports.rules.quoted import Quoted
from portal.reports.rules.releases import is_announced, is_public, moment_of
from portal.reports.services.pdfs import ask_for_pdf


def sign_off(*, report: Report, version: int, by: Actor) -> None:
    """Sign a report off as it stands.

    Raises Forbidden, Outdated, Invalid while a section is not approved or a check stands in the
    way.
    """
    if not policy.can_sign_off(by, report):
        raise Forbidden("The lead of the national team, or of the network, signs it off.")
    lock(report, seen=version)
    _refuse_unfinished(read(by, report), by)
    report.signed_off_at, report.signed_off_by_id = now(), by.user_id
    db.session.flush()
    audit.note(report, "signed_off", f"signed off the report “{report.title}”", by=by)


def _refuse_unfinished(found: ResolvedReport, by: Actor) -> None:
    waiting = [one for one in found.report.sections if one.state is not SectionState.APPROVED]
    if waiting:
        raise Invalid(f"Approve every section first: not approved yet: {len(waiting)}")
    blockers = [one for one in checked(by, found) if one.is_blocker]
    if blockers:
        raise Invalid(f"Mend what the checks found first: {blockers[0].words}")


def publish(
    *,
    report: Report,
    version: int,
    kind: ReleaseKind,
    note: str,
    next_on: date | None,
    by: Actor,
    on: date | None = None,
    final_on: date | None = None,
) -> ReportRelease:
    """Keep a report that was signed off, with its numbers and the rows behind them, and publish it:
    at once, or in the morning of the day `on`. `final_on` is when provisional numbers become final.

    A later version is a correction or a planned revision, and says what changed; those before it
    stay where they are. Raises Forbidden, Invalid, Conflict where it was not signed off or another
    version is coming, Outdated.
    """
    if not policy.can_sign_off(by, report):
        raise Forbidden("The lead of the national team, or of the network, publishes it.")
    lock(report, seen=version)
    if report.signed_off_at is None:
        raise Conflict("It was changed since it was signed off, or never was.")
    former = releases_of(report.id)
    _refuse_unfit(kind, note, former[-1] if former else None)
    found = read(by, report)
    _refuse_unfinished(found, by)
    figures = Figures(found.quoted)
    content = content_of(found, figures, len(former) + 1)
    release = ReportRelease(
        report_id=report.id,
        number=len(former) + 1,
        kind=kind,
        note=note,
        title=report.title,
        content=content,
        digest=digest_of(content),
        next_on=next_on,
        final_on=final_on,
        made_at=now(),
        published_at=moment_of(on) if on and on > today() else now(),
        published_by_id=by.user_id,
    )
    release.figures = _kept(found, figures)
    db.session.add(release)
    report.signed_off_at = report.signed_off_by_id = None
    db.session.flush()
    ask_for_pdf(release=release)
    audit.note(report, "published", f"published “{report.title}”, version {release.number}", by=by)
    return release


def take_back(*, report: Report, by: Actor) -> None:
    """Take the version back that is coming and nobody but its list has read.

    Raises Forbidden, Conflict where none is coming: what is public stays.
    """
    if not policy.can_sign_off(by, report):
        raise Forbidden("The lead of the national team, or of the network, takes it back.")
    lock(report)
    found = releases_of(report.id)
    if not found or is_public(found[-1], now()):
        raise Conflict("No version is coming: what is public stays as it is.")
    words = f"took version {found[-1].number} of “{report.title}” back before it was published"
    db.session.delete(found[-1])
    db.session.flush()
    audit.note(report, "taken_back", words, by=by)


def describe(*, report: Report, version: int, methodology: str, by: Actor) -> None:
    """Say how the numbers of a report are counted: it is printed with every version to come.

    Raises Forbidden, Outdated.
    """
    if not policy.can_edit(by, report):
        raise Forbidden("Who edits the report says how its numbers are counted.")
    lock(report, seen=version)
    report.methodology = methodology
    report.signed_off_at = report.signed_off_by_id = None
    db.session.flush()
    audit.note(report, "described", f"wrote the methodology of “{report.title}”", by=by)


def _refuse_unfit(kind: ReleaseKind, note: str, former: ReportRelease | None) -> None:
    if former is not None and not is_public(former, now()):
        raise Conflict("A version is coming: take it back first.")
    has_former = former is not None
    if (kind is ReleaseKind.FIRST) == has_former:
        words = (
            "Select whether it is a correction or a planned revision"
            if has_former
            else ("Select “First publication”: nothing was published before")
        )
        raise Invalid(words, field="kind")
    if kind is not ReleaseKind.FIRST and not note.strip():
        raise Invalid("Enter what changed, and why", field="note")
    if kind is ReleaseKind.REVISION and former is not None and not is_announced(former):
        words = "Nothing in the version before was provisional or announced: it is a correction"
        raise Invalid(words, field="kind")


def content_of(found: ResolvedReport, figures: Figures, number: int) -> Content:
    """Return the document as plain data; `figures` then has the numbers that it quotes."""
    report = found.report
    sections = [
        section(
            one.number,
            one.section.heading,
            one.blocks,
            figures,
            left_out=one.section.left_out,
            has_parts=one.told.has_parts,
        )
        for one in found.sections
    ]
    return {
        "title": report.title,
        "address": report.slug,
        "version": number,
        "area": report.area_name,
        "is_demo": report.is_demo,
        "outline": f"{report.outline} {report.outline_version}",
        "sections": sections,
        "methodology": report.methodology,
        "footnotes": figures.footnotes,
        "notes": [one.words for one in remarks_of(report.id)],
        "figures": figures.listed,
    }


def _kept(found: ResolvedReport, figures: Figures) -> list[ReleaseFigure]:
    """Return the rows that keep each number; the rows behind one are read once."""
    behind: dict[str, dict[str, Any]] = {}
    writers = {one.section.heading: one.section.written_by for one in found.sections}
    rows = []
    for place, (heading, one) in enumerate(figures.used, start=1):
        if one.key not in behind:
            behind[one.key] = _plain(found.numbers.rows_behind(one))
        writer = writers[heading]
        rows.append(_row(place, heading, one, writer.name if writer else "", behind[one.key]))
    return rows


def _row(
    place: int, heading: str, one: Quoted, editor: str, behind: Mapping[str, Any]
) -> ReleaseFigure:
    return ReleaseFigure(
        number=place,
        section=heading,
        reference=one.key,
        shown=one.printed,
        label=one.label,
        area=one.area,
        period=one.period,
        value=one.value,
        unit=one.unit,
        definition=one.definition,
        source=one.source,
        as_at=one.as_at,
        is_frozen=one.is_frozen,
        editor=editor,
        rows=dict(behind),
    )


def _plain(found: RowsResult) -> dict[str, Any]:
    """Return rows as JSON keeps them: numbers, texts, days and moments as ISO writes them."""
    return {"header": list(found.header), "rows": [list(map(_cell, row)) for row in found.rows]}


def _cell(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    return whole(value) if isinstance(value, int | float) else str(value)
