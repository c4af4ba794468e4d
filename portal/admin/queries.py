"""Read what administrators look after."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from portal.accounts.models import Actor
from portal.admin.policy import can_administer
from portal.audit.models import AuditEvent
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.jobs import Job, JobState
from portal.reference.models import Term, Vocabulary


def administrator(actor: Actor) -> Actor:
    """Return the actor; raises Forbidden when they are not an administrator. The only door."""
    if not can_administer(actor):
        raise Forbidden("Only administrators may open this page.")
    return actor


def vocabularies() -> list[tuple[Vocabulary, int]]:
    """Return every vocabulary with how many terms it has."""
    rows = db.session.execute(
        select(Term.vocabulary, func.count().label("total")).group_by(Term.vocabulary)
    )
    counts = {row.vocabulary: row.total for row in rows}
    return [(vocabulary, counts.get(vocabulary, 0)) for vocabulary in Vocabulary]


def terms(vocabulary: Vocabulary) -> Sequence[Term]:
    """Return all terms of a vocabulary, retired ones too, in order."""
    return db.session.scalars(
        select(Term).where(Term.vocabulary == vocabulary).order_by(Term.position, Term.id)
    ).all()


def term(term_id: int) -> Term:
    """Return one term; raises NotFound."""
    found = db.session.get(Term, term_id)
    if found is None:
        raise NotFound("There is no such term.")
    return found


def audit_log(words: str) -> Select[AuditEvent]:
    """Return the newest events first; with words, those whose person, organisation or action
    contains them."""
    found = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if words:
        columns = (AuditEvent.actor_name, AuditEvent.organisation_name, AuditEvent.action)
        matches = [column.icontains(words, autoescape=True) for column in columns]
        found = found.where(matches[0] | matches[1] | matches[2])
    return found


def jobs() -> Select[Job]:
    """Return the jobs, newest first."""
    return select(Job).order_by(Job.id.desc())


def job_counts() -> dict[JobState, int]:
    """Return how many jobs stand in each state."""
    rows = db.session.execute(select(Job.state, func.count().label("total")).group_by(Job.state))
    return dict.fromkeys(JobState, 0) | {row.state: row.total for row in rows}
