"""What the pages of reports share: their door, and how a form is shown on a page of its own."""

from collections.abc import Iterable
from functools import partial

from portal.accounts.models import User
from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.reports import policy
from portal.reports.models import Report
from portal.reports.queries.reports import report_for
from portal.web import steps

REPORT = "/reports/<int:report_id>"
SECTION = "/reports/sections/<int:section_id>"
show = partial(steps.show, section="Reports")


def edited(report_id: int) -> Report:
    """Return a report that the reader may edit; raises NotFound, Forbidden."""
    report = report_for(current_actor(), report_id)
    refuse_unless(policy.can_edit(current_actor(), report), "You read this report only.")
    return report


def refuse_unless(may: bool, words: str) -> None:
    """Raise Forbidden with these words unless it may be done."""
    if not may:
        raise Forbidden(words)


def named(people: Iterable[User], user_id: int | None) -> User | None:
    """Return one of these people by their id, None where they are not among them."""
    return next((one for one in people if one.id == user_id), None)
