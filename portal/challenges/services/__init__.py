"""Change challenges: draft, edit, open, close, reopen. Every change is dated and audited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm.exc import StaleDataError

from portal.accounts.models import SYSTEM, Actor, Membership, User
from portal.accounts.queries.leaving import Responsibility, heir_of
from portal.accounts.rules import normal_email
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges import outbox, policy, queries
from portal.challenges.models import (
    THREADS,
    Challenge,
    ChallengeChange,
    ChallengeMessage,
    ChallengeState,
    ChallengeSupporter,
    Outcome,
    Readers,
)
from portal.challenges.queries.calls import is_unfinished
from portal.challenges.rules import (
    LABELS,
    VOCABULARIES,
    WITH_INNOVATION,
    ChallengeTexts,
    grouped,
    missing_to_open,
)
from portal.challenges.services.amending import amend_by_edit, refuse_hiding
from portal.clock import now
from portal.db import db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import Term
from portal.threads import services as threads

OUTDATED = "This challenge was changed after you opened it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the template asks for: the words and coded fields of a challenge."""

    title: str
    problem: str = ""
    who_affected: str = ""
    how_many: int | None = None
    tried: str = ""
    outcome_wanted: str = ""
    must_haves: str = ""
    needed_by: date | None = None
    contact_name: str = ""
    contact_email: str = ""
    readers: Readers = Readers.NHS
    terms: Sequence[Term] = ()
    """Care settings, conditions, areas and purposes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A challenge on one line of a file to import."""

    number: int
    key: str
    """What the list it comes from calls it: with the organisation, the same challenge for ever."""
    organisation_id: int
    content: Content
    opens: bool
    """Whether it is to be open; one that is open already stays so."""
    note: str = ""
    """How its organisation's name was taken, where that is not as it stands in the file."""


UNTOLD = {"contact_name", "contact_email", "readers"}
"""What followers are not told of: not all of them read contacts."""
COLUMNS = tuple(field.name for field in fields(Content) if field.name != "terms")


def require_author(by: Actor) -> Actor:
    """Return the actor if they may write challenges; raises Forbidden otherwise."""
    if not policy.can_post(by):
        raise Forbidden("Challenges are written by ICS, HIN and national staff.")
    return by


def draft(
    *,
    content: Content,
    by: Actor,
    organisation_id: int | None = None,
    is_national: bool | None = None,
    external_key: str | None = None,
    is_demo: bool = False,
) -> Challenge:
    """Write a challenge that only its own organisation sees yet; returns it.

    The organisation is the one acted for unless an import or the demo world names another.
    """
    if organisation_id is None:
        require_author(by)
    challenge = Challenge(
        organisation_id=organisation_id or by.organisation_id,
        author_id=by.user_id,
        is_national=by.is_national if is_national is None else is_national,
        external_key=external_key,
        is_demo=is_demo,
    )
    _write(challenge, content)
    db.session.add(challenge)
    db.session.flush()
    _enter(challenge, by=by)
    audit.note(challenge, "drafted", "wrote a draft", by=by, audience=Audience.PRIVATE)
    db.session.flush()
    return challenge


def edit(*, challenge: Challenge, content: Content, version: int | None, by: Actor) -> None:
    """Change what the challenge says; nothing is stored when it says the same.

    Raises Conflict when `version` is not the one stored, Invalid when the challenge is closed or
    an open one would lack what it needs.
    """
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is ChallengeState.OPEN:
        _require_complete(content)
    changes = _differences(challenge, content)
    if not changes:
        return
    if challenge.state is ChallengeState.CLOSED:
        raise Invalid("Open the challenge again before you change it.")
    refuse_hiding(challenge, content.readers)
    _write(challenge, content)
    challenge.changed_at = now()
    is_draft = challenge.state is ChallengeState.DRAFT
    audience = Audience.PRIVATE if is_draft else Audience.STAFF
    audit.note(challenge, "changed", "changed it", by=by, audience=audience, changes=changes)
    _save()
    if not amend_by_edit(challenge, changes, by=by):
        _tell_of_changes(challenge, changes, by=by)


