"""Clear away what is kept no longer, in small pieces, and set how long it is kept."""

from collections.abc import Callable
from time import perf_counter

from portal.accounts.models import Actor
from portal.accounts.policy import can_administer
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.privacy.models import RetentionDays, RetentionRun
from portal.privacy.queries.retention import Rule

CHUNK = 200
"""Rows in the first write transaction of a rule."""
LONG_SECONDS = 0.4
"""A transaction that takes longer is followed by one of half as many rows: none takes a second."""


def clear(*, rule: Rule, commit: Callable[[], None]) -> RetentionRun:
    """Do what a rule says to everything whose time is over; `commit` ends each piece of it.

    Returns what was done, not yet committed.
    """
    done, longest, limit, before = 0, 0.0, CHUNK, rule.before
    while True:
        started = perf_counter()
        count = rule.retention.forget(before, limit)
        commit()
        seconds = perf_counter() - started
        done, longest = done + count, max(longest, seconds)
        if count < limit:
            break
        if seconds > LONG_SECONDS:
            limit = max(1, limit // 2)
    run = RetentionRun(
        code=rule.retention.code, days=rule.days, done=done, longest_ms=round(longest * 1000)
    )
    db.session.add(run)
    db.session.flush()
    return run


def set_days(*, rule: Rule, days: int, version: int | None, by: Actor) -> None:
    """Keep something for another number of days from now on.

    Raises Forbidden for anybody but administrators, Invalid (field `days`) outside of the rule's
    bounds, Outdated when somebody set it since `version` was read.
    """
    if not can_administer(by):
        raise Forbidden("Only administrators set how long things are kept.")
    kept = rule.retention
    if not kept.floor <= days <= kept.ceiling:
        raise Invalid(f"Enter a number between {kept.floor} and {kept.ceiling}", field="days")
    row = db.session.get(RetentionDays, kept.code)
    if row is None:
        row = RetentionDays(code=kept.code, days=days)
        db.session.add(row)
    else:
        lock(row, seen=version)
        row.days = days
    db.session.flush()
    what = kept.what.partition(":")[0].lower()
    said = f"set how long is kept: {what}, from {rule.days} to {days} days"
    audit.record(
        "retention.set",
        noun="retention",
        noun_id=0,
        summary=said,
        by=by,
        changes={kept.code: [rule.days, days]},
        audience=Audience.PRIVATE,
    )
