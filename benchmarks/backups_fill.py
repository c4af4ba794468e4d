"""Fill a portal for `benchmarks.backups` with made-up records and files."""

import os
import secrets
import sys

from sqlalchemy import insert, select

from benchmarks.backups import FILE_BYTES
from portal import create_app
from portal.accounts.models import Organisation, OrganisationKind
from portal.clock import now
from portal.db import db
from portal.files import put
from portal.innovations.models import EvidenceFile, Innovation, RecordStatus, Sharing
from portal.reference.models import Hin, Ics, Term, Vocabulary

WORDS = "Helps people to live well at home with a long-term condition, and staff to see who waits. "
AT_ONCE = 1000


def main() -> None:
    """Write the records, and a file for every tenth."""
    with create_app().app_context():
        common = _common()
        for first in range(1, int(sys.argv[1]) + 1, AT_ONCE):
            _write(range(first, first + AT_ONCE), common)
            db.session.commit()


def _common() -> dict[str, object]:
    maker = Organisation(name="Measured Ltd", kind=OrganisationKind.COMPANY)
    db.session.add(maker)
    db.session.flush()
    stage = select(Term.id).where(Term.vocabulary == Vocabulary.DEVELOPMENT_STAGE).limit(1)
    return {
        "organisation_id": maker.id,
        "ics_id": db.session.scalar(select(Ics.id).limit(1)),
        "stage_id": db.session.scalar(stage),
        "status": RecordStatus.SUBMITTED,
        "sharing": Sharing.HINS,
        "hin_id": db.session.scalar(select(Hin.id).limit(1)),
        "summary": WORDS,
        "need": WORDS * 8,
        "submitted_at": now(),
    }


def _write(numbers: range, common: dict[str, object]) -> None:
    rows = [{"id": n, "name": f"Record {n}", **common} for n in numbers]
    db.session.execute(insert(Innovation), rows)
    for n in numbers[::10]:
        stored = put(os.urandom(FILE_BYTES), room=EvidenceFile.kept_in)
        kept = {"name": f"{secrets.token_hex(4)}.pdf", "media_type": "application/pdf"}
        whole = {"stored": stored, "size": FILE_BYTES, "is_scanned": False, **kept}
        db.session.add(EvidenceFile(innovation_id=n, **whole))


if __name__ == "__main__":
    main()
