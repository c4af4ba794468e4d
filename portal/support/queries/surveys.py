"""Read surveys: whom they wait for, and what a HIN's answers come to, without who gave them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, distinct, exists, func, literal, select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import Actor
from portal.db import by_name, db
from portal.errors import NotFound
from portal.reference.models import Hin
from portal.reference.rules import Quarter
from portal.support.models import (
    Closing,
    Engagement,
    EngagementChange,
    EngagementState,
    Survey,
    SurveyAnswer,
)
from portal.support.rules.closings import MIN_ANSWERS, QUESTIONS


def _asked(actor: Actor) -> Select[Survey]:
    return (
        select(Survey)
        .join(Survey.closing)
        .join(Closing.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(Survey.closing)
            .contains_eager(Closing.engagement)
            .options(contains_eager(Engagement.innovation), contains_eager(Engagement.hin))
        )
        .where(Survey.user_id == actor.user_id)
        .order_by(Survey.asked_on.desc(), Survey.id.desc())
    )


def surveys_waiting(actor: Actor) -> Sequence[Survey]:
    """Return the surveys that the actor was asked to answer and has not, newest first."""
    return db.session.scalars(_asked(actor).where(waits_for(actor))).all()


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Return SQL for "the survey waits for the actor's answer"."""
    return (Survey.user_id == actor.user_id) & Survey.is_answered.is_(False)


def survey_for(actor: Actor, survey_id: int) -> Survey:
    """Return a survey that the actor was asked to answer; raises NotFound for any other."""
    found = db.session.scalar(_asked(actor).where(Survey.id == survey_id))
    if found is None:
        raise NotFound("There is no such survey for you.")
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """What a HIN's answers of a quarter come to."""

    hin: Hin
    count: int
    means: dict[str, float]
    """The mean of each question; empty where the reader may not know because there are few."""


def answers(quarter: Quarter, actor: Actor) -> list[Answers]:
    """Return each HIN's answers of a quarter: all for the national team, a HIN its own alone.

    A HIN reads its means only from `MIN_ANSWERS` answers on.
    """
    columns = [func.avg(getattr(SurveyAnswer, name)) for name in QUESTIONS]
    stmt = (
        select(Hin, func.count(SurveyAnswer.id), *columns)
        .join(SurveyAnswer, SurveyAnswer.hin_id == Hin.id)
        .where(SurveyAnswer.quarter_on == quarter.first)
        .group_by(Hin.id)
        .order_by(by_name(Hin.name))
    )
    if actor.is_hin:
        stmt = stmt.where(Hin.id == actor.hin_id)
    found = []
    for hin, count, *means in db.session.execute(stmt):
        known = zip(QUESTIONS, map(float, means), strict=True)
        may_know = actor.is_national or count >= MIN_ANSWERS
        found.append(Answers(hin, count, dict(known) if may_know else {}))
    return found


def comments(quarter: Quarter, actor: Actor) -> Sequence[str]:
    """Return what innovators let the actor's HIN read, in the order of the words themselves: the
    order of arrival would tell who wrote. Nobody but a HIN reads any."""
    if not actor.is_hin:
        return []
    return db.session.scalars(
        select(SurveyAnswer.comment)
        .where(
            SurveyAnswer.hin_id == actor.hin_id,
            SurveyAnswer.quarter_on == quarter.first,
            SurveyAnswer.comment != "",
        )
        .order_by(SurveyAnswer.comment)
    ).all()


# Figures


def closed_in(quarter: Quarter) -> ColumnElement[bool]:
    """Return SQL for "somebody closed the engagement in the quarter"."""
    return exists().where(
        EngagementChange.engagement_id == Engagement.id,
        EngagementChange.state == EngagementState.CLOSED,
        EngagementChange.by_id.is_not(None),
        EngagementChange.at >= quarter.begins_at,
        EngagementChange.at < quarter.ends_at,
    )


def answered_in(quarter: Quarter) -> Select[int, str, int]:
    """Count the answers of a quarter by HIN."""
    return (
        select(SurveyAnswer.hin_id, literal(""), func.count(distinct(SurveyAnswer.id)))
        .where(SurveyAnswer.quarter_on == quarter.first)
        .group_by(SurveyAnswer.hin_id)
    )


def answers_behind(quarter: Quarter, hin_id: int | None) -> Sequence[str]:
    """Return the HIN of each answer, which is all that a row may tell."""
    stmt = (
        select(Hin.name)
        .join(SurveyAnswer, SurveyAnswer.hin_id == Hin.id)
        .where(SurveyAnswer.quarter_on == quarter.first)
        .order_by(by_name(Hin.name))
    )
    if hin_id is not None:
        stmt = stmt.where(Hin.id == hin_id)
    return db.session.scalars(stmt).all()
