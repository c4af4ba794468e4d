"""What the API knows by itself: cursors, and who might see what before it changed. Pure."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from typing import Any

from portal.accounts.models import Actor
from portal.challenges.models import ChallengeState, Readers
from portal.challenges.policy import can_post
from portal.db import MAX_ID
from portal.errors import Invalid
from portal.innovations.models import RecordStatus, Sharing
from portal.search.rules import STAFF, labels_of_reader, labels_of_record

MAX_PER_PAGE, PER_PAGE = 100, 50
MAX_CURSOR = 200
PUBLIC, REGISTERED, NHS = "challenge:public", "challenge:registered", "challenge:nhs"


def cursor_of(name: str, number: int) -> str:
    """Return where a list goes on, as a text that means nothing to whoever gets it."""
    said = json.dumps({name: number}, separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def number_at(cursor: str, name: str) -> int:
    """Return what `cursor_of` wrote, 0 for no cursor; raises Invalid for anything else."""
    if not cursor:
        return 0
    try:
        padded = cursor[:MAX_CURSOR] + "=" * (-len(cursor) % 4)
        said: Mapping[str, Any] = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        number = said[name]
    except (ValueError, KeyError, TypeError, binascii.Error):
        number = None
    if type(number) is not int or not 0 <= number <= MAX_ID:
        raise Invalid("Send a cursor as this list gave it", field="cursor")
    return number


# Who might see it ----------------------------------------------------------------------------


def labels_of_innovation(
    status: RecordStatus | None,
    sharing: Sharing,
    organisation_id: int,
    user_ids: Iterable[int | None],
    *,
    was_submitted: bool,
) -> frozenset[str]:
    """Return who may see a record, as `innovations.policy.can_see` says: a draft its own people, an
    archived one staff too; nobody before it is there (`status` None)."""
    if status is None:
        return frozenset()
    every = labels_of_record(sharing, organisation_id, user_ids)
    if status is RecordStatus.SUBMITTED:
        return every
    own = frozenset(label for label in every if ":" in label)
    return own | {STAFF} if status is RecordStatus.ARCHIVED and was_submitted else own


def labels_of_challenge(
    state: ChallengeState | None, readers: Readers, organisation_id: int
) -> frozenset[str]:
    """Return who may see a challenge, as `challenges.policy.can_see` says."""
    if state is None:
        return frozenset()
    own = {f"challenge:organisation:{organisation_id}"}
    if state is ChallengeState.DRAFT:
        return frozenset(own)
    wider = {Readers.PUBLIC: {PUBLIC, REGISTERED}, Readers.REGISTERED: {REGISTERED}}
    return frozenset(own | {NHS} | wider.get(readers, set()))


def labels_of(actor: Actor) -> frozenset[str]:
    """Return the labels of which a record or a challenge needs one, for this reader to see it."""
    labels = {*labels_of_reader(actor), PUBLIC}
    if actor.is_signed_in:
        labels.add(REGISTERED)
    if can_post(actor):
        labels |= {NHS, f"challenge:organisation:{actor.organisation_id}"}
    return frozenset(labels)
