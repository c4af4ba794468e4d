"""What somebody looked for in vain: kept, answered, or turned into a challenge."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.challenges import services as challenges
from portal.challenges.models import Challenge
from portal.challenges.services import Content
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import Term
from portal.search import outbox, policy
from portal.search.models import GapState, SearchGap
from portal.search.queries import gaps as queries

OUTDATED = "This search was dealt with after you opened it."


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """A search as it stood: the words, the filters in words, and its query string."""

    words: str
    filters: str
    asked: str


def report(*, missed: UnansweredSearch, note: str, by: Actor) -> SearchGap:
    """Keep what somebody did not find, and tell the HIN of their region.

    Of a stranger nothing is kept but the search and the note.
    """
    gap = SearchGap(
        words=missed.words,
        filters=missed.filters,
        asked=missed.asked,
        note=note,
        user_id=by.user_id,
        organisation_id=by.organisation_id,
        hin_id=queries.hin_id_of(by) if by.is_signed_in else None,
    )
    db.session.add(gap)
    db.session.flush()
    audit.note(gap, "reported", "said what they looked for and did not find", by=by)
    outbox.tell_gap(gap, by)
    return gap


def answer(*, gap: SearchGap, text: str, version: int | None, by: Actor) -> None:
    """Say what helps, or why nothing does yet; the person who looked is told if they signed in."""
    _require_open(gap, version, by)
    gap.answer, gap.state = text, GapState.ANSWERED
    _handled(gap, by)
    audit.note(gap, "answered", "answered it", by=by, changes=audit.changes_of(gap))
    _save()
    outbox.tell_answered(gap, by)


def turn_into_challenge(
    *, gap: SearchGap, title: str, terms: Sequence[Term], version: int | None, by: Actor
) -> Challenge:
    """Draft a challenge from a gap, link the two and return it; it stays a draft of the actor's
    own organisation until they open it."""
    _require_open(gap, version, by)
    content = Content(title=title, problem=gap.note, contact_name=by.name, terms=terms)
    challenge = challenges.draft(content=content, by=by)
    gap.challenge_id, gap.state = challenge.id, GapState.CHALLENGE
    _handled(gap, by)
    audit.note(gap, "turned", "began to write a challenge from it", by=by)
    _save()
    outbox.tell_turned(gap, by)
    return challenge


def _handled(gap: SearchGap, by: Actor) -> None:
    gap.handled_by_id, gap.handled_at = by.user_id, now()


def _require_open(gap: SearchGap, version: int | None, by: Actor) -> None:
    if not policy.can_handle(by, gap):
        raise Forbidden("HIN staff of the region and the national team deal with this.")
    lock(gap, seen=version)
    if gap.state is not GapState.OPEN:
        raise Invalid("This search was dealt with before.")


def _save() -> None:
    try:
        db.session.flush()
    except StaleDataError as stale:
        raise Conflict(OUTDATED) from stale
