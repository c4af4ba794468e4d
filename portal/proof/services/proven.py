"""Verify a record as proven against the coded rules, and withdraw it."""

from collections.abc import Iterable
from datetime import date, datetime

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.db import db, now
from portal.errors import Conflict, Forbidden, Invalid
from portal.innovations.models import Innovation, ProvenStatus
from portal.proof.policy import can_verify
from portal.proof.queries import facts, verifications
from portal.proof.rules.proven import (
    RENEWAL_MONTHS,
    RENEWAL_MONTHS_MAX,
    Finding,
    missing,
    proven_findings,
)
from portal.support import outbox, queries
from portal.support.rules import months_after
from portal.support.services.moves import day_of


class NotProven(Invalid):
    """The rules that are not met stand in `missing`."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.missing = list(findings)
        rules = "; ".join(f"{finding.rule} ({finding.because})" for finding in self.missing)
        super().__init__(f"It cannot be verified as proven yet. Missing: {rules}")


def verify_proven(
    *,
    innovation: Innovation,
    by: Actor,
    valid_until: date | None = None,
    at: datetime | None = None,
) -> ProvenStatus:
    """Verify the record as proven until a day, 24 months on unless told, 36 at most.

    Raises Forbidden unless the actor's HIN is engaging with it, NotProven with what is missing,
    Invalid for a renewal day outside the limits.
    """
    at = at or now()
    _refuse_unless_engaging(innovation, by)
    today = day_of(at)
    findings = proven_findings(facts(innovation, today))
    if gaps := missing(findings):
        raise NotProven(gaps)
    valid_until = valid_until or months_after(today, RENEWAL_MONTHS)
    if not today < valid_until <= months_after(today, RENEWAL_MONTHS_MAX):
        raise Invalid(
            f"The renewal day must be in the future and within {RENEWAL_MONTHS_MAX} months",
            field="valid_until",
        )
    row = ProvenStatus(
        innovation_id=innovation.id,
        hin_id=by.hin_id,
        verified_by_id=by.user_id,
        verified_at=at,
        valid_until=valid_until,
        findings=[finding.as_row() for finding in findings],
    )
    db.session.add(row)
    _hold(innovation, valid_until, "proven.verified", "verified it as proven", by=by, at=at)
    outbox.tell_owners("proven", innovation, at=at, page="proven", until=valid_until, by=by)
    return row


def withdraw_proven(
    *, innovation: Innovation, why: str, by: Actor, at: datetime | None = None
) -> list[ProvenStatus]:
    """Take back every verification that still stands, with the reason told to the owner.

    Raises Forbidden unless the actor's HIN is engaging with it, Conflict when none stands.
    """
    at = at or now()
    _refuse_unless_engaging(innovation, by)
    standing = [row for row in verifications(innovation.id) if row.withdrawn_at is None]
    if not standing or innovation.is_proven_until is None:
        raise Conflict("It does not count as proven now: somebody withdrew it before you.")
    for row in standing:
        row.withdrawn_at, row.withdrawn_by_id, row.withdrawn_why = at, by.user_id, why
    _hold(innovation, None, "proven.withdrawn", f"withdrew proven: {why}", by=by, at=at)
    outbox.tell_owners("proven_withdrawn", innovation, at=at, page="proven", why=why, by=by)
    return standing


def _refuse_unless_engaging(innovation: Innovation, by: Actor) -> None:
    if not can_verify(by, queries.engagements(innovation.id)):
        raise Forbidden("Only staff of a network that is engaging with it decide what is proven.")


def _hold(
    innovation: Innovation,
    until: date | None,
    action: str,
    summary: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    before, innovation.is_proven_until = innovation.is_proven_until, until
    innovation.changed_at = at
    db.session.flush()
    outbox.note(
        action,
        innovation,
        summary,
        by=by,
        at=at,
        changes={"is_proven_until": [before, until]},
        audience=Audience.EVERYONE,
    )
