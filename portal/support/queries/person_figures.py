"""Count the figures that tell of people: what each leads, and the hours that each logged.

They stand under the id of the person, or `NOBODY`; a HIN sees those of its own people, and the
nation's are totals alone (`queries.figures.for_reader`).
"""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select

from portal.accounts.models import User
from portal.db import db, id_from
from portal.support.models import Engagement, InteractionEvent
from portal.support.rules import LIVE
from portal.support.rules.figures import PERSONAL, Figure, Measure

NOBODY = "nobody"


def is_open() -> ColumnElement[bool]:
    """Return SQL for "a HIN works with it, or is about to"."""
    return Engagement.state.in_(sorted(LIVE))


def led_by(group: str) -> ColumnElement[bool]:
    """Return SQL for "this person leads it": an id, or `NOBODY`."""
    if person := id_from(group):
        return Engagement.lead_id == person
    return Engagement.lead_id.is_(None)


def by_lead(measure: Measure, clause: ColumnElement[bool]) -> list[Figure]:
    """Count engagements by HIN and lead person, by HIN, and in all."""
    rows = db.session.execute(
        select(Engagement.hin_id, Engagement.lead_id, func.count())
        .where(clause)
        .group_by(Engagement.hin_id, Engagement.lead_id)
    )
    return _summed(measure, ((hin, person, float(count)) for hin, person, count in rows))


def hours_by_person(clause: ColumnElement[bool]) -> list[Figure]:
    """Add up the hours of contacts by HIN and by who logged them, by HIN, and in all."""
    rows = db.session.execute(
        select(
            InteractionEvent.hin_id,
            InteractionEvent.logged_by_id,
            func.sum(InteractionEvent.quarters),
        )
        .where(clause)
        .group_by(InteractionEvent.hin_id, InteractionEvent.logged_by_id)
    )
    found = ((hin, person, quarters / 4) for hin, person, quarters in rows if quarters)
    return _summed(Measure.HOURS_BY_PERSON, found)


def _summed(measure: Measure, rows: Iterable[tuple[int, int | None, float]]) -> list[Figure]:
    sums: dict[tuple[int | None, str], float] = defaultdict(float)
    for hin, person, value in rows:
        for key in ((hin, str(person or NOBODY)), (hin, ""), (None, "")):
            sums[key] += value
    return [Figure(measure, hin, group, value) for (hin, group), value in sums.items()]


def people_in(figures: Iterable[Figure]) -> dict[str, str]:
    """Return the names of the people under whom figures stand, by their group, by name."""
    groups = {f.group for f in figures if f.measure in PERSONAL}
    ids = {found for group in groups if (found := id_from(group))}
    rows = db.session.execute(
        select(User.id, User.name).where(User.id.in_(ids)).order_by(User.name)
    )
    return {**{str(user_id): name for user_id, name in rows}, NOBODY: "Nobody yet"}
