"""The outcomes of reading a case: each is dated, audited and told to the innovator.

The arguments `version` and `at` are as in `engagements`.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from portal.accounts.models import Actor
from portal.clock import day_of, now
from portal.errors import Invalid
from portal.innovations.models import Section
from portal.innovations.sections.questions import PARTS
from portal.innovations.services import change_requests
from portal.reference.models import DeadlineKind, DueDate
from portal.reference.queries import due_date
from portal.support import outbox
from portal.support.models import Engagement, EngagementState
from portal.support.rules.directory import with_referrals
from portal.support.services import budgets, directory
from portal.support.services.moves import (
    check_level,
    colleague,
    move,
    refuse_unaware,
    refuse_unless_allowed,
    set_lead_person,
    set_level,
)


def engage(
    *,
    engagement: Engagement,
    version: int,
    level: int,
    lead_id: int,
    message: str,
    by: Actor,
    known: Collection[int] = (),
    why: str = "",
    at: datetime | None = None,
) -> Engagement:
    """Begin (or go on) supporting the innovation at a level, with a lead person of the HIN.

    `known` are the other HINs that the person was shown as engaging: a Conflict names any other
    that is. Raises Invalid for a level that there is not and a lead who is not of the HIN; a
    level other than the one held before needs `why`.
    """
    at = at or now()
    refuse_unless_allowed(engagement, EngagementState.ENGAGING, version, by)
    refuse_unaware(engagement.innovation, engagement.hin_id, known)
    lead = colleague(engagement, lead_id)
    check_level(engagement, level, why)
    set_lead_person(engagement, lead.id, by=by, at=at)
    if level != engagement.level:
        set_level(engagement, level, why, by=by, at=at)
    due = due_date(DeadlineKind.UPDATE, day_of(at))
    move(engagement, EngagementState.ENGAGING, due=due, by=by, at=at, message=message)
    budgets.review(engagement, by=by, at=at)
    outbox.tell_innovators("engaging", engagement, at=at, by=by, message=message)
    if lead.id != by.user_id:
        outbox.tell_lead("lead", engagement, at=at, by=by)
    return engagement


def wait(
    *,
    engagement: Engagement,
    version: int,
    waiting_for: str,
    until: date,
    by: Actor,
    message: str = "",
    at: datetime | None = None,
) -> Engagement:
    """Put it off until a day, saying for what; on that day the HIN looks again."""
    at = at or now()
    refuse_unless_allowed(engagement, EngagementState.WAITING, version, by)
    if until <= day_of(at):
        raise Invalid("The day to wait until must be in the future", field="until")
    engagement.waiting_for, engagement.waiting_until = waiting_for, until
    words = f"Waiting for: {waiting_for}"
    move(
        engagement,
        EngagementState.WAITING,
        due=DueDate(until),
        by=by,
        at=at,
        message=f"{words}\n\n{message}".strip(),
    )
    outbox.tell_innovators("waiting", engagement, at=at, by=by, message=message)
    return engagement


def request_changes(
    *,
    engagement: Engagement,
    version: int,
    wanted: Mapping[Section, str],
    by: Actor,
    message: str = "",
    at: datetime | None = None,
) -> Engagement:
    """Ask for changes section by section; the record's task list shows each comment.

    Raises Invalid when no section has a comment.
    """
    at = at or now()
    refuse_unless_allowed(engagement, EngagementState.CHANGES, version, by)
    comments = {section: text for section, text in wanted.items() if text}
    if not comments:
        raise Invalid("Enter what should change in at least one section")
    change_requests.request_changes(
        innovation=engagement.innovation, hin_id=engagement.hin_id, wanted=comments, by=by, at=at
    )
    titles = [PARTS[section].title for section in comments]
    move(
        engagement,
        EngagementState.CHANGES,
        by=by,
        at=at,
        message=message,
        summary=f"asked for changes in: {', '.join(titles)}",
    )
    outbox.tell_innovators(
        "changes",
        engagement,
        at=at,
        by=by,
        message=message,
        comments=list(zip(titles, comments.values(), strict=True)),
    )
    return engagement


def find_unsuitable(
    *,
    engagement: Engagement,
    version: int,
    reason: str,
    elsewhere: str,
    by: Actor,
    entry_ids: Collection[int] = (),
    at: datetime | None = None,
) -> Engagement:
    """Say no, with the reason and where to go instead: nobody is left without an answer.

    `entry_ids` are of the support directory: whom the innovator is pointed to.
    """
    at = at or now()
    refuse_unless_allowed(engagement, EngagementState.UNSUITABLE, version, by)
    helpers = directory.note(engagement=engagement, entry_ids=entry_ids, by=by, at=at)
    elsewhere = with_referrals(elsewhere, helpers)
    move(
        engagement,
        EngagementState.UNSUITABLE,
        by=by,
        at=at,
        message=reason,
        elsewhere=elsewhere,
    )
    outbox.tell_innovators(
        "unsuitable", engagement, at=at, by=by, message=reason, elsewhere=elsewhere
    )
    return engagement
