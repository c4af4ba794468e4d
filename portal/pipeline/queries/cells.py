"""The list behind a number: exactly the innovations that a cell counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import by_name, db
from portal.figures.dimensions import Day, Values
from portal.innovations.models import Innovation
from portal.innovations.queries import on_day
from portal.pipeline.queries.counted import RecordFilter, counted
from portal.reference.models import Term

SORTABLE: Mapping[str, Any] = {
    "name": by_name(Innovation.name),
    "organisation": by_name(Organisation.name),
    "submitted": Innovation.submitted_at,
    "changed": Innovation.changed_at,
}


def listed(actor: Actor, narrowed: RecordFilter, values: Values, day: Day) -> Select[Innovation]:
    """Return the records that a figure counts, with organisation, category and ICS loaded."""
    return (
        select(Innovation)
        .join(Innovation.organisation)
        .where(*counted(actor, narrowed, values, day))
        .options(
            contains_eager(Innovation.organisation),
            joinedload(Innovation.category),
            joinedload(Innovation.ics),
        )
    )


def standing(ids: Sequence[int], day: Day) -> dict[int, tuple[str | None, bool]]:
    """Return the label of the stage, and whether it was proven, of these records on the day."""
    rows = db.session.execute(
        select(Innovation.id, Term.label, on_day.is_proven_on(day))
        .outerjoin(Term, Term.id == on_day.stage_id_on(day))
        .where(Innovation.id.in_(ids))
    )
    return {one: (stage, bool(is_proven)) for one, stage, is_proven in rows}
