"""What happens to the rows of an import, one by one: looked at, brought in, undone."""

from collections.abc import Mapping, Sequence

from sqlalchemy import case, select, update

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.audit.services import record
from portal.db import db
from portal.imports.models import Import, ImportRow, Result, Treatment, Verdict
from portal.imports.rules.rows import RowOutcome, RowVerdict

DEFAULTS: Mapping[Verdict, Treatment] = {
    Verdict.NEW: Treatment.TAKE,
    Verdict.CHANGES: Treatment.TAKE,
    Verdict.DUPLICATE: Treatment.KEEP,
}
"""What is done with the rows of a verdict unless somebody says otherwise; with the others, nothing
can be done."""
NEW_WORDS: Mapping[Treatment, str] = {Treatment.TAKE: "Make new", Treatment.KEEP: "Leave out"}
"""What is done with a row that is new, in words: nothing is here that could be kept."""
OFFERED: Mapping[Verdict, Sequence[Treatment]] = {
    Verdict.NEW: (Treatment.TAKE, Treatment.KEEP),
    Verdict.CHANGES: (Treatment.TAKE, Treatment.KEEP),
    Verdict.DUPLICATE: (Treatment.TAKE, Treatment.KEEP, Treatment.BOTH),
    Verdict.MOVED: (Treatment.TAKE, Treatment.KEEP),
}


def treatment_words(verdict: Verdict | None, treatment: Treatment) -> str:
    """Return what is done with a row, in words that fit what the row is."""
    return NEW_WORDS.get(treatment, "") if verdict is Verdict.NEW else treatment.label


def keep_judged(
    *, importing: Import, line: int, cells: Sequence[str | None], judged: RowVerdict
) -> ImportRow:
    """Keep a row and what it is to the portal."""
    row = ImportRow(import_id=importing.id, line=line, cells=list(cells))
    judge_again(row=row, judged=judged)
    db.session.add(row)
    return row


def judge_again(*, row: ImportRow, judged: RowVerdict, is_moved: bool = False) -> None:
    """Write down what a row is now; one that `is_moved` waits for a decision."""
    row.name, row.verdict = judged.name, Verdict.MOVED if is_moved else judged.verdict
    row.problems, row.notes, row.changes = judged.problems, judged.notes, judged.changes
    row.record_id, row.record_name = judged.record_id, judged.record_name
    row.seen, row.to_verify = judged.seen, judged.to_verify
    row.treatment = DEFAULTS.get(row.verdict)


def choose(*, importing: Import, verdict: Verdict, treatment: Treatment) -> None:
    """Say what is done with every row of a verdict that waits."""
    if treatment not in OFFERED.get(verdict, ()):
        return
    db.session.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id == importing.id,
            ImportRow.verdict == verdict,
            ImportRow.result.is_(None),
        )
        .values(treatment=treatment)
    )


def choose_row(*, row: ImportRow, treatment: Treatment) -> None:
    """Say what is done with one row."""
    if row.verdict and treatment in OFFERED.get(row.verdict, ()) and row.result is None:
        row.treatment = treatment
        db.session.flush()


def written(*, row: ImportRow, importing: Import, noun: str, did: RowOutcome, by: Actor) -> None:
    """Note what a row did, so that it is done once and can be undone."""
    is_new = did.before is None
    row.result = Result.MADE if is_new else Result.CHANGED if did.before else Result.LEFT
    row.record_id, row.before, row.after = did.record_id, did.before or {}, did.version
    summary = f"imported from “{importing.name}”, row {row.line}"
    event = record(f"{noun}.imported", noun=noun, noun_id=did.record_id, summary=summary, by=by)
    db.session.flush()
    row.event_id = event.id


def refused(*, row: ImportRow, why: str) -> None:
    """Note that a row could not be brought in after all."""
    row.verdict, row.problems, row.treatment = Verdict.WRONG, {"": why}, None
    row.result = Result.OUT


def undone(*, row: ImportRow, noun: str, by: Actor) -> None:
    """Note that what a row did is undone."""
    if row.record_id is not None:
        summary = f"undid row {row.line} of an import"
        record(f"{noun}.import_undone", noun=noun, noun_id=row.record_id, summary=summary, by=by)
    row.result = Result.UNDONE


def touched_since(row: ImportRow, noun: str, related: Sequence[tuple[str, int]] = ()) -> bool:
    """Whether the trail tells of anything that happened to the row's record since."""
    nouns = [(noun, row.record_id or 0), *related]
    since = AuditEvent.id > (row.event_id or 0)
    return any(
        db.session.scalar(
            select(AuditEvent.id)
            .where(since, AuditEvent.noun == n, AuditEvent.noun_id == i)
            .limit(1)
        )
        for n, i in nouns
    )


def twice(seen: dict[tuple[str, ...], int], judged: RowVerdict, line: int) -> None:
    """Say so where an earlier row of the file is about the same record."""
    if not judged.identity:
        return
    first = seen.setdefault(judged.identity, line)
    if first != line:
        judged.verdict, judged.changes = Verdict.WRONG, {}
        judged.problems = {"": f"It is already on row {first}"}


def leave_what_is_kept(importing: Import) -> None:
    """Note at once of all rows with which nothing is to be done that nothing was; what changed
    meanwhile waits for a decision. Of a row that is wrong or new nothing was here that could be
    left as it was."""
    undecided = ImportRow.treatment.is_(None) & (ImportRow.verdict != Verdict.MOVED)
    db.session.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id == importing.id,
            ImportRow.result.is_(None),
            undecided | (ImportRow.treatment == Treatment.KEEP),
        )
        .values(
            result=case(
                (ImportRow.verdict.in_([Verdict.WRONG, Verdict.NEW]), Result.OUT.value),
                else_=Result.LEFT.value,
            )
        )
    )


def decide(*, row: ImportRow, treatment: Treatment) -> None:
    """Say of a row whose record was changed since whether it is undone all the same."""
    if row.result is Result.DECIDE:
        row.treatment = treatment
        if treatment is Treatment.KEEP:
            row.result = Result.KEPT
        db.session.flush()