def post(*, challenge: Challenge, version: int | None, by: Actor, is_told: bool = True) -> None:
    """Open a draft to its readers; raises Invalid when something needed is not written yet.

    Its HIN is told unless many come at once (`is_told`).
    """
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.DRAFT:
        raise Invalid("This challenge was opened before.")
    _require_complete(challenge)
    challenge.opened_at = now()
    _move(challenge, ChallengeState.OPEN, "opened", "opened it", by=by)
    if is_told:
        outbox.tell_opened(challenge)


def delete(*, challenge: Challenge, by: Actor) -> None:
    """Delete a draft that was never opened; raises Conflict once it was."""
    _require_editor(challenge, by)
    if not policy.can_delete(by, challenge):
        raise Conflict("This challenge was opened: close it instead.")
    audit.note(challenge, "deleted", f"deleted the draft “{challenge.title}”", by=by)
    db.session.delete(challenge)
    db.session.flush()


def write(
    *, challenge: Challenge, body: str, by: Actor, file: threads.SentFile | None = None
) -> ChallengeMessage:
    """Write to the other organisations that have the challenge; their people are told."""
    if not policy.can_talk(by, challenge, queries.supporter_ids(challenge.id)):
        raise Forbidden("Only the organisations that have this challenge write to each other.")
    message = threads.post(THREADS, thread_id=challenge.id, body=body, by=by, file=file)
    outbox.tell_message(challenge, by=by)
    return message


def close(
    *,
    challenge: Challenge,
    outcome: Outcome,
    note: str,
    version: int | None,
    by: Actor,
    innovation: str = "",
) -> None:
    """Close an open challenge and say what came of it; `innovation` is the name of what is tried
    out or was adopted, needed for these outcomes."""
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.OPEN:
        raise Invalid("Only an open challenge can be closed.")
    if outcome in WITH_INNOVATION and not innovation.strip():
        raise Invalid("Enter which innovation it is", field="outcome_innovation")
    if is_unfinished(challenge.id):
        raise Invalid("Publish the result of its call first: who answered waits for it.")
    outbox.closing.send(challenge, by=by)
    challenge.closed_at, challenge.outcome, challenge.outcome_note = now(), outcome, note
    challenge.outcome_innovation = innovation if outcome in WITH_INNOVATION else ""
    _move(challenge, ChallengeState.CLOSED, "closed", "closed it", by=by)
    outbox.tell_moved(challenge, by=by)


def reopen(*, challenge: Challenge, version: int | None, by: Actor) -> None:
    """Open a closed challenge again; its first outcome stays in the dated changes."""
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.CLOSED:
        raise Invalid("Only a closed challenge can be opened again.")
    challenge.closed_at, challenge.outcome, challenge.outcome_note = None, None, ""
    challenge.outcome_innovation = ""
    _move(challenge, ChallengeState.OPEN, "reopened", "opened it again", by=by)
    outbox.tell_moved(challenge, by=by)


def join(*, challenge: Challenge, by: Actor) -> None:
    """Say "we have this too" for the actor's ICS; saying it twice changes nothing."""
    if not policy.can_join(by, challenge):
        raise Forbidden("Another ICS may join a challenge while it is open.")
    if by.organisation_id in queries.supporter_ids(challenge.id):
        return
    row = ChallengeSupporter(
        challenge_id=challenge.id, organisation_id=by.organisation_id, by_id=by.user_id
    )
    db.session.add(row)
    audit.note(challenge, "joined", "said that they have this too", by=by, audience=Audience.STAFF)
    outbox.tell_joined(challenge, by=by)
    db.session.flush()


def leave(*, challenge: Challenge, by: Actor) -> None:
    """Take back "we have this too"."""
    for row in queries.supporters(challenge.id):
        if row.organisation_id == by.organisation_id:
            db.session.delete(row)
            audit.note(challenge, "left", "no longer has this", by=by, audience=Audience.STAFF)
    db.session.flush()


