"""Read what proves an innovation: validations, standards and verifications."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    StandardHeld,
)
from portal.innovations.queries.standing import with_standing
from portal.proof.models import Validation
from portal.proof.rules.proven import Facts
from portal.reference.models import Hin


def validations(innovation_id: int) -> Sequence[Validation]:
    """Return the real-world validations of a record, newest first."""
    return db.session.scalars(
        select(Validation)
        .where(Validation.innovation_id == innovation_id)
        .options(
            joinedload(Validation.hin),
            joinedload(Validation.organisation),
            joinedload(Validation.care_setting),
        )
        .order_by(Validation.created_at.desc(), Validation.id.desc())
    ).all()


def validation_for(innovation_id: int, validation_id: int) -> Validation:
    """Return one validation of this record; raises NotFound for another record's."""
    found = db.session.get(Validation, validation_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such real-world validation on this innovation.")
    return found


def facts(innovation: Innovation, on: date) -> Facts:
    """Return what the rules of proven look at, with every row loaded."""
    return Facts(with_standing(innovation), validations(innovation.id), on)


def verifications(innovation_id: int) -> Sequence[ProvenStatus]:
    """Return every verification of a record as proven, newest first, withdrawn ones too."""
    rows = db.session.scalars(
        select(ProvenStatus)
        .where(ProvenStatus.innovation_id == innovation_id)
        .options(
            joinedload(ProvenStatus.hin).joinedload(Hin.names),
            joinedload(ProvenStatus.verified_by),
        )
        .order_by(ProvenStatus.verified_at.desc(), ProvenStatus.id.desc())
    )
    return rows.unique().all()


def standard_for(innovation_id: int, standard_id: int) -> StandardHeld:
    """Return what the record says of a standard; raises NotFound for another record's."""
    found = db.session.get(StandardHeld, standard_id)
    if found is None or found.innovation_id != innovation_id:
        raise NotFound("There is no such standard on this innovation.")
    return found
