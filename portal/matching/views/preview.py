"""Before publishing: what looks close to a challenge as it is typed."""

from typing import Any

from flask import render_template, request

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.challenges.forms.pages import ChallengeForm
from portal.challenges.queries import offered_terms, own_challenge_for
from portal.challenges.services import require_author
from portal.matching.forms import typed
from portal.matching.indexing import close_to
from portal.matching.queries.across import habits
from portal.matching.serialise import unsaid
from portal.matching.views import blueprint
from portal.web.addresses import as_id
from portal.web.limits import limiter


@blueprint.post("/challenges/preview")
@limiter.limit("60 per minute")
def preview() -> str | dict[str, str]:
    """Show the form as it was sent, with what looks close beside it; nothing is kept.

    `?challenge=` is the one that is changed, if it is not new; `?part=1` asks for what looks close
    alone, for the script that asks while somebody types.
    """
    actor = require_author(current_actor())
    challenge_id = request.args.get("challenge", type=as_id)
    challenge = own_challenge_for(actor, challenge_id) if challenge_id else None
    form = ChallengeForm()
    found = _found(actor, form)
    if request.args.get("part"):
        return {"part": render_template("matching/close.html", **found)}
    form.offer(offered_terms(challenge))
    return render_template("matching/preview.html", form=form, challenge=challenge, **found)


def _found(actor: Actor, form: ChallengeForm) -> dict[str, Any]:
    need = typed(form)
    named = {name for name in request.form if request.form[name]}
    unnamed = {v: share for v, share in habits(actor).items() if v.value not in named}
    return {
        "has_words": bool(need.bag),
        "close": close_to(actor, need) if need.bag else None,
        "unsaid": unsaid(unnamed),
    }
