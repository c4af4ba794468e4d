"""Ask for an introduction."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db, id_from
from portal.errors import Forbidden, NotFound
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.introductions import policy, queries
from portal.introductions.forms import AskForm
from portal.introductions.services import asking
from portal.introductions.views import blueprint
from portal.reference.models import DeadlineKind
from portal.reference.queries import due_date

Answer = Response | tuple[str, int]


def may_ask(innovation: Innovation) -> bool:
    """Whether the person who asks for this page may ask for an introduction: for templates."""
    return policy.can_ask(current_actor(), innovation)


blueprint.add_app_template_global(may_ask, "may_ask_introduction")


@blueprint.route("/introductions/new", methods=("GET", "POST"))
def ask() -> Answer:
    """Ask to meet the people behind `?innovation=`, for `?challenge=` if need be."""
    actor = current_actor()
    innovation = innovation_for(actor, _id("innovation"))
    if not policy.can_ask(actor, innovation):
        raise Forbidden("ICS staff ask for introductions, to an innovation they may see.")
    challenges = queries.challenges_to_name(actor, _id("challenge"))
    form = AskForm(challenges, data={"challenge": _id("challenge") or None})
    if form.is_submitted_and_valid():
        with form.refusals():
            introduction = asking.ask(
                innovation=innovation,
                challenge=next((c for c in challenges if c.id == form.challenge.data), None),
                purpose=form.purpose.data,
                timescale=form.timescale.data,
                takes_part=form.takes_part.data,
                by=actor,
            )
            introduction_id = introduction.id
            db.session.commit()
            flash("You asked for an introduction. The networks have been told.", "success")
            return redirect(url_for("introductions.show", introduction_id=introduction_id))
    return render_template(
        "introductions/ask.html",
        form=form,
        innovation=innovation,
        due=due_date(DeadlineKind.BROKER, today()).due_on,
        open_one=queries.open_one(actor.organisation_id, innovation.id),
    ), form.status


def _id(name: str) -> int:
    """Return the id in the address; 0, which nothing has, for anything that is none."""
    text = request.args.get(name, "")
    if not text and name == "innovation":
        raise NotFound("Choose an innovation first: search for one, or open a challenge’s matches.")
    return id_from(text) or 0
