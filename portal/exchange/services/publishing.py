"""The life of content: to review, published by a second person, renewed, taken back, retired."""

from collections.abc import Callable, Mapping
from datetime import datetime

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now, today
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.exchange import policy
from portal.exchange.models import ContentItem, ContentState
from portal.exchange.rules.content import held_words, missing
from portal.exchange.rules.writing import from_json
from portal.exchange.services.writing import REVIEW_AFTER, apply, note, who_changed
from portal.jobs import enqueue

RELATE = "exchange.relate"
"""The job that finds which items are like which."""
TELL_FOLLOWERS = "exchange.tell_followers"
"""The job that tells who follows a kind, topic or area of what is new."""


def move(
    *,
    item: ContentItem,
    version: int,
    name: str,
    by: Actor,
    words: str = "",
    at: datetime | None = None,
) -> None:
    """Do one of `policy.MOVES`; `words` are why it is given back or retired, `at` is from when on
    everybody reads it (None: at once).

    Raises Forbidden, Invalid for what is missing or held, Outdated.
    """
    lock(item, seen=version, words=lambda: who_changed(item))
    expect_move(item, name, by=by)
    step = _STEPS[name](item, by, words, at)
    db.session.flush()
    note(item, step, by=by, words=words)
    audit.note(item, name, f"{step}: “{item.title}”", by=by)


def expect_move(item: ContentItem, name: str, *, by: Actor) -> None:
    """Raise Forbidden, with why, where the actor cannot do this with the item as it stands."""
    if name not in policy.moves(by, item):
        raise Forbidden(_why_not(item, name, by))


def _why_not(item: ContentItem, name: str, by: Actor) -> str:
    if name in policy.SECOND_PERSON and policy.can_edit(by, item):
        return "A second person publishes it: you wrote it, or sent it to review."
    return "This cannot be done with it now."


def _expect_right(item: ContentItem) -> None:
    """Refuse an item that misses something, or says what leads to a person."""
    problems = [*missing(item), *held_words(item)]
    if problems:
        raise Invalid(". ".join(problems))


def _send(item: ContentItem, by: Actor, _words: str, _at: datetime | None) -> str:
    _expect_right(item)
    item.state, item.sent_by_id, item.returned_why = ContentState.REVIEW, by.user_id, ""
    return "sent to review"


def _return(item: ContentItem, _by: Actor, words: str, _at: datetime | None) -> str:
    if not words:
        raise Invalid("Enter what should change", field="words")
    item.state, item.returned_why = ContentState.DRAFT, words
    return "given back"


def _publish(item: ContentItem, by: Actor, _words: str, at: datetime | None) -> str:
    _expect_right(item)
    if at is not None and at < now():
        raise Invalid("Enter a day that is to come, or none", field="day")
    item.state = ContentState.PUBLISHED
    item.published_at, item.published_by_id = at or now(), by.user_id
    if item.review_on is None or item.review_on <= today():
        item.review_on = today() + REVIEW_AFTER
    _relate()
    enqueue(TELL_FOLLOWERS, key=TELL_FOLLOWERS)
    return "published"


def _accept(item: ContentItem, by: Actor, _words: str, _at: datetime | None) -> str:
    writer = item.pending_by_id
    with db.session.no_autoflush:
        apply(item, from_json(item.pending), by=by)
        item.changed_by_id, item.published_by_id = writer, by.user_id
        _expect_right(item)
        _forget_change(item)
    _relate()
    return "change published"


def _forget_change(item: ContentItem) -> None:
    item.pending, item.pending_by_id, item.pending_at = {}, None, None


def _discard(item: ContentItem, _by: Actor, _words: str, _at: datetime | None) -> str:
    _forget_change(item)
    return "change thrown away"


def _renew(item: ContentItem, _by: Actor, _words: str, _at: datetime | None) -> str:
    item.review_on = today() + REVIEW_AFTER
    return "still holds"


def _take_back(item: ContentItem, by: Actor, _words: str, _at: datetime | None) -> str:
    item.state = ContentState.DRAFT
    if item.pending:
        apply(item, from_json(item.pending), by=by)
        item.changed_by_id = item.pending_by_id
        _forget_change(item)
    _relate()
    return "taken back"


def _retire(item: ContentItem, _by: Actor, words: str, _at: datetime | None) -> str:
    item.state, item.retired_at, item.retired_why = ContentState.RETIRED, now(), words
    _forget_change(item)
    _relate()
    return "retired"


def _reopen(item: ContentItem, _by: Actor, _words: str, _at: datetime | None) -> str:
    item.state, item.retired_at, item.retired_why = ContentState.DRAFT, None, ""
    return "opened again"


_STEPS: Mapping[str, Callable[[ContentItem, Actor, str, datetime | None], str]] = {
    "send": _send,
    "return": _return,
    "publish": _publish,
    "accept": _accept,
    "discard": _discard,
    "renew": _renew,
    "take-back": _take_back,
    "retire": _retire,
    "reopen": _reopen,
}


def _relate() -> None:
    """Let a job find which items are like which, once for all changes of a while."""
    enqueue(RELATE, key=RELATE)
