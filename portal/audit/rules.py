"""What a hash of the audit trail covers, byte for byte. Pure.

An event is the JSON object of `event_bytes`: keys sorted, no spaces, ASCII alone, the moment in UTC
with six digits of a second. It holds ids, the verb and the fingerprint of the words, and neither
names nor addresses: erasing a person changes nothing of it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

ADDRESS = re.compile(
    r"[^\s@<>(){}\[\]\"',;:“”]+@[^\s@<>(){}\[\]\"',;:“”]+\.[^\s@<>(){}\[\]\"',;:“”.]+"
)
NO_ADDRESS = "(an email address)"

START = "0" * 64
"""What stands before the first seal."""
MARK_DIGITS = 16


def without_addresses(value: Any) -> Any:
    """Return words, or a JSON value of them, without email addresses: the trail keeps none."""
    if isinstance(value, str):
        return ADDRESS.sub(NO_ADDRESS, value)
    if isinstance(value, dict):
        return {key: without_addresses(one) for key, one in value.items()}
    if isinstance(value, list):
        return [without_addresses(one) for one in value]
    return value


def canonical(value: Any) -> bytes:
    """Return a JSON value as the same bytes on every machine and database."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def words_hash(*, salt: str, actor_name: str, summary: str, changes: Mapping[str, Any]) -> str:
    """Return the fingerprint of an event's words."""
    return sha256(canonical([salt, actor_name, summary, changes]))


def moment(at: datetime) -> str:
    """Return a moment as the hash knows it: `2026-11-28T15:39:03.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_hash(event: Any) -> str:
    """Return the hash of one event (a row with the columns of `audit_event`)."""
    return sha256(event_bytes(event))


def event_bytes(event: Any) -> bytes:
    """Return the bytes of one event that are sealed."""
    return canonical(
        {
            "action": event.action,
            "actor": event.actor_id,
            "at": moment(event.at),
            "audience": event.audience.value,
            "id": event.id,
            "noun": event.noun,
            "noun_id": event.noun_id,
            "organisation": event.organisation_id,
            "words": event.words_hash,
        }
    )


def batch_digest(previous: str, hashes: Sequence[tuple[int, str]]) -> str:
    """Return the digest of a batch: of the digest before it and `[id, hash]` of its events."""
    return sha256(canonical([previous, [list(pair) for pair in hashes]]))


def marks(hashes: Sequence[tuple[int, str]]) -> list[list[Any]]:
    """Return what a seal keeps of each row, to name the one that differs."""
    return [[number, digest[:MARK_DIGITS]] for number, digest in hashes]


def signature(key: str, seal: Any) -> str:
    """Return the HMAC-SHA256 of a seal: only who has the key can make one."""
    said = [
        seal.first_id,
        seal.last_id,
        seal.count,
        moment(seal.sealed_at),
        seal.previous_digest,
        seal.digest,
    ]
    return hmac.new(key.encode(), canonical(said), hashlib.sha256).hexdigest()


def is_signed(key: str, seal: Any) -> bool:
    """Whether the seal's signature was made with the key."""
    return hmac.compare_digest(signature(key, seal), seal.signature)


def checkpoint(seal: Any) -> dict[str, Any]:
    """Return what the log is told of a seal: enough to see later that it is still there."""
    return {
        "seal": seal.id,
        "last_id": seal.last_id,
        "digest": seal.digest,
        "signature": seal.signature,
    }


CHECKPOINT = "audit checkpoint "
"""What the line of a checkpoint in the log has before its JSON."""


def checkpoints(lines: Sequence[str]) -> list[dict[str, Any]]:
    """Return the checkpoints among the lines of a log; raises ValueError for a broken one."""
    found = (line.partition(CHECKPOINT)[2] for line in lines if CHECKPOINT in line)
    return [json.loads(text) for text in found]
