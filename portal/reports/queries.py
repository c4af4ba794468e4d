"""Which quarters have figures, and which of them are frozen."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from portal.db import db
from portal.pipeline.rules.days import quarters_until
from portal.reference.rules import Quarter
from portal.support.models import FigureFreeze

SHOWN = 12


def quarters(today: date) -> Sequence[tuple[Quarter, date, datetime | None]]:
    """Return the last quarters, newest first: the day up to which each counts, and when it was
    frozen. In one statement."""
    rows = db.session.execute(select(FigureFreeze.quarter_on, FigureFreeze.frozen_at))
    frozen = dict(rows.all())
    found = quarters_until(today, SHOWN)[::-1]
    return [(quarter, min(quarter.last, today), frozen.get(quarter.first)) for quarter in found]