def bring_in(*, line: Line, by: Actor) -> str:
    """Add or change the challenge of one line of a file; returns "added", "changed" or "same"."""
    challenge = queries.imported(line.organisation_id, line.key)
    if challenge is None:
        challenge = draft(
            content=line.content,
            by=by,
            organisation_id=line.organisation_id,
            is_national=queries.is_national(line.organisation_id),
            external_key=line.key,
        )
        result = "added"
    else:
        before = challenge.version
        edit(challenge=challenge, content=line.content, version=None, by=by)
        result = "same" if challenge.version == before else "changed"
    if line.opens and challenge.state is ChallengeState.DRAFT:
        post(challenge=challenge, version=None, by=by, is_told=False)
        return "added" if result == "added" else "changed"
    return result


def _write(challenge: Challenge, content: Content) -> None:
    for name in COLUMNS:
        setattr(challenge, name, getattr(content, name))
    challenge.terms = list(content.terms)


def _differences(challenge: Challenge, content: Content) -> dict[str, list[Any]]:
    """Return `{field: [before, after]}` for what the content would change."""
    changes = {
        name: [getattr(challenge, name), getattr(content, name)]
        for name in COLUMNS
        if getattr(challenge, name) != getattr(content, name)
    }
    before, after = grouped(challenge.terms), grouped(content.terms)
    return changes | {
        vocabulary.value: [before[vocabulary], after[vocabulary]]
        for vocabulary in VOCABULARIES
        if sorted(before[vocabulary]) != sorted(after[vocabulary])
    }


def _tell_of_changes(challenge: Challenge, changes: Iterable[str], *, by: Actor) -> None:
    """Tell who follows what was changed of what everybody reads of it."""
    names = [LABELS[name] for name in changes if name not in UNTOLD]
    if names:
        outbox.tell_changed(challenge, names, by=by)


def _move(challenge: Challenge, state: ChallengeState, verb: str, said: str, *, by: Actor) -> None:
    """Reach a state, on a dated row and on the timeline."""
    challenge.state, challenge.changed_at = state, now()
    changes = audit.changes_of(challenge)
    changes.pop("changed_at", None)  # the same moment twice is no change
    _enter(challenge, by=by)
    audit.note(challenge, verb, said, by=by, audience=Audience.EVERYONE, changes=changes)
    _save()


def _save() -> None:
    """Flush; the second of two who save at the same moment is told so."""
    try:
        db.session.flush()
    except StaleDataError as stale:
        raise Conflict(OUTDATED) from stale


def _enter(challenge: Challenge, *, by: Actor) -> None:
    db.session.add(
        ChallengeChange(
            challenge_id=challenge.id,
            state=challenge.state,
            outcome=challenge.outcome,
            by_id=by.user_id,
        )
    )


def _require_editor(challenge: Challenge, by: Actor) -> None:
    if by is not SYSTEM and not policy.can_edit(by, challenge):
        raise Forbidden("Only the organisation that states a challenge may change it.")


def _require_version(challenge: Challenge, version: int | None) -> None:
    lock(challenge, seen=version)


def _require_complete(stated: ChallengeTexts) -> None:
    for field, message in missing_to_open(stated).items():
        raise Invalid(message, field=field)


def _stated(of: Membership) -> Select[Challenge]:
    """The drafts and open challenges that a member wrote for their organisation."""
    return select(Challenge).where(
        Challenge.author_id == of.user_id,
        Challenge.organisation_id == of.organisation_id,
        Challenge.state != ChallengeState.CLOSED,
    )


def _pass_on(of: Membership, successor: User | None, by: Actor) -> None:
    """Let the successor or, where nobody is named, the organisation's lead stand as author, and as
    the one to write to where the member was."""
    author = successor or heir_of(of)
    for challenge in db.session.scalars(_stated(of).order_by(Challenge.id)).all():
        challenge.author = author
        if normal_email(challenge.contact_email) == of.user.email:
            challenge.contact_name = author.name if author else ""
            challenge.contact_email = author.email if author else ""
        audit.note(
            challenge,
            "passed_on",
            f"passed on the challenge of {of.user.name}, who left",
            by=by,
            audience=Audience.STAFF,
        )


RESPONSIBILITIES: Sequence[Responsibility] = (
    Responsibility("challenge", "challenges", _stated, _pass_on),
)
"""What hangs on a person here when they leave."""
