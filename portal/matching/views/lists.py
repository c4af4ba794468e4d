"""The pages of matches: what fits a challenge, and which challenges an innovation may fit."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import render_template, request

from portal.accounts.session import current_actor
from portal.challenges.models import ChallengeState
from portal.challenges.policy import can_edit, can_join
from portal.clock import today
from portal.matching import policy, queries, rules
from portal.matching.models import Suggestion
from portal.matching.queries import hidden_from_icss
from portal.matching.queries.across import habits
from portal.matching.queries.standing import is_waiting, standing
from portal.matching.serialise import (
    card,
    close_ones,
    explained_suggestion,
    in_order,
    is_close,
    parted,
    shortlist,
    strengths,
    unsaid,
)
from portal.matching.views import blueprint
from portal.web.filters import Filters
from portal.web.paging import PER_PAGE, Page, page_number, page_of


@blueprint.get("/challenges/<int:challenge_id>/matches")
def matches(challenge_id: int) -> str:
    """Proven innovations for a challenge, best first, each with its reasons."""
    actor = current_actor()
    challenge = queries.challenge_with_matches_for(actor, challenge_id)
    stands = standing(actor, challenge)
    is_draft = challenge.state is ChallengeState.DRAFT
    suggested = queries.suggestions(actor, challenge)
    found = in_order(suggested.proven, suggested.judged)
    likely, unlikely = (found, []) if wants("all", "yes") else parted(found, suggested.judged)
    return render_template(
        "matching/matches.html",
        challenge=challenge,
        total=len(found),
        page=_page(likely),
        unlikely=unlikely,
        promising=suggested.promising if wants("also", "promising") else None,
        promising_strengths=strengths([one for one in suggested.promising if is_close(one)]),
        shortlist=shortlist(found, suggested.judged),
        strengths=strengths(found),
        filters=Filters(request.path, request.args, keep=KEPT),
        standing=stands,
        rules=rules,
        explained=explained_suggestion,
        card=partial(card, actor=actor, hin_id=stands.hin_id, on=today()),
        verdicts=suggested.judged,
        may_judge=policy.can_judge(actor, challenge, stands.joined),
        may_join=can_join(actor, challenge) and not stands.joined,
        is_own=can_edit(actor, challenge),
        may_publish_unmet=policy.can_publish_unmet(actor),
        may_ask_hin=policy.can_ask_hin(actor),
        hidden=hidden_from_icss(actor, found),
        close=close_ones(found) if is_draft else 0,
        unsaid=unsaid(habits(actor, challenge_id)) if is_draft else [],
        here=here(),
    )


@blueprint.get("/challenges/<int:challenge_id>/matches/ready")
def is_ready(challenge_id: int) -> dict[str, bool]:
    """Whether a challenge is matched and nothing newer is on its way: asked for by the script."""
    actor = current_actor()
    stands = standing(actor, queries.challenge_with_matches_for(actor, challenge_id))
    return {"ready": stands.matched_at is not None and not stands.is_waiting}


def here() -> dict[str, Any]:
    """Return which part of the list the reader is on, to come back to after a judgement."""
    return {name: request.args[name] for name in ("page", *KEPT) if name in request.args}


def wants(name: str, value: str) -> bool:
    """Return whether the address asks for a part of the page that is folded otherwise."""
    return request.args.get(name) == value


KEPT = ("also", "all")
"""The names in the address that say which folded parts are shown."""


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
        strengths=strengths(found),
        is_waiting=not found and is_waiting(innovation_id),
        filters=Filters(request.path, request.args, keep=()),
        today=today(),
        rules=rules,
        explained=explained_suggestion,
    )


def _page(found: Sequence[Suggestion]) -> Page[Suggestion]:
    """Return the page asked for of a list of at most `rules.MAX_SHOWN_MATCHES`."""
    number = page_of(len(found), page_number(request.args))
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], len(found), number)
