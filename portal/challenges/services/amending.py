"""Amendments of a published call: numbered, with what was before, told to all who follow it."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.accounts.models import Actor
from portal.challenges.models import Call, CallAmendment, Challenge, Readers
from portal.challenges.outbox.calls import tell_amended
from portal.challenges.queries.calls import published_of
from portal.challenges.rules import LABELS
from portal.clock import now
from portal.db import db
from portal.errors import Invalid

TOLD = ("title", "problem", "who_affected", "how_many", "tried", "outcome_wanted", "must_haves")
"""What of a challenge its call asks by: a change of it is an amendment."""
CHANGED = "The challenge was changed."


def add_amendment(
    call: Call, changes: Mapping[str, Sequence[str]], why: str, *, by: Actor
) -> CallAmendment:
    """Number an amendment, keep it and tell of it."""
    row = CallAmendment(
        call_id=call.id,
        number=len(call.amendments) + 1,
        why=why,
        changes={name: list(pair) for name, pair in changes.items()},
        at=now(),
        by_id=by.user_id,
    )
    call.amendments.append(row)
    db.session.flush()
    tell_amended(call, row)
    return row


def refuse_hiding(challenge: Challenge, readers: Readers) -> None:
    """Raise Invalid where a challenge with a published call would be shown to fewer."""
    if readers is not Readers.PUBLIC and published_of(challenge.id) is not None:
        raise Invalid("Its call is published: anyone reads it", field="readers")


def amend_by_edit(challenge: Challenge, changes: Mapping[str, list[Any]], *, by: Actor) -> bool:
    """Make an amendment of what was changed in a challenge whose call runs; returns whether it
    is one, of which all who follow are told."""
    told = {
        LABELS[name]: [str(value or "None") for value in changes[name]]
        for name in TOLD
        if name in changes
    }
    call = published_of(challenge.id) if told else None
    if call is None or call.result is not None:
        return False
    add_amendment(call, told, CHANGED, by=by)
    return True
