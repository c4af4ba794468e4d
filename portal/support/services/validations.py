"""Record real-world validations, and what HIN staff found when they checked a standard."""

from datetime import date, datetime
from typing import Any

from portal.accounts.models import Actor
from portal.audit.services import changes_of
from portal.db import db, now
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation, StandardHeld, StandardStatus
from portal.support import outbox, policy, queries
from portal.support.models import Validation, ValidationState
from portal.support.rules import VALIDATION_WORDS
from portal.support.services.moves import day_of

FIELDS = frozenset(
    {
        "state",
        "question",
        "organisation_id",
        "site",
        "care_setting_id",
        "from_on",
        "to_on",
        "is_positive",
        "result",
        "is_published",
    }
)


def add_validation(
    *, innovation: Innovation, by: Actor, at: datetime | None = None, **values: Any
) -> Validation:
    """Record a real-world validation; `values` are columns named in `FIELDS`.

    Raises Forbidden for HINs that do not work with the record, Invalid when a completed one
    lacks its result or the dates run backwards.
    """
    at = at or now()
    if not policy.can_record(by, queries.engagements(innovation.id)):
        raise Forbidden("Only a network that works with this innovation records validations.")
    row = Validation(
        innovation=innovation, hin_id=by.hin_id, created_at=at, created_by_id=by.user_id
    )
    _fill(row, values)
    db.session.add(row)
    _noted("validation.added", row, f"recorded a real-world validation: {row.question}", by, at)
    return row


def edit_validation(
    *, validation: Validation, version: int, by: Actor, at: datetime | None = None, **values: Any
) -> Validation:
    """Change a validation of the actor's own HIN; raises as `add_validation`, and Conflict."""
    at = at or now()
    engagements = queries.engagements(validation.innovation_id)
    if not policy.can_edit_validation(by, validation, engagements):
        raise Forbidden("Only the network that recorded this validation changes it.")
    db.session.flush()  # a refresh forgets what waits to be written
    db.session.refresh(validation, with_for_update=True)
    if validation.version != version:
        raise Conflict("Somebody of your network changed this validation while you were typing.")
    _fill(validation, values)
    words = VALIDATION_WORDS[validation.state].lower()
    _noted("validation.changed", validation, f"changed a validation ({words})", by, at)
    return validation


def _fill(row: Validation, values: dict[str, Any]) -> None:
    unknown = set(values) - FIELDS
    if unknown:
        raise TypeError(f"no such field of a validation: {', '.join(sorted(unknown))}")
    for name, value in values.items():
        setattr(row, name, value)
    if row.from_on and row.to_on and row.to_on < row.from_on:
        raise Invalid("The end must be on or after the start", field="to_on")
    if row.state is not ValidationState.COMPLETED:
        row.is_positive = None
        return
    if row.is_positive is None:
        raise Invalid("Select whether the result supports the claim", field="is_positive")
    if not row.result:
        raise Invalid("Enter the result of the completed validation", field="result")


def _noted(action: str, row: Validation, summary: str, by: Actor, at: datetime) -> None:
    changes = changes_of(row)
    db.session.flush()
    outbox.note(action, row.innovation, summary, by=by, at=at, changes=changes)
    template = "validation_done" if row.state is ValidationState.COMPLETED else "validation"
    outbox.tell_owners(template, row.innovation, at=at, page="support", validation=row, by=by)


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
    if not policy.can_record(by, queries.engagements(innovation.id)):
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
        "standard_checked", innovation, at=at, page="support", standard=standard, by=by
    )
    return standard
