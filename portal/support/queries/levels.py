"""Read what a suggested level is worked out from, and how suggestions and choices compare."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.db import db
from portal.figures.queries.kept import FigureCache
from portal.innovations.models import Innovation
from portal.innovations.queries.standing import with_standing
from portal.reference.models import Term, Vocabulary
from portal.support.models import (
    Engagement,
    Interaction,
    InteractionShare,
    LevelChange,
    interaction_term,
)
from portal.support.queries.interactions import counted
from portal.support.rules.levels import (
    HINT_WORDS,
    MIN_SIMILAR_CASES,
    Agreement,
    Decision,
    Similar,
    Suggestion,
    agreement,
    suggest,
)

MAX_SIMILAR_CASES = 50
"""Of how many similar cases, the newest, a suggestion takes account."""
MAX_NAMED_KINDS = 3
"""How many kinds of support are named."""


def level_words(level: int | None) -> str:
    """Return what a support level is, in sentences, for people who have only heard its number."""
    found = db.session.scalar(
        select(Term).where(Term.vocabulary == Vocabulary.SUPPORT_LEVEL, Term.position == level)
    )
    if found is None:
        return ""
    return f"Level {level} is “{found.label}”. {found.definition}".strip()


def suggestion(innovation: Innovation, on: date) -> Suggestion:
    """Return the level that the rules suggest for a record, with the reasons."""
    wanted = {
        term.code: term.label
        for term in innovation.terms
        if term.vocabulary is Vocabulary.SUPPORT_KIND
    }
    return suggest(with_standing(innovation), on, wanted, _similar(innovation))


def _similar(innovation: Innovation) -> Similar:
    """Return the cases of other records of the same category and group of stages."""
    if innovation.stage is None or innovation.category_id is None:
        return Similar()
    stage = aliased(Term)
    cases = db.session.execute(
        select(Engagement.id, Engagement.level)
        .join(Engagement.innovation)
        .join(stage, stage.id == Innovation.stage_id)
        .where(
            Engagement.level.is_not(None),
            Engagement.innovation_id != innovation.id,
            Innovation.category_id == innovation.category_id,
            stage.group == innovation.stage.group,
        )
        .order_by(Engagement.decided_at.desc(), Engagement.id.desc())
        .limit(MAX_SIMILAR_CASES)
    ).all()
    if len(cases) < MIN_SIMILAR_CASES:
        return Similar()
    levels = [level for _, level in cases if level is not None]
    return Similar(levels, _needed([engagement_id for engagement_id, _ in cases]))


def _needed(engagement_ids: Sequence[int]) -> list[str]:
    """Return the kinds of support given most to these cases, by how many cases got each."""
    link = interaction_term.c
    cases = func.count(InteractionShare.engagement_id.distinct())
    return list(
        db.session.scalars(
            select(Term.label)
            .select_from(InteractionShare)
            .join(InteractionShare.interaction)
            .join(interaction_term, link.interaction_id == Interaction.id)
            .join(Term, Term.id == link.term_id)
            .where(InteractionShare.engagement_id.in_(engagement_ids), counted())
            .group_by(Term.id, Term.label, Term.position)
            .order_by(cases.desc(), Term.position)
            .limit(MAX_NAMED_KINDS)
        )
    )


def decisions() -> list[Decision]:
    """Return every level that was chosen while one was suggested, of all HINs; decisions that are
    alike, but for the words of their reasons, are counted in SQL."""
    hints = [LevelChange.reasons[place] for place in range(len(HINT_WORDS))]
    what = (
        *(Engagement.hin_id, LevelChange.suggested, LevelChange.level),
        *(hint["code"].as_string() for hint in hints),
        *(hint["level"].as_integer() for hint in hints),
    )
    named = [column.label(f"part_{place}") for place, column in enumerate(what)]
    told = (
        select(*named)
        .join(LevelChange.engagement)
        .where(LevelChange.suggested.is_not(None))
        .subquery()
    )
    rows = db.session.execute(select(*told.c, func.count()).group_by(*told.c))
    return [_decision(row) for row in rows]


def _decision(row: Sequence[Any]) -> Decision:
    hin_id, suggested, chosen, *hints, count = row
    half = len(hints) // 2
    pointed = zip(hints[:half], hints[half:], strict=True)
    return Decision(hin_id, suggested, chosen, {c: n for c, n in pointed if c is not None}, count)


def agreements() -> dict[int | None, Agreement]:
    """Return how often people chose what was suggested: of each HIN that decided anything, by its
    number, and under None of all; kept until a row changes."""
    found: dict[int | None, Agreement] = FigureCache().answer(("suggested levels",), _agreements)
    return found


def _agreements() -> dict[int | None, Agreement]:
    every = decisions()
    of: dict[int | None, list[Decision]] = {None: every}
    for one in every:
        of.setdefault(one.hin_id, []).append(one)
    return {hin_id: agreement(mine) for hin_id, mine in of.items()}


def choices(
    hin_id: int | None, suggested: int | None = None, chosen: int | None = None
) -> Select[LevelChange]:
    """Return the decisions behind the counts, newest first; `hin_id` None is every HIN."""
    stmt = (
        select(LevelChange)
        .join(LevelChange.engagement)
        .join(Engagement.innovation)
        .join(Engagement.hin)
        .options(
            contains_eager(LevelChange.engagement).contains_eager(Engagement.innovation),
            contains_eager(LevelChange.engagement).contains_eager(Engagement.hin),
            joinedload(LevelChange.by),
        )
        .where(LevelChange.suggested.is_not(None))
        .order_by(LevelChange.at.desc(), LevelChange.id.desc())
    )
    if hin_id is not None:
        stmt = stmt.where(Engagement.hin_id == hin_id)
    if suggested is not None:
        stmt = stmt.where(LevelChange.suggested == suggested)
    if chosen is not None:
        stmt = stmt.where(LevelChange.level == chosen)
    return stmt
