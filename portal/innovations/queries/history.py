"""The dated rows of one record, oldest first."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.innovations.models import (
    Innovation,
    ProvenStatus,
    RecordStatus,
    SharingChange,
    StageChange,
    StatusChange,
)

Dated = TypeVar("Dated", StatusChange, SharingChange, StageChange)


def archived(innovation: Innovation) -> StatusChange | None:
    """Return when and why the record was archived, if it is now."""
    if innovation.status is not RecordStatus.ARCHIVED:
        return None
    return db.session.scalar(
        select(StatusChange)
        .where(
            StatusChange.innovation_id == innovation.id,
            StatusChange.status == RecordStatus.ARCHIVED,
        )
        .order_by(StatusChange.at.desc(), StatusChange.id.desc())
        .limit(1)
    )


def changes(model: type[Dated], innovation: Innovation) -> Sequence[Dated]:
    """Return the record's rows of `model`."""
    return db.session.scalars(
        select(model).where(model.innovation_id == innovation.id).order_by(model.at, model.id)
    ).all()


def verifications(innovation: Innovation) -> Sequence[ProvenStatus]:
    """Return when HIN staff verified it as proven, withdrawn ones too."""
    return db.session.scalars(
        select(ProvenStatus)
        .options(joinedload(ProvenStatus.hin))
        .where(ProvenStatus.innovation_id == innovation.id)
        .order_by(ProvenStatus.verified_at, ProvenStatus.id)
    ).all()
