"""The list behind a number: exactly the innovations that a cell counts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Actor, Organisation
from portal.db import db
from portal.innovations.models import Innovation
from portal.pipeline.queries import as_at
from portal.pipeline.queries.as_at import Day
from portal.pipeline.queries.counted import Narrowed, counted
from portal.pipeline.queries.values import Values
from portal.reference.models import Term

SORTABLE: Mapping[str, Any] = {
    "name": func.lower(Innovation.name),
    "organisation": func.lower(Organisation.name),
    "submitted": Innovation.submitted_at,
    "changed": Innovation.changed_at,
}


def listed(actor: Actor, narrowed: Narrowed, values: Values, day: Day) -> Select[Innovation]:
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
    past = as_at.past(day)
    rows = db.session.execute(
        select(Innovation.id, Term.label, as_at.proven(past))
        .outerjoin(Term, Term.id == as_at.stage_id(past))
        .where(Innovation.id.in_(ids))
    )
    return {one: (stage, bool(is_proven)) for one, stage, is_proven in rows}
