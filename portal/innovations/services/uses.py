"""Put on a record where it is in use, said by the side that uses it."""

from datetime import date

from portal.accounts.models import Actor, Organisation
from portal.audit.services import changes_of, note
from portal.clock import Precision, now, today
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.models import Innovation, Section, Use
from portal.innovations.policy import can_attach_places
from portal.innovations.sections.answers import answer_of, copy_of
from portal.innovations.sections.questions import USE
from portal.reference.models import Site


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
    row.directory_site, row.organisation_named = None, ""
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


def attach_place(*, innovation: Innovation, use: Use, site: Site, by: Actor) -> None:
    """Say which place of the directory one is that was entered by name; the trail keeps the name.

    A draft of the section that waits is told too, unless its people say another thing there.
    Raises Forbidden.
    """
    if not can_attach_places(by):
        raise Forbidden("Only HIN and national staff find places that were entered by name.")
    named = use.organisation_named
    use.directory_site, use.directory_site_id, use.organisation_named = site, site.id, ""
    changes = changes_of(use)
    db.session.flush()
    _put_place_in_draft(innovation, use, named)
    innovation.changed_at = now()
    summary = f"found “{named}” in the directory: {site.name} ({site.code})"
    note(innovation, "place_found", summary, by=by, changes=changes)
    db.session.flush()


def _put_place_in_draft(innovation: Innovation, use: Use, named: str) -> None:
    copy = copy_of(innovation, Section.USE)
    if copy is None or copy.draft is None or use.directory_site is None:
        return
    found = {"directory_site": use.directory_site.code, "organisation_named": ""}
    items = [
        {**item, **found}
        if item.get("id") == use.id and item.get("organisation_named") == named
        else item
        for item in copy.draft["items"]
    ]
    copy.draft = {**copy.draft, "items": items}


def _put_in_draft(innovation: Innovation, row: Use) -> None:
    copy = copy_of(innovation, Section.USE)
    if copy is None or copy.draft is None:
        return
    line = {"id": row.id, **{q.name: answer_of(row, q) for q in USE.questions}}
    others = [item for item in copy.draft["items"] if item.get("id") != row.id]
    copy.draft = {**copy.draft, "items": [*others, line]}
