"""Keep the list of those who read a version before it is published; log each reading."""

from datetime import date

from portal.accounts.models import Actor, User
from portal.audit import services as audit
from portal.clock import now
from portal.db import add_new, db
from portal.errors import Conflict, Forbidden, Invalid
from portal.reports import outbox, policy
from portal.reports.models import Report, ReportEarlyReader, ReportRelease
from portal.reports.queries.early import next_number

ONLY = "The lead of the national team, or of the network, keeps this list."


def name_reader(
    *, report: Report, user: User | None, capacity: str, until_on: date | None, by: Actor
) -> ReportEarlyReader:
    """Put a person on the list of the version that is coming, until a day or its publication.

    Raises Forbidden, Invalid where nobody has the address, Conflict where they are on it.
    """
    if not policy.can_sign_off(by, report):
        raise Forbidden(ONLY)
    if user is None or not user.is_active:
        raise Invalid("Nobody with an account has this address", field="email")
    row = ReportEarlyReader(
        report_id=report.id,
        number=next_number(report),
        user_id=user.id,
        user=user,
        capacity=capacity,
        until_on=until_on,
        named_at=now(),
        named_by_id=by.user_id,
    )
    if not add_new(row):
        raise Conflict("They are, or were, on the list of this version.")
    outbox.tell_early(report, user, by=by)
    words = (
        f"let user {user.id} read version {row.number} of “{report.title}” before it is published"
    )
    audit.note(report, "early_named", words, by=by)
    return row


def end_reader(*, report: Report, row: ReportEarlyReader, by: Actor) -> None:
    """Take a person off the list. Raises Forbidden, Conflict where they are off it."""
    if not policy.can_sign_off(by, report):
        raise Forbidden(ONLY)
    if row.ended_at is not None:
        raise Conflict("They are off the list already.")
    row.ended_at = now()
    words = f"let user {row.user_id} read version {row.number} early no more"
    audit.note(report, "early_ended", words, by=by)
    db.session.flush()


def note_reading(*, release: ReportRelease, row: ReportEarlyReader, by: Actor) -> None:
    """Log that somebody on the list opened a version before it is published."""
    row.read_at = row.read_at or now()
    words = f"read version {release.number} of “{release.title}” before it is published"
    audit.note(release.report, "read_early", words, by=by)
    db.session.flush()
