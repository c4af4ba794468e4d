"""Plan, run, complete or stop real-world validations; what staff found of a standard."""

from datetime import date, datetime
from typing import IO, Any

from portal.accounts.models import Actor
from portal.audit.services import changes_of
from portal.clock import day_of, now
from portal.db import db
from portal.db import lock as row_lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation, StandardHeld, StandardStatus
from portal.proof.models import Validation, ValidationChange, ValidationReport, ValidationState
from portal.proof.policy import can_edit_validation, can_record
from portal.proof.rules.validations import can_follow
from portal.support import outbox, queries
from portal.support.services.interactions import kinds_of_support

PLAN = frozenset(
    {
        "question",
        "organisation_id",
        "site",
        "care_setting_id",
        "kinds",
        "partner",
        "method",
        "from_on",
        "to_on",
    }
)
"""What is planned; `kinds` are ids of terms."""
RESULT = frozenset({"is_positive", "people", "numbers", "result", "report_url", "is_published"})
"""What a completed one brings."""


def add_validation(
    *,
    innovation: Innovation,
    by: Actor,
    at: datetime | None = None,
    state: ValidationState = ValidationState.PLANNED,
    **values: Any,
) -> Validation:
    """Record a real-world validation; `values` are columns named in `PLAN` and `RESULT`.

    Raises Forbidden for HINs that do not work with the record, Invalid when a completed one
    lacks its result or the dates run backwards.
    """
    at = at or now()
    if not can_record(by, queries.engagements(innovation.id)):
        raise Forbidden("Only a network that works with this innovation records validations.")
    row = Validation(
        innovation=innovation, hin_id=by.hin_id, created_at=at, created_by_id=by.user_id
    )
    _put(row, values, state, by=by, at=at)
    db.session.add(row)
    _noted("validation.added", row, f"recorded a real-world validation: {row.question}", by, at)
    return row


def edit_plan(
    *, validation: Validation, version: int, by: Actor, at: datetime | None = None, **values: Any
) -> Validation:
    """Change what is planned of a validation of the actor's own HIN; raises as `start`."""
    at = at or now()
    lock(validation, version, by)
    plan = {name: value for name, value in values.items() if name in PLAN}
    _put(validation, plan, validation.state, by=by, at=at)
    words = validation.state.label.lower()
    _noted("validation.changed", validation, f"changed a validation ({words})", by, at)
    return validation


def start(
    *, validation: Validation, version: int, on: date, by: Actor, at: datetime | None = None
) -> Validation:
    """Begin on a day that has come.

    Raises Forbidden for other HINs, Conflict when somebody changed it meanwhile or it stands
    elsewhere, Invalid for a day to come.
    """
    at = at or now()
    lock(validation, version, by, ValidationState.RUNNING)
    _refuse_future(on, at, "from_on")
    _put(validation, {"from_on": on}, ValidationState.RUNNING, by=by, at=at)
    _noted("validation.running", validation, "started a real-world validation", by, at)
    return validation


def complete(
    *,
    validation: Validation,
    version: int,
    on: date,
    by: Actor,
    file: tuple[IO[bytes], str] | None = None,
    at: datetime | None = None,
    **result: Any,
) -> Validation:
    """End it with its result, or put the result right; `result` are columns named in `RESULT`.

    `file` is the report: a stream and what its sender calls it. Raises as `start`.
    """
    at = at or now()
    lock(validation, version, by, ValidationState.COMPLETED)
    _refuse_future(on, at, "to_on")
    _put(validation, {"to_on": on, **result}, ValidationState.COMPLETED, by=by, at=at)
    if file is not None:
        kept = ValidationReport.received(*file, by=by)
        validation.report = None
        db.session.flush()  # the old report goes before the new one comes: there is one
        validation.report = kept
    summary = f"recorded the result of a real-world validation: {validation.question}"
    _noted("validation.completed", validation, summary, by, at)
    return validation


