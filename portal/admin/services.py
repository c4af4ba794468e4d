"""Change what administrators look after."""

from collections.abc import Mapping
from datetime import date

from portal.accounts.models import Actor
from portal.admin.policy import can_administer, can_set_deadlines
from portal.admin.rules import job_words
from portal.audit.services import changes_of, note, record
from portal.clock import now
from portal.db import db, use_once
from portal.errors import Conflict, Forbidden
from portal.jobs import Job, JobState
from portal.reference import services as reference
from portal.reference.models import Deadline, DeadlineKind, DeadlineUnit, Term
from portal.support.rules.promises import DEADLINE_WORDS
from portal.wording import day_words


def rename_term(*, term: Term, label: str, definition: str, by: Actor) -> None:
    """Give a term another label or definition; its code stays, and so do the records with it.

    Loading the reference files again leaves a label alone that was changed here.
    """
    if label != term.label:
        term.label, term.is_label_edited = label, True
    term.definition = definition
    changes = changes_of(term)
    if changes:
        summary = f"changed the {term.vocabulary.value.replace('_', ' ')} {term.code}"
        note(term, "changed", summary, by=by, changes=changes)
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
    summary = f"set the deadline “{DEADLINE_WORDS[kind]}” to {words}"
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
