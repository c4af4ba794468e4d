"""Close a HIN's support with reason, summary and what next, and ask the owner how it was."""

from collections.abc import Collection
from datetime import datetime

from portal.accounts.models import Actor
from portal.audit.models import Audience
from portal.clock import day_of, now
from portal.db import db, lock
from portal.errors import Forbidden, Invalid
from portal.reference.rules import Quarter
from portal.support import outbox
from portal.support.models import (
    Closing,
    ClosingReason,
    Engagement,
    EngagementState,
    Survey,
    SurveyAnswer,
)
from portal.support.rules.closings import QUESTIONS
from portal.support.rules.directory import with_referrals
from portal.support.services import directory
from portal.support.services.moves import move, refuse_unless_allowed


def close(
    *,
    engagement: Engagement,
    version: int,
    reason: ClosingReason,
    summary: str,
    next_step: str,
    by: Actor,
    entry_ids: Collection[int] = (),
    at: datetime | None = None,
) -> Closing:
    """End the support: the innovator's side is told, and the owner is asked how it was.

    `entry_ids` are of the support directory: whom the innovator is pointed to. Raises Forbidden,
    Conflict as other outcomes do, and Invalid without summary or next step.
    """
    at = at or now()
    refuse_unless_allowed(engagement, EngagementState.CLOSED, version, by)
    if not summary:
        raise Invalid("Enter what was done", field="summary")
    if not next_step:
        raise Invalid("Enter what comes next", field="next_step")
    helpers = directory.note(engagement=engagement, entry_ids=entry_ids, by=by, at=at)
    next_step = with_referrals(next_step, helpers)
    words = f"{reason.label}. {summary}\n\nWhat comes next: {next_step}"
    move(engagement, EngagementState.CLOSED, by=by, at=at, message=words)
    outbox.tell_innovators("closed", engagement, at=at, by=by, message=words)
    return end_and_ask(engagement, reason, summary, next_step, by=by, at=at)


def end_and_ask(
    engagement: Engagement,
    reason: ClosingReason,
    summary: str,
    next_step: str,
    *,
    by: Actor,
    at: datetime,
) -> Closing:
    """Write down how an engagement ended, and ask the record's owner how the support was."""
    closing = end(engagement, reason, summary, next_step, by=by, at=at)
    db.session.flush()
    if closing.survey is not None:
        ask(closing.survey, at=at, url=f"/support/surveys/{closing.survey.id}")
    return closing


def end(
    engagement: Engagement,
    reason: ClosingReason,
    summary: str,
    next_step: str,
    *,
    by: Actor,
    at: datetime,
) -> Closing:
    """Write down how an engagement ended, with a survey for the record's owner where it has one.
    Nobody is told yet, and nothing is flushed."""
    closing = Closing(
        engagement=engagement,
        reason=reason,
        summary=summary,
        next_step=next_step,
        at=at,
        by_id=by.user_id,
    )
    owner = engagement.innovation.owner
    if owner is not None and owner.active:
        closing.survey = Survey(user=owner, asked_on=day_of(at))
    db.session.add(closing)
    return closing


def ask(survey: Survey, *, at: datetime, url: str) -> None:
    """Ask whom a survey is for by a message of their own."""
    outbox.tell_person("survey", survey.user, survey.closing.engagement, at=at, url=url)


def answer(
    *,
    survey: Survey,
    scores: dict[str, int],
    by: Actor,
    comment: str = "",
    may_be_read: bool = False,
    at: datetime | None = None,
) -> None:
    """Answer the survey; `scores` are 1 to 5 for each of `QUESTIONS`. The first answers stand.

    Words are kept only with the consent that the HIN reads them. Raises Forbidden for anybody but
    who was asked, Invalid for words without consent.
    """
    at = at or now()
    if by.user_id is None or survey.user_id != by.user_id:
        raise Forbidden("Only the person who was asked answers this survey.")
    lock(survey)
    if survey.is_answered:
        return
    if set(scores) != set(QUESTIONS) or not all(1 <= score <= 5 for score in scores.values()):
        raise Invalid("Select an answer to each question")
    if comment and not may_be_read:
        raise Invalid(
            "Select that the network may read your words, or take them out", field="may_be_read"
        )
    survey.is_answered = True
    engagement = survey.closing.engagement
    quarter = Quarter.of(day_of(at))
    db.session.add(
        SurveyAnswer(hin_id=engagement.hin_id, quarter_on=quarter.first, comment=comment, **scores)
    )
    db.session.flush()
    outbox.note(
        "survey.answered",
        engagement.innovation,
        "answered the survey about the support",
        by=by,
        at=at,
        audience=Audience.PRIVATE,
    )
