"""Judging matches, and what nothing fits."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from portal.accounts.session import current_actor
from portal.db import db
from portal.matching import policy, rules
from portal.matching.forms import CloseUnmetForm, NoneFitsForm, PublishUnmetForm, RejectForm
from portal.matching.queries import judging as queries
from portal.matching.serialise import (
    ACCEPTANCE_HEADER,
    UNMET_HEADER,
    acceptance_rows,
    unmet_rows,
)
from portal.matching.services import judging as services
from portal.matching.views import blueprint
from portal.matching.views.lists import here
from portal.reference.queries import regions
from portal.web.downloads import list_file
from portal.web.filters import Filter, Filters, Option
from portal.web.paging import page_number, paginate


@blueprint.post("/challenges/<int:challenge_id>/matches/<int:innovation_id>/shortlist")
def shortlist(challenge_id: int, innovation_id: int) -> Redirect:
    """Put a match on the shortlist."""
    actor = current_actor()
    challenge = queries.challenge_to_judge_for(actor, challenge_id)
    found = queries.suggestion_to_judge_for(actor, challenge, innovation_id)
    services.shortlist(suggestion=found, by=actor)
    db.session.commit()
    flash(f"{found.innovation.name} is on your shortlist.", "success")
    return _back(challenge_id)


@blueprint.post("/challenges/<int:challenge_id>/matches/<int:innovation_id>/take-back")
def take_back(challenge_id: int, innovation_id: int) -> Redirect:
    """Forget a judgement."""
    actor = current_actor()
    challenge = queries.challenge_to_judge_for(actor, challenge_id)
    found = queries.suggestion_to_judge_for(actor, challenge, innovation_id)
    services.take_back(suggestion=found, by=actor)
    db.session.commit()
    flash(f"What you thought of {found.innovation.name} is taken back.", "success")
    return _back(challenge_id)


@blueprint.route(
    "/challenges/<int:challenge_id>/matches/<int:innovation_id>/reject", methods=["GET", "POST"]
)
def reject(challenge_id: int, innovation_id: int) -> str | Redirect:
    """Say that a match is not for us, and why."""
    actor = current_actor()
    challenge = queries.challenge_to_judge_for(actor, challenge_id)
    found = queries.suggestion_to_judge_for(actor, challenge, innovation_id)
    form = RejectForm()
    if form.is_submitted_and_valid():
        services.reject(suggestion=found, reason=form.chosen(), note=form.note.data or "", by=actor)
        db.session.commit()
        flash(f"{found.innovation.name} is at the end of your list.", "success")
        return _back(challenge_id)
    return render_template(
        "matching/reject.html",
        form=form,
        challenge=challenge,
        innovation=found.innovation,
        here=here(),
    )


@blueprint.route("/challenges/<int:challenge_id>/matches/none", methods=["GET", "POST"])
def none_fits(challenge_id: int) -> str | tuple[str, int] | Redirect:
    """Say that none of the matches fits: an unmet need."""
    actor = current_actor()
    challenge = queries.challenge_to_judge_for(actor, challenge_id)
    form = NoneFitsForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.say_none_fits(challenge=challenge, note=form.note.data, by=actor)
            db.session.commit()
            flash("HINs and the national team now see this as an unmet need.", "success")
            return _back(challenge_id)
    return render_template("matching/none.html", form=form, challenge=challenge), form.status


@blueprint.route("/challenges/<int:challenge_id>/matches/none/publish", methods=["GET", "POST"])
def publish_unmet(challenge_id: int) -> str | tuple[str, int] | Redirect:
    """Put what nothing fits on the public page of the system, in words for everybody."""
    actor = current_actor()
    unmet = queries.unmet_to_publish_for(actor, challenge_id)
    form = PublishUnmetForm(data={"words": unmet.public_words or unmet.note})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.publish_unmet(unmet=unmet, words=form.words.data, by=actor)
            db.session.commit()
            flash("The unmet need stands on the page of your system. Anyone reads it.", "success")
            return _back(challenge_id)
    return render_template("matching/publish_unmet.html", form=form, unmet=unmet), form.status


@blueprint.post("/challenges/<int:challenge_id>/matches/none/unpublish")
def unpublish_unmet(challenge_id: int) -> Redirect:
    """Take it off the public page again."""
    actor = current_actor()
    services.unpublish_unmet(unmet=queries.unmet_to_publish_for(actor, challenge_id), by=actor)
    db.session.commit()
    flash("The unmet need is off the page of your system. HINs still look out for it.", "success")
    return _back(challenge_id)


def _back(challenge_id: int) -> Redirect:
    return redirect(url_for("matching.matches", challenge_id=challenge_id, **here()))


# Unmet needs ---------------------------------------------------------------------------------


@blueprint.get("/matching/unmet-needs")
def unmet_needs() -> str:
    """What no innovation on the pipeline fits, for horizon scanning."""
    filters, wanted = _asked()
    found = queries.unmet_needs_for(current_actor(), wanted)
    return render_template(
        "matching/unmet_needs.html",
        page=paginate(db.session, found, page=page_number(request.args)),
        filters=filters,
        state=wanted.state,
        sees_acceptance=policy.can_see_acceptance(current_actor()),
    )


@blueprint.get("/matching/unmet-needs.<any(csv, xlsx):kind>")
def unmet_needs_file(kind: str) -> Response:
    """The same list as a CSV or Excel file."""
    filters, wanted = _asked()
    found = db.session.scalars(queries.unmet_needs_for(current_actor(), wanted)).all()
    about = {"List": f"Unmet needs, {wanted.state}", **filters.described()}
    return list_file("unmet-needs", kind, UNMET_HEADER, unmet_rows(found), about)


@blueprint.route("/matching/unmet-needs/<int:unmet_id>/close", methods=["GET", "POST"])
def close_unmet(unmet_id: int) -> str | tuple[str, int] | Redirect:
    """Close an unmet need and say what came of it."""
    actor = current_actor()
    unmet = queries.unmet_need_for(actor, unmet_id)
    form = CloseUnmetForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.close_unmet(unmet=unmet, note=form.note.data, by=actor)
            db.session.commit()
            flash("The unmet need is closed.", "success")
            return redirect(url_for("matching.unmet_needs"))
    return render_template("matching/close_unmet.html", form=form, unmet=unmet), form.status


def _asked() -> tuple[Filters, queries.WantedNeeds]:
    """Read the address: which filters, and what they ask of the database."""
    places = [Option(region.code, region.name) for region in regions()]
    months = [Option(month, month) for month in queries.months()]
    chosen = [Filter("region", "Region", places), Filter("month", "Month", months)]
    path = url_for("matching.unmet_needs")
    filters = Filters(path, request.args, chosen, keep=("state",))
    state = request.args.get("state", "open")
    return filters, queries.WantedNeeds(
        state=state if state in {"open", "closed"} else "open",
        regions=filters["region"],
        months=filters["month"],
    )


@blueprint.get("/matching/acceptance")
def acceptance() -> str:
    """How suggestions are taken up, all organisations together."""
    found = queries.acceptance_for(current_actor())
    return render_template("matching/acceptance.html", acceptance=found, rules=rules)


@blueprint.get("/matching/acceptance.<any(csv, xlsx):kind>")
def acceptance_file(kind: str) -> Response:
    """The same counts as a CSV or Excel file."""
    rows = acceptance_rows(queries.acceptance_for(current_actor()))
    about = {"List": "How matches are taken up, all organisations together"}
    return list_file("acceptance-of-matches", kind, ACCEPTANCE_HEADER, rows, about)
