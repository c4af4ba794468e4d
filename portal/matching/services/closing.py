"""Close a challenge: what is adopted or tried out is put on its record as well."""

from datetime import date

from portal.accounts.models import Actor, Organisation
from portal.challenges import services as challenges
from portal.challenges.models import Challenge, Outcome
from portal.challenges.rules import WITH_INNOVATION
from portal.clock import now, today
from portal.db import db
from portal.errors import Invalid
from portal.innovations.models import Innovation
from portal.innovations.services.uses import confirm_use
from portal.matching import outbox
from portal.matching.models import ChallengeOutcome
from portal.matching.queries.closing import named, use_at


def close(
    *,
    challenge: Challenge,
    outcome: Outcome,
    note: str,
    version: int | None,
    by: Actor,
    innovation: Innovation | None = None,
    name: str = "",
    organisation: Organisation | None = None,
    site: str = "",
    from_on: date | None = None,
) -> None:
    """Close an open challenge and say what came of it.

    What was adopted or is tried out is a record, given as `innovation` or by a `name` that one
    has, and is put on that record as used or tried at a place from a day on; or it is in no record
    and stands by its name alone. Raises Forbidden, Conflict and Invalid.
    """
    is_with_one = outcome in WITH_INNOVATION
    record = (innovation or named(by, name)) if is_with_one else None
    place = _place(organisation, from_on) if record else None
    challenges.close(
        challenge=challenge,
        outcome=outcome,
        note=note,
        version=version,
        by=by,
        innovation=record.name if record else name,
    )
    _forget(challenge)
    if record is not None and place is not None:
        is_trial = outcome is Outcome.TRIAL
        _put_on_record(challenge, record, *place, site=site, is_trial=is_trial, by=by)


def _place(organisation: Organisation | None, from_on: date | None) -> tuple[Organisation, date]:
    if organisation is None:
        raise Invalid("Select the organisation that uses it", field="organisation")
    if from_on is None:
        raise Invalid("Enter the day on which it started", field="from_on")
    if from_on > today():
        raise Invalid("The start must be today or in the past", field="from_on")
    return organisation, from_on


def _forget(challenge: Challenge) -> None:
    """A challenge that was opened again may be closed with another."""
    before = db.session.get(ChallengeOutcome, challenge.id)
    if before is not None:
        db.session.delete(before)
        db.session.flush()


def _put_on_record(
    challenge: Challenge,
    record: Innovation,
    organisation: Organisation,
    from_on: date,
    *,
    site: str,
    is_trial: bool,
    by: Actor,
) -> None:
    use = confirm_use(
        innovation=record,
        organisation=organisation,
        site=site,
        from_on=from_on,
        is_trial=is_trial,
        by=by,
        use=use_at(record, organisation.id, site),
    )
    row = ChallengeOutcome(
        challenge=challenge, innovation=record, use=use, at=now(), by_id=by.user_id
    )
    db.session.add(row)
    db.session.flush()
    outbox.tell_outcome(row, by=by)
