"""Read what administrators look after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from portal.accounts.models import Actor, Organisation, User
from portal.admin.policy import can_administer
from portal.admin.rules import PERIODS, subject_words
from portal.audit.models import AuditEvent
from portal.challenges.models import Challenge
from portal.challenges.queries import visible_to as challenges_seen
from portal.clock import begin_of, today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import visible_to as innovations_seen
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
    return db.session.scalars(listed_terms(vocabulary)).all()


def listed_terms(vocabulary: Vocabulary, words: str = "") -> Select[Term]:
    """Select them; with words, those whose label, group or code contains them."""
    found = select(Term).where(Term.vocabulary == vocabulary)
    if words:
        columns = (Term.label, Term.group, Term.code)
        found = found.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return found.order_by(Term.position, Term.id)


def terms_before(term: Term) -> int:
    """Return how many terms of its vocabulary stand before a term."""
    before = (Term.position < term.position) | (
        (Term.position == term.position) & (Term.id < term.id)
    )
    of = select(func.count()).select_from(Term).where(Term.vocabulary == term.vocabulary, before)
    return db.session.scalar(of) or 0


def term(term_id: int) -> Term:
    """Return one term; raises NotFound."""
    found = db.session.get(Term, term_id)
    if found is None:
        raise NotFound("There is no such term.")
    return found


def audit_log(
    words: str = "", nouns: Sequence[str] = (), periods: Sequence[str] = ()
) -> Select[AuditEvent]:
    """Return the newest events first, narrowed to kinds of records and to periods (`rules.PERIODS`,
    the longest counts); with words, those whose person, organisation or action contains them."""
    found = select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    if words:
        columns = (AuditEvent.actor_name, AuditEvent.organisation_name, AuditEvent.action)
        typed = [column.icontains(words, autoescape=True) for column in columns]
        said = AuditEvent.action.icontains(words.replace(" ", "_"), autoescape=True)
        found = found.where(or_(*typed, said))
    if nouns:
        found = found.where(AuditEvent.noun.in_(nouns))
    if periods:
        days = max(PERIODS[code][1] for code in periods)
        found = found.where(AuditEvent.at >= begin_of(today() - timedelta(days=days)))
    return found


def audit_nouns() -> Sequence[str]:
    """Return the kinds of records that the trail tells of."""
    return db.session.scalars(select(AuditEvent.noun).distinct().order_by(AuditEvent.noun)).all()


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that an event is about, as far as the reader may know it."""

    name: str
    address: str = ""
    """Its page; empty where it has none that the reader may open."""


Key = tuple[str, int]


def subjects(actor: Actor, events: Iterable[AuditEvent]) -> dict[Key, Subject]:
    """Return what events are about, by noun and number: with names and pages where the actor may
    see the record, else its kind and number."""
    keys = {(event.noun, event.noun_id) for event in events}
    found = {key: Subject(subject_words(*key)) for key in keys}
    for noun, (model, name, address, seen) in _named(actor).items():
        ids = [number for kind, number in keys if kind == noun]
        rows = db.session.execute(select(model.id, name).where(model.id.in_(ids), seen))
        for number, label in rows if ids else ():
            found[noun, number] = Subject(label, address.format(number))
    return found


def _named(actor: Actor) -> dict[str, tuple[Any, Any, str, ColumnElement[bool]]]:
    """Return for each noun with pages: its table, its name, its address, and who may see it."""
    return {
        "innovation": (Innovation, Innovation.name, "/innovations/{}", innovations_seen(actor)),
        "challenge": (Challenge, Challenge.title, "/challenges/{}", challenges_seen(actor)),
        "organisation": (Organisation, Organisation.name, "/admin/organisations/{}", true()),
        "user": (User, User.name, "/admin/people/{}", true()),
        "term": (Term, Term.label, "/admin/terms/edit/{}", true()),
    }


def jobs(states: Sequence[str] = (), kinds: Sequence[str] = ()) -> Select[Job]:
    """Return the jobs, newest first, narrowed to states and kinds."""
    found = select(Job).order_by(Job.id.desc())
    if states:
        found = found.where(Job.state.in_([JobState(state) for state in states]))
    return found.where(Job.kind.in_(kinds)) if kinds else found


def job_kinds() -> Sequence[str]:
    """Return the kinds of jobs that there were."""
    return db.session.scalars(select(Job.kind).distinct().order_by(Job.kind)).all()


def job(job_id: int) -> Job:
    """Return one job; raises NotFound."""
    found = db.session.get(Job, job_id)
    if found is None:
        raise NotFound("There is no such job.")
    return found


def job_counts() -> dict[JobState, int]:
    """Return how many jobs stand in each state."""
    rows = db.session.execute(select(Job.state, func.count().label("total")).group_by(Job.state))
    return dict.fromkeys(JobState, 0) | {row.state: row.total for row in rows}
