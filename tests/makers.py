"""Make rows for tests: every argument has a believable default, every row is flushed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

from sqlalchemy import select

from portal.accounts.models import (
    SYSTEM,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from portal.challenges.models import Challenge, ChallengeState
from portal.clock import now, today
from portal.db import Base, db
from portal.innovations import outbox
from portal.innovations.models import (
    Collaborator,
    Evidence,
    EvidenceFile,
    Innovation,
    RecordStatus,
    Sharing,
    StageChange,
    StatusChange,
)
from portal.reference.models import Hin, Ics, Term, Vocabulary

T = TypeVar("T", bound=Base)
AT_ONCE = "put-at-once"


def put(row: T) -> T:
    """Add a row of any kind and flush it."""
    db.session.add(row)
    if AT_ONCE not in db.session.info:
        db.session.flush()
    return row


@contextmanager
def at_once() -> Iterator[None]:
    """Flush what is put inside together, at its end: a flush for each row is most of the time."""
    db.session.info[AT_ONCE] = True
    with db.session.no_autoflush:
        yield
    del db.session.info[AT_ONCE]
    db.session.flush()


def ics(code: str = "QWU") -> Ics:
    """An integrated care system of the reference data."""
    return db.session.scalars(select(Ics).where(Ics.code == code)).one()


def hin(code: str = "HI-WM") -> Hin:
    """A Health Innovation Network of the reference data."""
    return db.session.scalars(select(Hin).where(Hin.code == code)).one()


def term(vocabulary: Vocabulary, code: str) -> Term:
    """A term of the reference data."""
    found = select(Term).where(Term.vocabulary == vocabulary, Term.code == code)
    return db.session.scalars(found).one()


def user(name: str = "Pat Example", **values: Any) -> User:
    """A confirmed person; their address is made from the name."""
    email = values.pop("email", f"{name.lower().replace(' ', '.')}@example.org")
    return put(
        User(
            **{
                "name": name,
                "email": email,
                "fs_uniquifier": secrets.token_hex(16),
                "confirmed_at": now(),
                **values,
            }
        )
    )


def organisation(
    name: str = "Example Company",
    *,
    kind: OrganisationKind = OrganisationKind.COMPANY,
    ics: Ics | None = None,
    **values: Any,
) -> Organisation:
    """An organisation of any kind."""
    return put(Organisation(name=name, kind=kind, ics=ics, **values))


def membership(
    user: User, organisation: Organisation, role: Role = Role.INNOVATOR, **values: Any
) -> Membership:
    """An active membership."""
    return put(Membership(user=user, organisation=organisation, role=role, **values))


def innovation(
    name: str = "Breathe Easy", *, of: Any, opens: bool = True, **values: Any
) -> Innovation:
    """A submitted record of the organisation that `of` (a Person) acts for; with `opens` its
    submission opens an engagement of its HIN."""
    stage = values.pop("stage", None) or term(Vocabulary.DEVELOPMENT_STAGE, "READY")
    status = values.get("status", RecordStatus.SUBMITTED)
    row = put(
        Innovation(
            **{
                "name": name,
                "summary": "Helps people to live well with a long-term condition.",
                "need": "People wait too long for help.",
                "organisation": of.organisation,
                "owner": of.user,
                "status": status,
                "sharing": Sharing.HINS,
                "submitted_at": now() if status is not RecordStatus.DRAFT else None,
                "ics": of.organisation.ics,
                "hin": hin(),
                "stage": stage,
                **values,
            }
        )
    )
    db.session.add(StatusChange(innovation_id=row.id, status=status, by_id=of.user.id))
    put(StageChange(innovation_id=row.id, stage=stage, by_id=of.user.id))
    if status is RecordStatus.SUBMITTED and opens:
        outbox.submitted.send(row, at=row.submitted_at, is_first=True)
        db.session.flush()
    return row


def evidence(title: str = "A year of use", *, of: Innovation, **values: Any) -> Evidence:
    """A submitted piece of evidence of a record."""
    kind = values.pop("kind", None) or term(Vocabulary.EVIDENCE_KIND, "REAL_WORLD")
    return put(Evidence(innovation_id=of.id, title=title, kind=kind, **values))


def evidence_file(name: str = "costs.csv", *, of: Innovation, **values: Any) -> EvidenceFile:
    """A kept file of a record: of its submitted `evidence`, or of a draft where none is named."""
    row = EvidenceFile.received(BytesIO(b"name,cost"), name, by=SYSTEM)
    row.innovation_id = of.id
    for column, value in values.items():
        setattr(row, column, value)
    return put(row)


def proven(innovation: Innovation, *, days: int = 365) -> Innovation:
    """Make a record count as proven for so many days from today (negative: lapsed)."""
    innovation.is_proven_until = today() + timedelta(days=days)
    db.session.flush()
    return innovation


def challenge(title: str = "Too many falls in care homes", *, of: Any, **values: Any) -> Challenge:
    """An open challenge of the organisation that `of` (a Person) acts for."""
    return put(
        Challenge(
            **{
                "title": title,
                "problem": "Residents fall and nobody knows why.",
                "organisation": of.organisation,
                "author": of.user,
                "state": ChallengeState.OPEN,
                "opened_at": now(),
                **values,
            }
        )
    )


def collaborator(innovation: Innovation, person: User) -> Collaborator:
    """Somebody of another organisation whom the owner lets edit the record."""
    return put(Collaborator(innovation_id=innovation.id, user=person))


def term_of_support(code: str = "EVIDENCE") -> Term:
    """A kind of support."""
    return term(Vocabulary.SUPPORT_KIND, code)
