"""Publish terms of use, take back what does not hold yet, and accept them."""

from datetime import date

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.accounts.models.terms import TermsAcceptance, TermsAudience, TermsVersion
from portal.accounts.policy import can_administer
from portal.accounts.queries import terms as queries
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, insert_into
from portal.errors import Conflict, Forbidden, Invalid


def publish(
    *, audience: TermsAudience, from_on: date, words: str, changed: str, by: Actor
) -> TermsVersion:
    """Publish the next version for an audience, from a day on. Raises Forbidden, and Invalid for a
    day that is over or not after that of the version before. Flushes, the caller commits."""
    _refuse_unless_administrator(by)
    if from_on < today():
        raise Invalid("Enter today or a day that is to come", field="from_on")
    last, number = _last(audience)
    if last is not None and from_on <= last:
        raise Invalid("Enter a day after that of the version before", field="from_on")
    row = TermsVersion(
        audience=audience,
        number=number + 1,
        from_on=from_on,
        words=words,
        changed=changed,
        by_id=by.user_id,
    )
    db.session.add(row)
    db.session.flush()
    said = f"published version {row.number} of the terms of use: {audience.label}"
    audit.note(row, "published", said, by=by)
    return row


def _last(audience: TermsAudience) -> tuple[date | None, int]:
    found = select(func.max(TermsVersion.from_on), func.max(TermsVersion.number)).where(
        TermsVersion.audience == audience
    )
    day, number = db.session.execute(found).one()
    return day, number or 0


def withdraw(*, version: TermsVersion, by: Actor) -> None:
    """Take back a version whose day has not come; raises Forbidden, and Conflict for one that holds
    or held: somebody may have accepted it."""
    _refuse_unless_administrator(by)
    if version.from_on <= today():
        raise Conflict("Its day has come: publish the next version instead.")
    said = f"withdrew version {version.number} of the terms of use: {version.audience.label}"
    audit.note(version, "withdrawn", said, by=by)
    db.session.delete(version)
    db.session.flush()


def accept(*, version: TermsVersion, by: Actor) -> None:
    """Keep that a person accepted the version that they read, and on which day; once, however often
    it is sent. Raises Conflict where another version holds for whom they act by now."""
    audience = queries.audience_of(by)
    holds = queries.in_force(audience, today()) if audience else None
    if holds is None or holds.id != version.id:
        raise Conflict("Other terms hold for you by now. Read them here.")
    row = {"user_id": by.user_id, "terms_version_id": version.id, "at": now()}
    db.session.execute(insert_into(TermsAcceptance).values(row).on_conflict_do_nothing())


def _refuse_unless_administrator(by: Actor) -> None:
    if not can_administer(by):
        raise Forbidden("Administrators publish the terms of use.")
