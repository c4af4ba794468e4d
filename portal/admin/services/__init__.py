"""Change what administrators look after."""

import re
from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.admin import queries
from portal.admin.policy import can_administer, can_set_deadlines
from portal.admin.rules import job_words
from portal.audit.services import changes_of, note, record
from portal.clock import now, today
from portal.db import db, lock, use_once
from portal.errors import Conflict, Forbidden, Invalid
from portal.jobs import Job, JobState
from portal.reference import services as reference
from portal.reference.models import (
    Deadline,
    DeadlineKind,
    DeadlineUnit,
    FormerLabel,
    Term,
    Vocabulary,
)
from portal.reference.rules import folded_label
from portal.wording import day_words

FIXED = frozenset(
    {Vocabulary.SUPPORT_LEVEL, Vocabulary.ADOPTION_STAGE, Vocabulary.DEVELOPMENT_STAGE}
)
"""Vocabularies whose number and order of terms mean something: they are renamed, no more."""


def rename_term(*, term: Term, label: str, definition: str, version: int, by: Actor) -> None:
    """Give a term another label or definition; its code stays, and so do the records with it.

    Loading the reference files again leaves a label alone that was changed here, and files that
    say the old label are understood. Raises Invalid when another term is called so, Outdated when
    somebody changed it since `version` was read.
    """
    lock(term, seen=version)
    if label != term.label:
        _refuse_twin(term.vocabulary, label, besides=term.id)
        _remember(term)
        term.label, term.is_label_edited = label, True
    term.definition = definition
    _note(term, "changed", by)


def add_term(
    *, vocabulary: Vocabulary, label: str, group: str = "", definition: str = "", by: Actor
) -> Term:
    """Add a term at the end of a vocabulary; its code is made from the label.

    Raises Invalid when there is one already, Conflict for a vocabulary that is fixed.
    """
    _refuse_fixed(vocabulary)
    _refuse_twin(vocabulary, label)
    last = db.session.scalar(select(func.max(Term.position)).where(Term.vocabulary == vocabulary))
    term = Term(
        vocabulary=vocabulary,
        code=_code(vocabulary, label),
        label=label,
        group=group,
        definition=definition,
        position=(last or 0) + 1,
        is_added=True,
    )
    db.session.add(term)
    db.session.flush()
    note(term, "added", f"added the {_words(term)}", by=by)
    return term


def retire_term(*, term: Term, by: Actor) -> None:
    """Stop offering a term from today; records that hold it keep it."""
    _refuse_fixed(term.vocabulary)
    term.retired_on, term.is_retiring_edited = today(), True
    _note(term, "retired", by)


def bring_back_term(*, term: Term, by: Actor) -> None:
    """Offer a retired term again; raises Invalid when another took its label."""
    _refuse_fixed(term.vocabulary)
    _refuse_twin(term.vocabulary, term.label, besides=term.id)
    term.retired_on, term.is_retiring_edited = None, True
    _note(term, "brought_back", by)


def move_term_up(*, term: Term, by: Actor) -> None:
    """Let a term stand one place higher; the first stays where it is."""
    _refuse_fixed(term.vocabulary)
    rows = list(queries.terms(term.vocabulary))
    at = rows.index(term)
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position, row.is_position_edited = position, True
    _note(term, "moved", by)


def _refuse_fixed(vocabulary: Vocabulary) -> None:
    if vocabulary in FIXED:
        raise Conflict("The terms of this list and their order are fixed: rename them only.")


def _refuse_twin(vocabulary: Vocabulary, label: str, *, besides: int | None = None) -> None:
    for other in queries.terms(vocabulary):
        is_current = other.retired_on is None and other.id != besides
        if is_current and folded_label(other.label) == folded_label(label):
            raise Invalid("Enter a label that no other term of this list has", field="label")


def _remember(term: Term) -> None:
    """Keep the label that a term loses, once."""
    known = select(FormerLabel.id).where(
        FormerLabel.term_id == term.id, FormerLabel.label == term.label
    )
    if db.session.scalar(known) is None:
        db.session.add(FormerLabel(term_id=term.id, label=term.label, until_on=today()))


def _code(vocabulary: Vocabulary, label: str) -> str:
    """Return a code that no term of the vocabulary has: "Hospital at home" is HOSPITAL_AT_HOME."""
    plain = re.sub(r"\W+", "_", folded_label(label)).strip("_").upper()[:40] or "TERM"
    taken = {term.code for term in queries.terms(vocabulary)}
    numbered = (f"{plain}_{number}" for number in range(2, len(taken) + 3))
    return plain if plain not in taken else next(code for code in numbered if code not in taken)


def _words(term: Term) -> str:
    return f"{term.vocabulary.value.replace('_', ' ')} {term.code}"


def _note(term: Term, verb: str, by: Actor) -> None:
    changes = changes_of(term)
    if changes:
        note(term, verb, f"{verb.replace('_', ' ')} the {_words(term)}", by=by, changes=changes)
    db.session.flush()


def set_deadline(
    *, kind: DeadlineKind, amount: int, unit: DeadlineUnit, valid_from: date, by: Actor
) -> Deadline:
    """Allow another length from a day on, as `reference.services.set_deadline` does.

    Raises Forbidden for anybody but the national team and administrators.
    """
    if not can_set_deadlines(by):
        raise Forbidden("Only the national team and administrators change deadlines.")
    row = reference.set_deadline(kind=kind, amount=amount, unit=unit, valid_from=valid_from)
    words = f"{amount} {unit.value.replace('_', ' ')} from {day_words(valid_from)}"
    summary = f"set the deadline “{kind.label}” to {words}"
    record("deadline.set", noun="deadline", noun_id=row.id, summary=summary, by=by)
    return row


def add_holidays(*, days: Mapping[date, str], by: Actor) -> int:
    """Add a whole year of bank holidays, as `reference.services.add_holidays` does.

    Raises Forbidden for anybody but the national team and administrators.
    """
    if not can_set_deadlines(by):
        raise Forbidden("Only the national team and administrators add bank holidays.")
    year = reference.add_holidays(days=days)
    summary = f"added the bank holidays of {year}"
    record("holidays.added", noun="bank_holidays", noun_id=year, summary=summary, by=by)
    return year


def retry_job(*, job: Job, by: Actor) -> None:
    """Queue a job that failed once more, with all its attempts; the workers' sweep finds it.

    Raises Forbidden for anybody but an administrator, Conflict for a job that did not fail.
    """
    if not can_administer(by):
        raise Forbidden("Only administrators start a job again.")
    again = {"state": JobState.QUEUED, "attempts": 0, "not_before": now(), "message": ""}
    failed = Job.state == JobState.FAILED
    if not use_once(Job, Job.id == job.id, failed, finished_at=None, **again):
        raise Conflict("Only a job that failed is started again.")
    record("job.retried", noun="job", noun_id=job.id, summary=job_words(job.kind), by=by)
    db.session.flush()
