"""Give many cases to a person at once, and say how much a person can lead."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from portal.accounts.models import Actor
from portal.accounts.queries.acting import staff
from portal.audit.services import record
from portal.clock import now, today
from portal.db import db
from portal.desk.models import Capacity
from portal.desk.outbox import tell_lead_of_many
from portal.desk.policy import can_set_capacity
from portal.errors import Forbidden, Invalid
from portal.support.models import Engagement
from portal.support.services.engagements import hand_to
from portal.wording import day_words

MAX_CASES = 500


def assign_many(
    *,
    engagements: Sequence[Engagement],
    versions: Mapping[int, int],
    lead_id: int,
    by: Actor,
    at: datetime | None = None,
) -> list[Engagement]:
    """Make one person the lead of many engagements, who is told once of all.

    All or none. `versions` are those that were shown, by the engagement's id: a Conflict names
    what a colleague decided meanwhile. Raises Invalid for none and for a person not of the HIN,
    Forbidden for another HIN's engagement.
    """
    at = at or now()
    if not engagements:
        raise Invalid("Select at least one innovation", field="engagements")
    changed = [
        engagement
        for engagement in engagements
        if hand_to(
            engagement=engagement,
            version=versions.get(engagement.id, 0),
            lead_id=lead_id,
            by=by,
            at=at,
        )
    ]
    if changed and lead_id != by.user_id:
        tell_lead_of_many(changed, at=at, by=by)
    return changed


def set_capacity(
    *, user_id: int, cases: int, by: Actor, valid_from: date | None = None
) -> Capacity:
    """Say how many open cases are a full load for a person of the actor's HIN, from a day on.

    Raises Forbidden for anybody but a lead of the HIN and the person, Invalid for somebody of
    another HIN, a number out of bounds or a day in the past.
    """
    if not can_set_capacity(by, user_id):
        raise Forbidden("Only a lead of the network, or the person, says what is a full load.")
    people = {person.id: person for person in staff(by.hin_id)}
    if user_id not in people:
        raise Invalid("Select a person of your network", field="person")
    if not 0 <= cases <= MAX_CASES:
        raise Invalid(f"The number of cases must be between 0 and {MAX_CASES}", field="cases")
    first = valid_from or today()
    if first < today():
        raise Invalid("The day must be today or later", field="valid_from")
    row = Capacity(
        user_id=user_id, hin_id=by.hin_id, cases=cases, valid_from=first, set_by_id=by.user_id
    )
    db.session.add(row)
    db.session.flush()
    name = people[user_id].name
    summary = f"set a full load of {name} to {cases} cases from {day_words(first)}"
    record("capacity.set", noun="capacity", noun_id=row.id, summary=summary, by=by)
    return row
