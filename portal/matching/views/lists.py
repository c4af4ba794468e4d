"""The pages of matches: what fits a challenge, and which challenges an innovation may fit."""

from collections.abc import Sequence

from flask import render_template, request

from portal.accounts.session import current_actor
from portal.challenges.models import Challenge, ChallengeState
from portal.matching import policy, queries, rules
from portal.matching.models import Suggestion
from portal.matching.queries import judging
from portal.matching.queries.across import habits
from portal.matching.serialise import close_ones, explained_suggestion, in_order, unsaid
from portal.matching.views import blueprint
from portal.reference.queries import today
from portal.web.filters import Filters
from portal.web.paging import PER_PAGE, Page, page_number, page_of


@blueprint.get("/challenges/<int:challenge_id>/matches")
def matches(challenge_id: int) -> str:
    """Proven innovations for a challenge, best first, each with its reasons."""
    actor = current_actor()
    challenge = queries.challenge_with_matches_for(actor, challenge_id)
    concern = judging.concern(actor, challenge)
    may_judge = policy.can_judge(actor, challenge, concern.joined)
    is_draft = challenge.state is ChallengeState.DRAFT
    verdicts = judging.judged(actor, challenge) if may_judge else {}
    found = in_order(queries.suggestions(actor, challenge), verdicts)
    wants_promising = request.args.get("also") == "promising"
    return render_template(
        "matching/matches.html",
        challenge=challenge,
        page=_page(found),
        promising=_promising(challenge) if wants_promising else None,
        filters=Filters(request.path, request.args, keep=("also",)),
        progress=queries.progress(challenge_id),
        today=today(),
        rules=rules,
        explained=explained_suggestion,
        verdicts=verdicts,
        may_judge=may_judge,
        unmet_at=concern.unmet_at,
        close=close_ones(found) if is_draft else 0,
        unsaid=unsaid(challenge, habits(actor)) if is_draft else [],
    )


def _promising(challenge: Challenge) -> Sequence[Suggestion]:
    return queries.suggestions(current_actor(), challenge, promising=True)


@blueprint.get("/innovations/<int:innovation_id>/challenges")
def challenges(innovation_id: int) -> str:
    """Open challenges that an innovation may fit, of those that the reader may see."""
    actor = current_actor()
    innovation = queries.innovation_with_challenges_for(actor, innovation_id)
    found = queries.fitting_challenges(actor, innovation)
    return render_template(
        "matching/challenges.html",
        innovation=innovation,
        page=_page(found),
        filters=Filters(request.path, request.args, keep=()),
        today=today(),
        rules=rules,
        explained=explained_suggestion,
    )


def _page(found: Sequence[Suggestion]) -> Page[Suggestion]:
    """Return the page asked for of a list that is short by nature (at most `rules.TOP`)."""
    number = page_of(len(found), page_number(request.args))
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], len(found), number)
