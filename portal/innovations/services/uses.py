"""Put on a record where it is in use, said by the side that uses it."""

from datetime import date

from portal.accounts.models import Actor, Organisation
from portal.audit.services import changes_of, note
from portal.clock import Precision, now, today
from portal.db import db
from portal.innovations.models import Innovation, Section, Use
from portal.innovations.sections.answers import answer_of, copy_of
from portal.innovations.sections.questions import USE


def confirm_use(
    *,
    innovation: Innovation,
    organisation: Organisation,
    site: str,
    from_on: date,
    is_trial: bool,
    by: Actor,
    use: Use | None = None,
) -> Use:
    """Put a line in "where it is in use", marked as confirmed by the organisation `by` acts for.

    With `use` that line is changed: a trial became adoption. A draft of the section that waits
    gets the line too, or its submission would take it out again. The caller's room asks whether
    `by` may.
    """
    row = use or Use()
    if use is None:
        innovation.uses.append(row)
    row.organisation, row.organisation_id = organisation, organisation.id
    row.site, row.is_trial = site, is_trial
    row.from_on, row.from_on_precision = from_on, Precision.DAY
    row.confirmed_by_id, row.confirmed_on = by.organisation_id, today()
    changes = changes_of(row)
    what = "a trial" if is_trial else "that it is in use"
    db.session.flush()
    _put_in_draft(innovation, row)
    innovation.changed_at = now()
    note(
        innovation,
        "use_confirmed",
        f"confirmed {what} at {organisation.name}",
        by=by,
        changes=changes,
    )
    db.session.flush()
    return row


def _put_in_draft(innovation: Innovation, row: Use) -> None:
    copy = copy_of(innovation, Section.USE)
    if copy is None or copy.draft is None:
        return
    line = {"id": row.id, **{q.name: answer_of(row, q) for q in USE.questions}}
    others = [item for item in copy.draft["items"] if item.get("id") != row.id]
    copy.draft = {**copy.draft, "items": [*others, line]}
