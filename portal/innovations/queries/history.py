"""The dated rows of one record, oldest first."""

from collections.abc import Sequence
from datetime import date
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
from portal.innovations.rules.on_day import stands_on
from portal.reference.models import Hin

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


def standing_verification(innovation: Innovation, on: date) -> ProvenStatus | None:
    """Return the verification that makes the record count as proven on a day: the newest."""
    standing = [row for row in verifications(innovation) if stands_on(row, on)]
    return standing[-1] if standing else None


def verifications(innovation: Innovation) -> Sequence[ProvenStatus]:
    """Return when HIN staff verified it as proven, withdrawn ones too."""
    rows = db.session.scalars(
        select(ProvenStatus)
        .options(joinedload(ProvenStatus.hin).joinedload(Hin.names))
        .where(ProvenStatus.innovation_id == innovation.id)
        .order_by(ProvenStatus.verified_at, ProvenStatus.id)
    )
    return rows.unique().all()
