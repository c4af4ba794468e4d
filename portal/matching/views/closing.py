"""Closing a challenge, with the record that came of it; what the two then show of each other."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.challenges.models import Challenge
from portal.challenges.queries import own_challenge_for
from portal.db import db
from portal.innovations.models import Innovation
from portal.innovations.queries.coding import organisations_in_use
from portal.matching.forms import CloseForm
from portal.matching.queries import closing as queries
from portal.matching.services import closing as services
from portal.matching.views import blueprint


@blueprint.route("/challenges/<int:challenge_id>/close", methods=["GET", "POST"])
def close(challenge_id: int) -> str | tuple[str, int] | Response:
    """Close a challenge and say what came of it."""
    actor = current_actor()
    challenge = own_challenge_for(actor, challenge_id)
    found, organisations = queries.to_name(actor, challenge), organisations_in_use()
    form = CloseForm(challenge, found, organisations)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.close(challenge=challenge, by=actor, **form.values(found, organisations))
            db.session.commit()
            flash("The challenge is closed.", "success")
            return redirect(url_for("challenges.show", challenge_id=challenge_id))
    return render_template(
        "matching/close_challenge.html", form=form, challenge=challenge
    ), form.status


def outcome_told(challenge: Challenge) -> queries.OutcomeRow:
    """Return the record that a closed challenge was closed with, as the reader may see it."""
    return queries.outcome_told(current_actor(), challenge)


def challenges_of_uses(innovation: Innovation) -> Mapping[int, Challenge]:
    """Return the challenges, of those that the reader sees, for which a record is used."""
    return queries.challenges_of_uses(current_actor(), innovation)


blueprint.add_app_template_global(outcome_told)
blueprint.add_app_template_global(challenges_of_uses)
