"""Count the figures that tell of people: what each leads, and the hours that each logged.

They stand under the id of the person, or `figures.queries.NOBODY`; a HIN sees those of its own
people, and the nation's are totals alone (`figures.policy.for_reader`).
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select

from portal.db import db, id_from
from portal.figures.queries import summed_by_person
from portal.figures.rules import Figure, Value
from portal.support.models import Engagement, Interaction
from portal.support.queries.on_day import is_live_on
from portal.support.rules.figures import HOURS_BY_PERSON


def is_open() -> ColumnElement[bool]:
    """Return SQL for "a HIN works with it, or is about to"."""
    return is_live_on(None)


def led_by(group: str) -> ColumnElement[bool]:
    """Return SQL for "this person leads it": an id, or `figures.queries.NOBODY`."""
    if person := id_from(group):
        return Engagement.lead_id == person
    return Engagement.lead_id.is_(None)


def by_lead(figure: Figure, clause: ColumnElement[bool]) -> list[Value]:
    """Count engagements by HIN and lead person, by HIN, and in all."""
    rows = db.session.execute(
        select(Engagement.hin_id, Engagement.lead_id, func.count())
        .where(clause)
        .group_by(Engagement.hin_id, Engagement.lead_id)
    )
    return summed_by_person(figure, ((hin, person, float(count)) for hin, person, count in rows))


def hours_by_person(signed: Iterable[tuple[int, ColumnElement[bool]]]) -> list[Value]:
    """Add up the hours of interactions by HIN and by who logged them, by HIN, and in all.

    `signed` are conditions on the contact: hours of 1 are added, of -1 taken off.
    """
    found = []
    for sign, clause in signed:
        rows = db.session.execute(
            select(
                Interaction.hin_id,
                Interaction.logged_by_id,
                func.sum(Interaction.minutes),
            )
            .where(clause)
            .group_by(Interaction.hin_id, Interaction.logged_by_id)
        )
        found += [(hin, person, sign * minutes / 60) for hin, person, minutes in rows if minutes]
    return [value for value in summed_by_person(HOURS_BY_PERSON, found) if value.value]
