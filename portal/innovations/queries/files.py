"""Read the files of evidence: one door."""

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
