"""How a record stood on a day: in use, stage, on the pipeline, proven. Pure: dated rows in.

A day is England's and counts to its end (`reference.rules.end_of`): what happened before midnight
holds. Of a month or a year alone, `clock.PartialDate` says from and to which day a use counts. The
same rules stand in SQL in `queries.on_day`; a test compares the two.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from portal.clock import end_of
from portal.innovations.models import ProvenStatus, RecordStatus, StageChange, StatusChange, Use


def is_running_on(use: Use, on: date) -> bool:
    """Whether an organisation had it on the day, from the first to the last day of the row."""
    return use.from_on <= on and (use.until_on is None or use.until_on >= on)


def is_in_use_on(use: Use, on: date) -> bool:
    """Whether an organisation used it on the day; a trial is never use."""
    return is_running_on(use, on) and not use.is_trial


def is_on_trial_on(use: Use, on: date) -> bool:
    """Whether an organisation tried it out on the day."""
    return is_running_on(use, on) and use.is_trial


def uses_on(uses: Iterable[Use], on: date) -> list[Use]:
    """Return the rows of those who used it on the day."""
    return [use for use in uses if is_in_use_on(use, on)]


def trials_on(uses: Iterable[Use], on: date) -> list[Use]:
    """Return the rows of those who tried it out on the day."""
    return [use for use in uses if is_on_trial_on(use, on)]


def stage_id_on(changes: Iterable[StageChange], on: date) -> int | None:
    """Return the id of the stage that the record had reached by the end of the day."""
    newest = _newest(changes, on)
    return newest.stage_id if newest else None


def status_on(changes: Iterable[StatusChange], on: date) -> RecordStatus:
    """Return where the record stood in its life at the end of the day; a draft before all."""
    newest = _newest(changes, on)
    return newest.status if newest else RecordStatus.DRAFT


def is_live_on(changes: Iterable[StatusChange], on: date) -> bool:
    """Whether the record was on the pipeline on the day: submitted, and not archived again."""
    return status_on(changes, on) is RecordStatus.SUBMITTED


def stands_on(row: ProvenStatus, on: date) -> bool:
    """Whether a verification held on the day: made, not run out, not withdrawn."""
    moment = end_of(on)
    is_withdrawn = row.withdrawn_at is not None and row.withdrawn_at < moment
    return row.verified_at < moment and row.valid_until >= on and not is_withdrawn


def is_proven_on(rows: Iterable[ProvenStatus], on: date) -> bool:
    """Whether any verification of the record held on the day."""
    return any(stands_on(row, on) for row in rows)


class _Dated(Protocol):
    id: int
    at: datetime


Row = TypeVar("Row", bound=_Dated)


def _newest(changes: Iterable[Row], on: date) -> Row | None:
    moment = end_of(on)
    reached = [change for change in changes if change.at < moment]
    return max(reached, key=lambda change: (change.at, change.id), default=None)
