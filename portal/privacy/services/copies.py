"""Keep a copy of everything held about a person until it is fetched."""

from portal.accounts.models import Actor, User
from portal.accounts.services import trail
from portal.db import db
from portal.errors import Forbidden
from portal.files import put
from portal.jobs import Job, enqueue
from portal.privacy.models import DataCopy
from portal.privacy.outbox import tell_copy_ready
from portal.privacy.policy import can_copy
from portal.privacy.rules import COPIES

TASK = "privacy.copy"


def ask_for_copy(*, user: User, by: Actor) -> Job:
    """Queue the making of a copy, once; raises Forbidden for anybody but the person and
    administrators."""
    if not can_copy(by, user):
        raise Forbidden("Only the person and administrators may have what is held about somebody.")
    trail.of_user("copy_asked", user, "asked for everything held about the person", by=by)
    job = enqueue(TASK, key=f"{TASK}:{user.id}", user_id=user.id, asked_by_id=by.user_id)
    db.session.flush()
    return job


def keep_copy(*, user: User, data: bytes, asked_by: User | None, days: int) -> DataCopy:
    """Keep the file of a copy, and tell who asked for it where it is."""
    copy = DataCopy(
        user_id=user.id,
        made_by_id=asked_by.id if asked_by else None,
        stored=put(data, room=COPIES),
        size=len(data),
    )
    db.session.add(copy)
    if asked_by is not None and asked_by.id == user.id:
        tell_copy_ready(asked_by, days=days)
    db.session.flush()
    return copy
