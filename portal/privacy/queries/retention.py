"""Read how long things are kept, and what the nightly clearing did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.clock import now
from portal.db import db
from portal.errors import NotFound
from portal.personal import Retention, retention
from portal.privacy.models import RetentionDays, RetentionRun


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the days that count now, and what it did last."""

    retention: Retention
    days: int
    version: int
    """The version of the days that were set; 0 while the rule's own count."""
    last: RetentionRun | None

    @property
    def before(self) -> datetime:
        """The moment before which its time is over."""
        return now() - timedelta(days=self.days)


def rules() -> list[Rule]:
    """Return every rule, in the order of the rooms."""
    chosen = {row.code: row for row in db.session.scalars(select(RetentionDays))}
    newest = select(func.max(RetentionRun.id)).group_by(RetentionRun.code)
    runs = select(RetentionRun).where(RetentionRun.id.in_(newest))
    last = {run.code: run for run in db.session.scalars(runs)}
    return [_rule(one, chosen.get(one.code), last.get(one.code)) for one in retention()]


def _rule(one: Retention, chosen: RetentionDays | None, last: RetentionRun | None) -> Rule:
    days = min(max(chosen.days, one.floor), one.ceiling) if chosen else one.days
    return Rule(one, days, chosen.version if chosen else 0, last)


def rule_of(code: str) -> Rule:
    """Return one rule; raises NotFound."""
    found = next((one for one in rules() if one.retention.code == code), None)
    if found is None:
        raise NotFound("There is no such rule.")
    return found


def rule_to_set(code: str) -> Rule:
    """Return one rule whose days can be chosen; raises NotFound."""
    found = rule_of(code)
    if found.retention.is_fixed:
        raise NotFound("How long this is kept cannot be chosen.")
    return found


def runs() -> Sequence[RetentionRun]:
    """Return what the clearing did lately, newest first."""
    found = select(RetentionRun).order_by(RetentionRun.id.desc()).limit(100)
    return db.session.scalars(found).all()
