"""Change challenges: draft, edit, open, close, reopen. Every change is dated and audited."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.audit.models import Audience
from portal.challenges import outbox, policy
from portal.challenges.models import Challenge, ChallengeChange, ChallengeState, Outcome, Readers
from portal.challenges.rules import VOCABULARIES, Stated, grouped_terms, missing_to_open
from portal.db import db, now
from portal.errors import Conflict, Forbidden, Invalid
from portal.reference.models import Term

OUTDATED = "Somebody else changed this challenge after you opened it."


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
    """Care settings, conditions and areas."""


COLUMNS = tuple(field.name for field in fields(Content) if field.name != "terms")


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
    _tell(challenge, "drafted", "wrote a draft", by=by, audience=Audience.PRIVATE)
    db.session.flush()
    return challenge


def edit(*, challenge: Challenge, content: Content, version: int | None, by: Actor) -> None:
    """Change what the challenge says; nothing is stored when it says the same.

    Raises Conflict when `version` is not the one stored, Invalid when the challenge is closed or
    an open one would lack what it needs.
    """
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is ChallengeState.CLOSED:
        raise Invalid("Open the challenge again before you change it.")
    if challenge.state is ChallengeState.OPEN:
        _require_complete(content)
    changes = _write(challenge, content)
    if not changes:
        return
    challenge.changed_at = now()
    is_draft = challenge.state is ChallengeState.DRAFT
    audience = Audience.PRIVATE if is_draft else Audience.STAFF
    _tell(challenge, "changed", "changed it", by=by, audience=audience, changes=changes)
    db.session.flush()


def post(*, challenge: Challenge, version: int | None, by: Actor) -> None:
    """Open a draft to its readers; raises Invalid when something needed is not written yet."""
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.DRAFT:
        raise Invalid("This challenge was opened before.")
    _require_complete(challenge)
    challenge.opened_at = now()
    _move(challenge, ChallengeState.OPEN, "opened", "opened it", by=by)
    outbox.tell_opened(challenge)


def close(
    *, challenge: Challenge, outcome: Outcome, note: str, version: int | None, by: Actor
) -> None:
    """Close an open challenge and say what came of it."""
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.OPEN:
        raise Invalid("Only an open challenge can be closed.")
    challenge.closed_at, challenge.outcome, challenge.outcome_note = now(), outcome, note
    _move(challenge, ChallengeState.CLOSED, "closed", "closed it", by=by)


def reopen(*, challenge: Challenge, version: int | None, by: Actor) -> None:
    """Open a closed challenge again; its first outcome stays in the dated changes."""
    _require_editor(challenge, by)
    _require_version(challenge, version)
    if challenge.state is not ChallengeState.CLOSED:
        raise Invalid("Only a closed challenge can be opened again.")
    challenge.closed_at, challenge.outcome, challenge.outcome_note = None, None, ""
    _move(challenge, ChallengeState.OPEN, "reopened", "opened it again", by=by)


def _write(challenge: Challenge, content: Content) -> dict[str, list[Any]]:
    """Put the content on the row; returns `{field: [before, after]}` for what differs."""
    changes: dict[str, list[Any]] = {}
    for name in COLUMNS:
        before, after = getattr(challenge, name), getattr(content, name)
        if before != after:
            changes[name] = [before, after]
            setattr(challenge, name, after)
    return changes | _write_terms(challenge, content.terms)


def _write_terms(challenge: Challenge, terms: Sequence[Term]) -> dict[str, list[Any]]:
    if {term.id for term in challenge.terms} == {term.id for term in terms}:
        return {}
    before = grouped_terms(challenge)
    challenge.terms = list(terms)
    after = grouped_terms(challenge)
    return {
        vocabulary.value: [before[vocabulary], after[vocabulary]]
        for vocabulary in VOCABULARIES
        if sorted(before[vocabulary]) != sorted(after[vocabulary])
    }


def _move(challenge: Challenge, state: ChallengeState, verb: str, said: str, *, by: Actor) -> None:
    """Reach a state, on a dated row and on the timeline."""
    challenge.state, challenge.changed_at = state, now()
    changes = audit.changes_of(challenge)
    changes.pop("changed_at")
    _enter(challenge, by=by)
    _tell(challenge, verb, said, by=by, audience=Audience.EVERYONE, changes=changes)
    db.session.flush()


def _enter(challenge: Challenge, *, by: Actor) -> None:
    db.session.add(
        ChallengeChange(
            challenge_id=challenge.id,
            state=challenge.state,
            outcome=challenge.outcome,
            by_id=by.user_id,
        )
    )


def _tell(
    challenge: Challenge,
    verb: str,
    said: str,
    *,
    by: Actor,
    audience: Audience,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    audit.record(
        f"challenge.{verb}",
        noun="challenge",
        noun_id=challenge.id,
        summary=said,
        by=by,
        changes=changes,
        audience=audience,
    )


def _require_editor(challenge: Challenge, by: Actor) -> None:
    if not policy.can_edit(by, challenge):
        raise Forbidden("Only the organisation that states a challenge may change it.")


def _require_version(challenge: Challenge, version: int | None) -> None:
    if version is not None and version != challenge.version:
        raise Conflict(OUTDATED)


def _require_complete(stated: Stated) -> None:
    for field, message in missing_to_open(stated).items():
        raise Invalid(message, field=field)