def stop(
    *,
    validation: Validation,
    version: int,
    on: date,
    why: str,
    by: Actor,
    at: datetime | None = None,
) -> Validation:
    """End it before there is a result, saying why; raises as `start`."""
    at = at or now()
    lock(validation, version, by, ValidationState.STOPPED)
    if not why:
        raise Invalid("Enter why it was stopped", field="why")
    _refuse_future(on, at, "to_on")
    ended = {"to_on": on} if validation.state is ValidationState.RUNNING else {}
    _put(validation, ended, ValidationState.STOPPED, by=by, at=at, why=why)
    _noted("validation.stopped", validation, f"stopped a validation: {why}", by, at)
    return validation


def lock(
    validation: Validation, version: int, by: Actor, state: ValidationState | None = None
) -> None:
    """Let one person at a time change it: raises Forbidden, Conflict."""
    engagements = queries.engagements(validation.innovation_id)
    if not can_edit_validation(by, validation, engagements):
        raise Forbidden("Only the network that recorded this validation changes it.")
    row_lock(validation, seen=version)
    if state is not None and not can_follow(state, validation.state):
        raise Conflict(f"This validation is {validation.state.label.lower()}.")


def _put(
    row: Validation,
    values: dict[str, Any],
    state: ValidationState,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
) -> None:
    """Fill it and reach a state, as a dated row; refused before anything is changed."""
    _check(row, values, state)
    for name, value in values.items():
        setattr(row, name, kinds_of_support(value) if name == "kinds" else value)
    if state is not ValidationState.COMPLETED:
        row.is_positive, row.is_published = None, False
    if row.state is not state or not row.changes:
        row.changes.append(ValidationChange(state=state, at=at, by_id=by.user_id, why=why))
    row.state = state


def _check(row: Validation, values: dict[str, Any], state: ValidationState) -> None:
    unknown = set(values) - PLAN - RESULT
    if unknown:
        raise TypeError(f"no such field of a validation: {', '.join(sorted(unknown))}")
    start, end = values.get("from_on", row.from_on), values.get("to_on", row.to_on)
    if start and end and end < start:
        raise Invalid("The end must be on or after the start", field="to_on")
    if state is not ValidationState.COMPLETED:
        return
    if values.get("is_positive", row.is_positive) is None:
        raise Invalid("Select whether the result supports the claim", field="is_positive")
    if not values.get("result", row.result):
        raise Invalid("Enter the result of the completed validation", field="result")


def _refuse_future(on: date, at: datetime, field: str) -> None:
    if on > day_of(at):
        raise Invalid("The day must be today or in the past", field=field)


def _noted(action: str, row: Validation, summary: str, by: Actor, at: datetime) -> None:
    changes = changes_of(row)
    db.session.flush()
    outbox.note(action, row.innovation, summary, by=by, at=at, changes=changes)
    template = TOLD.get(row.state, "proof/validation")
    outbox.tell_owners(
        template,
        row.innovation,
        at=at,
        page=f"support/validations/{row.id}",
        validation=row,
        by=by,
        why=row.changes[-1].why,
    )


TOLD = {
    ValidationState.COMPLETED: "proof/validation_done",
    ValidationState.STOPPED: "proof/validation_stopped",
}


def check_standard(
    *,
    standard: StandardHeld,
    innovation: Innovation,
    valid_until: date | None,
    by: Actor,
    at: datetime | None = None,
) -> StandardHeld:
    """Say that HIN staff saw the proof of a standard, and until when it is valid if it ends.

    Raises Forbidden for HINs that do not work with the record, Invalid when the innovator does
    not say that they hold it or the day has passed.
    """
    at = at or now()
    if not can_record(by, queries.engagements(innovation.id)):
        raise Forbidden("Only a network that works with this innovation checks its standards.")
    if standard.status is not StandardStatus.YES:
        raise Invalid("The innovator does not say that they hold this standard yet")
    if valid_until is not None and valid_until < day_of(at):
        raise Invalid("The day until which it is valid must be in the future", field="valid_until")
    standard.checked_by_id, standard.checked_on = by.user_id, day_of(at)
    standard.valid_until = valid_until
    changes = changes_of(standard)
    db.session.flush()
    outbox.note(
        "standard.checked",
        innovation,
        f"checked {standard.standard.label}",
        by=by,
        at=at,
        changes=changes,
    )
    outbox.tell_owners(
        "proof/standard_checked", innovation, at=at, page="progress", standard=standard, by=by
    )
    return standard
