"""Log what a program sends once, however often it sends it: its first answer may have got lost."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select, update

from portal.accounts.models import Actor
from portal.api.models import ApiRequest
from portal.clock import now
from portal.db import db, insert_into
from portal.errors import Conflict
from portal.support.models import Engagement, Interaction
from portal.support.services.interactions import InteractionDetails, log


def log_once(
    *,
    engagements: Sequence[Engagement],
    details: InteractionDetails,
    by: Actor,
    key: str,
    content: bytes,
) -> Interaction:
    """Log an interaction, or return what the same token logged under this key before; "" is no key.

    The key is used up in the transaction that logs: of two requests at once the second waits here.
    Raises Conflict when the key was used for something else, and as `log` does.
    """
    if not key:
        return log(engagements=engagements, details=details, by=by)
    key_hash = sha256(f"{by.token_id}\n{key}".encode()).hexdigest()
    content_hash = sha256(content).hexdigest()
    row = {"key_hash": key_hash, "content_hash": content_hash, "at": now()}
    used = insert_into(ApiRequest).values(row).on_conflict_do_nothing()
    if db.session.scalar(used.returning(ApiRequest.key_hash)) is None:
        return _made_before(key_hash, content_hash)
    logged = log(engagements=engagements, details=details, by=by)
    db.session.execute(
        update(ApiRequest).where(ApiRequest.key_hash == key_hash).values(made_id=logged.id)
    )
    return logged


def _made_before(key_hash: str, content_hash: str) -> Interaction:
    row = db.session.scalars(select(ApiRequest).where(ApiRequest.key_hash == key_hash)).one()
    made = db.session.get(Interaction, row.made_id) if row.made_id else None
    if row.content_hash != content_hash or made is None:
        raise Conflict("This Idempotency-Key was used for something else.")
    return made
