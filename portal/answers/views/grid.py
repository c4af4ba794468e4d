"""The answers to a challenge side by side: by criteria, in random order until all are scored."""

from flask import render_template

from portal.accounts.session import current_actor
from portal.answers import queries, rules
from portal.answers.queries.matches import suggestions_of
from portal.answers.queries.numbers import numbers_of
from portal.answers.rules import assessing as scoring
from portal.answers.serialise import GridRow, grid_rows, met_words
from portal.answers.views import blueprint
from portal.challenges.policy import is_own
from portal.challenges.queries.calls import published_of
from portal.challenges.rules.calls import phase
from portal.clock import today
from portal.matching.serialise import explained_suggestion

GRID = "/challenges/<int:challenge_id>/answers"


@blueprint.get(GRID)
def grid(challenge_id: int) -> str:
    """Show every answer: scores once all are in, before that one's own alone."""
    actor = current_actor()
    challenge = queries.challenge_with_answers_for(actor, challenge_id)
    call, arrived = published_of(challenge_id), queries.answers_to(challenge_id)
    answers = [one for one in arrived if not rules.is_sealed(one, call, today())]
    assessors = queries.assessors_of(challenge_id)
    shown = scoring.is_complete(assessors, scoring.to_score(answers))
    criteria = scoring.criteria_of(call)
    rows = grid_rows(scoring.shuffled(answers, actor.user_id), assessors if shown else (), criteria)
    mine = next((one for one in scoring.asked(assessors) if one.user_id == actor.user_id), None)
    return render_template(
        "answers/grid.html",
        challenge=challenge,
        call=call,
        phase=phase(call, today()) if call else None,
        rows=rows if not shown else sorted(rows, key=_best_first),
        criteria=criteria,
        assessors=scoring.asked(assessors),
        has_scored=scoring.has_scored,
        awaited=scoring.awaited(assessors, scoring.to_score(answers)),
        answers=answers,
        sealed=len(arrived) - len(answers),
        mine=mine,
        my_scores={one.answer_id: one for one in mine.assessments} if mine else {},
        is_shown=shown,
        is_stating=is_own(actor, challenge),
        is_assessed=rules.is_being_assessed(call, today()),
        numbers=numbers_of(answers),
        pairs=suggestions_of(challenge_id, answers),
        explained=explained_suggestion,
        met_words=met_words,
        rules=rules,
        actor=actor,
        today=today(),
    )


def _best_first(row: GridRow) -> tuple[bool, float, int]:
    return (row.result is None, -(row.result or 0), row.answer.id)
