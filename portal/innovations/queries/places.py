"""Which HIN looks at a record first."""

from sqlalchemy import select

from portal.db import db
from portal.reference.models import Hin, Ics
from portal.reference.queries import lead_hin


def suggested_hin(ics_code: str | None) -> Hin | None:
    """Return the HIN that leads today in the ICS with this code; None without one."""
    ics = db.session.scalar(select(Ics).where(Ics.code == ics_code)) if ics_code else None
    return lead_hin(ics.id) if ics else None
