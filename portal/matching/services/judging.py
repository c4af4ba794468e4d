"""Change what an organisation thinks of its matches. Private to it but for counts."""

from sqlalchemy import delete, select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges.models import Challenge, Readers
from portal.clock import now
from portal.db import db
from portal.errors import Invalid
from portal.matching import outbox
from portal.matching.models import Feedback, Rejection, Suggestion, UnmetNeed, Verdict
from portal.matching.queries.judging import own_unmet_need, rank_of

SAID = {
    Verdict.SHORTLISTED: "shortlisted a match",
    Verdict.REJECTED: "said that a match is not for them",
}


def shortlist(*, suggestion: Suggestion, by: Actor) -> None:
    """Put a suggestion on the shortlist of the actor's organisation."""
    _judge(suggestion, Verdict.SHORTLISTED, by=by)


def reject(*, suggestion: Suggestion, reason: Rejection, note: str, by: Actor) -> None:
    """Say that a suggestion is not for the actor's organisation, and why."""
    _judge(suggestion, Verdict.REJECTED, reason=reason, note=note, by=by)


def take_back(*, suggestion: Suggestion, by: Actor) -> None:
    """Forget what the actor's organisation thought of a suggestion."""
    row = _own(suggestion, by)
    if row is not None:
        db.session.execute(delete(Feedback).where(Feedback.id == row.id))
        _record(suggestion.challenge_id, "taken_back", "took a judgement back", by=by)
        db.session.flush()


def say_none_fits(*, challenge: Challenge, note: str, by: Actor) -> UnmetNeed:
    """Turn "none of these fit" into an unmet need; raises Invalid when one is open already."""
    if own_unmet_need(by, challenge) is not None:
        raise Invalid("You said before that none fits, and that is not closed yet.")
    unmet = UnmetNeed(
        challenge_id=challenge.id, organisation_id=by.organisation_id, note=note, by_id=by.user_id
    )
    db.session.add(unmet)
    db.session.flush()
    audit.record(
        "unmet_need.stated",
        noun="challenge",
        noun_id=challenge.id,
        summary="said that none of the matches fits",
        by=by,
        audience=Audience.STAFF,
    )
    outbox.tell_unmet(unmet)
    db.session.flush()
    return unmet


def close_unmet(*, unmet: UnmetNeed, note: str, by: Actor) -> None:
    """Close an unmet need and say what came of it; raises Invalid when it is closed already."""
    if unmet.closed_at is not None:
        raise Invalid("This unmet need was closed before.")
    unmet.closed_at, unmet.closed_by_id, unmet.closing_note = now(), by.user_id, note
    audit.record(
        "unmet_need.closed",
        noun="challenge",
        noun_id=unmet.challenge_id,
        summary="closed the unmet need",
        by=by,
        audience=Audience.STAFF,
    )
    db.session.flush()


def publish_unmet(*, unmet: UnmetNeed, words: str, by: Actor) -> None:
    """Put an unmet need on the public page of its system, in words of its own; raises Invalid where
    the challenge is not public, or the need is closed."""
    if unmet.closed_at is not None:
        raise Invalid("This unmet need was closed before.")
    if unmet.challenge.readers is not Readers.PUBLIC:
        raise Invalid("Publish the challenge first: the page of your system leads to it.")
    unmet.public_words, unmet.published_by_id = words, by.user_id
    unmet.published_at = unmet.published_at or now()
    _record_unmet(unmet, "published", "published the unmet need", by=by)


def unpublish_unmet(*, unmet: UnmetNeed, by: Actor) -> None:
    """Take an unmet need off the public page of its system; HINs still look out for it."""
    unmet.published_at, unmet.published_by_id, unmet.public_words = None, None, ""
    _record_unmet(unmet, "unpublished", "took the unmet need off the public page", by=by)


def _record_unmet(unmet: UnmetNeed, verb: str, said: str, *, by: Actor) -> None:
    audit.record(
        f"unmet_need.{verb}",
        noun="challenge",
        noun_id=unmet.challenge_id,
        summary=said,
        by=by,
        audience=Audience.STAFF,
    )
    db.session.flush()


def _own(suggestion: Suggestion, by: Actor) -> Feedback | None:
    return db.session.scalar(
        select(Feedback).where(
            Feedback.challenge_id == suggestion.challenge_id,
            Feedback.innovation_id == suggestion.innovation_id,
            Feedback.organisation_id == by.organisation_id,
        )
    )


def _judge(
    suggestion: Suggestion,
    verdict: Verdict,
    *,
    by: Actor,
    reason: Rejection | None = None,
    note: str = "",
) -> None:
    row = _own(suggestion, by) or Feedback(
        challenge_id=suggestion.challenge_id,
        innovation_id=suggestion.innovation_id,
        organisation_id=by.organisation_id,
    )
    row.verdict, row.reason, row.note = verdict, reason, note
    row.rank, row.at, row.by_id = rank_of(suggestion), now(), by.user_id
    db.session.add(row)
    _record(suggestion.challenge_id, verdict.value, SAID[verdict], by=by)
    db.session.flush()


def _record(challenge_id: int, verb: str, said: str, *, by: Actor) -> None:
    audit.record(
        f"match.{verb}",
        noun="challenge",
        noun_id=challenge_id,
        summary=said,
        by=by,
        audience=Audience.PRIVATE,
    )
