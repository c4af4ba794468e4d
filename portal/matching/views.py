"""The pages of matches: what fits a challenge, and which challenges an innovation may fit."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from portal.accounts.session import current_actor
from portal.matching import queries, rules
from portal.matching.models import Suggestion
from portal.matching.serialise import Explained, explained
from portal.reference.queries import today
from portal.web.filters import Filters
from portal.web.paging import PER_PAGE, Page, page_number, page_of

blueprint = Blueprint("matching", __name__, template_folder="templates")


@blueprint.get("/challenges/<int:challenge_id>/matches")
def matches(challenge_id: int) -> str:
    """Proven innovations for a challenge, best first, each with its reasons."""
    actor = current_actor()
    challenge = queries.challenge_with_matches_for(actor, challenge_id)
    found = queries.suggestions(actor, challenge)
    return render_template(
        "matching/matches.html",
        challenge=challenge,
        page=_page(found),
        filters=Filters(request.path, request.args, keep=()),
        progress=queries.progress(challenge_id),
        today=today(),
        rules=rules,
        explained=_explained,
    )


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
        explained=_explained,
    )


def _page(found: Sequence[Suggestion]) -> Page[Suggestion]:
    """Return the page asked for of a list that is short by nature (at most `rules.TOP`)."""
    number = page_of(len(found), page_number(request.args))
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], len(found), number)


def _explained(suggestion: Suggestion) -> Explained:
    return explained(suggestion.reasons)
