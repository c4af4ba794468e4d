"""Read the files of evidence: one door, and what the nightly sweep must keep."""

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.db import db
from portal.errors import NotFound
from portal.innovations.models import EvidenceFile, Innovation
from portal.innovations.policy import can_read_file


def evidence_file_for(actor: Actor, innovation: Innovation, file_id: int) -> EvidenceFile:
    """Return a file of the record, which the actor may see, if they may read it; raises NotFound
    otherwise."""
    row = db.session.get(EvidenceFile, file_id)
    is_its = row is not None and row.innovation_id == innovation.id
    if row is None or not is_its or not can_read_file(actor, innovation, row):
        raise NotFound("This record has no such file.")
    return row


def evidence_files() -> frozenset[str]:
    """Return the names under which the files of all evidence are kept."""
    return frozenset(db.session.scalars(select(EvidenceFile.stored)))
