"""Across challenges and innovations: similar challenges, innovations side by side."""

from flask import Response, render_template, request

from portal.accounts.session import current_actor
from portal.challenges.policy import can_join
from portal.clock import today
from portal.db import id_from
from portal.innovations.models import Innovation
from portal.matching import queries
from portal.matching.queries.across import compared, similar_challenges
from portal.matching.queries.standing import standing
from portal.matching.rules import MAX_COMPARED_INNOVATIONS
from portal.matching.serialise import comparison
from portal.matching.views import blueprint
from portal.web.access import public
from portal.web.downloads import list_file


@blueprint.get("/challenges/<int:challenge_id>/similar")
def similar(challenge_id: int) -> str:
    """Open challenges of others that ask for much the same."""
    actor = current_actor()
    challenge = queries.challenge_with_matches_for(actor, challenge_id)
    return render_template(
        "matching/similar.html",
        challenge=challenge,
        found=similar_challenges(actor, challenge),
        can_join=can_join,
        actor=actor,
        standing=standing(actor, challenge),
    )


@blueprint.get("/innovations/compare")
@public
def compare() -> str:
    """Up to four innovations side by side, of those that the reader may see."""
    asked = _ids()
    found: list[Innovation] = compared(current_actor(), asked)
    return render_template(
        "matching/compare.html",
        found=found,
        are_too_many=len(set(asked)) > MAX_COMPARED_INNOVATIONS,
        ids=",".join(str(one.id) for one in found),
        columns=[{"text": innovation.name} for innovation in found],
        rows=comparison(found, on=today()),
    )


@blueprint.get("/innovations/compare.<any(csv, xlsx):kind>")
@public
def compare_file(kind: str) -> Response:
    """The same comparison as a CSV or Excel file."""
    found = compared(current_actor(), _ids())
    header = ("About", *(innovation.name for innovation in found))
    rows = [(heading, *texts) for heading, texts in comparison(found, on=today())]
    about = {"List": "Innovations side by side"}
    return list_file("innovations-side-by-side", kind, header, rows, about)


def _ids() -> list[int]:
    """Return the numbers of `?ids=1,2,3` or `?ids=1&ids=2`; what is no number is left out."""
    asked = ",".join(request.args.getlist("ids")).split(",")
    return [found for one in asked if (found := id_from(one)) is not None]
