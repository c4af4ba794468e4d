"""Keep the files of the open data, in the place of those that were there."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select

from portal.clock import now
from portal.db import db
from portal.exports.models import OpenDataFile
from portal.exports.rules import OPEN_DATA
from portal.files import put, remove


@dataclass(frozen=True, slots=True)
class Content:
    """One file, to be kept."""

    name: str
    media_type: str
    data: bytes


def publish(contents: Sequence[Content]) -> int:
    """Keep these files and no others; returns how many changed. What was there before is deleted
    by the nightly clearing: somebody may be reading it."""
    known = {one.name: one for one in db.session.scalars(select(OpenDataFile))}
    for name in known.keys() - {one.name for one in contents}:
        remove(known[name].stored, room=OPEN_DATA)
        db.session.delete(known[name])
    changed = sum(_keep(one, known.get(one.name)) for one in contents)
    db.session.flush()
    return changed


def _keep(one: Content, row: OpenDataFile | None) -> bool:
    digest = sha256(one.data).hexdigest()
    if row is not None and row.digest == digest:
        row.at = now()
        return False
    row = row or OpenDataFile(name=one.name)
    row.media_type, row.digest, row.at = one.media_type, digest, now()
    row.stored, row.size = put(one.data, room=OPEN_DATA), len(one.data)
    db.session.add(row)
    return True
