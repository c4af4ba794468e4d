"""Say over which of adoption's lists a programme counts how far its products have spread."""

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Forbidden, Invalid
from portal.programmes.models import Programme, ProgrammeList
from portal.programmes.policy import can_edit
from portal.programmes.queries.lists import cohorts_to_choose, lists_to_choose


def name_list(
    *, programme: Programme, list_id: int, cohort_id: int | None = None, by: Actor
) -> ProgrammeList:
    """Count over a list, and of its places over a cohort or (None) all. A list that is named again
    takes the cohort anew; two who name it at once make one row.

    Raises Forbidden but for the national team, Invalid for a list or cohort of no product of the
    programme.
    """
    if not can_edit(by):
        raise Forbidden("The national team says over which places a programme counts.")
    eligible = next((one for one in lists_to_choose(programme) if one.id == list_id), None)
    if eligible is None:
        raise Invalid("Select a list about a product of the programme", field="list_id")
    if cohort_id is not None and all(one.id != cohort_id for one in cohorts_to_choose(programme)):
        raise Invalid("Select a cohort of a product of the programme", field="cohort_id")
    values = {
        "programme_id": programme.id,
        "list_id": list_id,
        "at": now(),
        "by_id": by.user_id,
    }
    db.session.execute(insert_into(ProgrammeList).values(values).on_conflict_do_nothing())
    row = db.session.scalars(
        select(ProgrammeList).where(
            ProgrammeList.programme_id == programme.id, ProgrammeList.list_id == list_id
        )
    ).one()
    row.cohort_id = cohort_id
    db.session.flush()
    words = f"counts over “{eligible.name}” of {eligible.subject_name}"
    audit.note(programme, "list_named", words, by=by)
    return row


def drop_list(*, programme: Programme, row: ProgrammeList, by: Actor) -> None:
    """Count over a list no longer; the list and its sheets stay. Raises Forbidden."""
    if not can_edit(by):
        raise Forbidden("The national team says over which places a programme counts.")
    words = f"counts no longer over “{row.eligible.name}” of {row.eligible.subject_name}"
    db.session.delete(row)
    db.session.flush()
    audit.note(programme, "list_dropped", words, by=by)
