"""Keep estimates, and say which of several is in use and why."""

from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.impact.models import Estimate, EstimateChoice
from portal.impact.policy import can_set_up
from portal.impact.queries.estimates import record_called


def save_estimate(
    *, estimate: Estimate | None, version: int = 0, innovation: str = "", by: Actor, **values: Any
) -> Estimate:
    """Add an estimate, or change one that was entered here; `values` are its columns.

    `innovation` is the name of a record, "" for none.

    Raises Forbidden but for the national team and for what was published, Invalid for a range that
    does not hold the estimate, Outdated.
    """
    if not can_set_up(by) or (estimate is not None and estimate.code is not None):
        raise Forbidden("The national team keeps estimates; what was published is not rewritten.")
    _refuse_wrong_range(values)
    values["innovation_id"] = _record(innovation, by)
    if values["innovation_id"] is None and values.get("programme_id") is None:
        raise Invalid("Select a programme, or enter the name of an innovation", field="innovation")
    if estimate is None:
        estimate = Estimate(at=now(), by_id=by.user_id)
        db.session.add(estimate)
        verb = "added"
    else:
        lock(estimate, seen=version)
        verb = "changed"
    for name, value in values.items():
        setattr(estimate, name, value)
    db.session.flush()
    audit.note(estimate, verb, f"{verb} an estimate", by=by)
    return estimate


def _record(name: str, by: Actor) -> int | None:
    if not name:
        return None
    found = record_called(by, name)
    if found is None:
        raise Invalid("Enter the name of a record, as its page shows it", field="innovation")
    return found.id


def _refuse_wrong_range(values: dict[str, Any]) -> None:
    low, high, value = values.get("low"), values.get("high"), values.get("value")
    if (low is None) != (high is None):
        raise Invalid("Enter both ends of the range, or none", field="high")
    if low is not None and high is not None and value is not None and not low <= value <= high:
        raise Invalid("The estimate must lie in its range", field="value")


def use(*, estimate: Estimate, why: str, by: Actor) -> EstimateChoice:
    """Say that this estimate, of all of the same effect of the programme, is in use, and why.

    Raises Forbidden but for the national team, Invalid without why.
    """
    if not can_set_up(by):
        raise Forbidden("The national team says which estimate is in use.")
    if not why:
        raise Invalid("Enter why", field="why")
    row = EstimateChoice(estimate=estimate, why=why, at=now(), by_id=by.user_id)
    db.session.add(row)
    db.session.flush()
    audit.note(estimate, "used", "chose the estimate that is in use", by=by)
    return row
