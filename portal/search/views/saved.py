"""Searches that a person keeps under a name."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.db import db, writing
from portal.search import queries, serialise
from portal.search.forms import SaveForm
from portal.search.indexing import asking
from portal.search.models import Alert, SavedSearch
from portal.search.queries.saved import own, saved_for
from portal.search.services import saved as services
from portal.search.views import blueprint
from portal.web.access import removes


@blueprint.get("/search/saved")
def saved_searches() -> str:
    """List the reader's saved searches, with what is new in each."""
    choices = queries.choices()
    rows = [(saved, new, _described(saved, choices)) for saved, new in own(current_actor())]
    return render_template("search/saved.html", rows=rows)


def _described(saved: SavedSearch, choices: queries.Choices) -> str:
    """The search in words, whatever it finds."""
    filters = serialise.filters_of(choices, saved.asked)
    said = serialise.sentence(serialise.wanted_of(filters), 2, choices)
    return serialise.upper_first(said.partition(" ")[2])


@blueprint.route("/search/save", methods=["GET", "POST"])
def save() -> str | tuple[str, int] | Response:
    """Keep the search of the address under a name."""
    actor, choices = current_actor(), queries.choices()
    filters = serialise.filters_of(choices)
    wanted = serialise.wanted_of(filters)
    form = SaveForm(data={"alert": Alert.NEVER})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save(
                name=form.name.data or "",
                asked=serialise.asked_of(filters),
                alert=Alert(form.alert.data),
                found_now=asking.every_id(actor, wanted, choices),
                by=actor,
            )
            db.session.commit()
            flash(f"The search “{form.name.data}” is saved.", "success")
            return redirect(url_for("search.saved_searches"))
    said = serialise.sentence(wanted, 2, choices).partition(" ")[2]
    page = render_template("search/save.html", form=form, saved=None, sentence=said)
    return page, form.status


@blueprint.get("/search/saved/<int:saved_id>")
def run_saved(saved_id: int) -> Response:
    """Open a saved search: its results, with what came since the last time marked."""
    actor = current_actor()
    saved = saved_for(actor, saved_id)
    asked, since = saved.asked, saved.looked_at.isoformat()
    found, worth = _found(actor, saved)
    with writing():
        services.look(saved=saved_for(actor, saved_id), found_now=found, newsworthy=worth, by=actor)
    filters = serialise.filters_of(queries.choices(), asked)
    return redirect(filters.url_with(saved=saved_id, since=since))


def _found(actor: Actor, saved: SavedSearch) -> tuple[list[int] | None, list[int]]:
    choices = queries.choices()
    wanted = serialise.wanted_of(serialise.filters_of(choices, saved.asked))
    found = asking.every_id(actor, wanted, choices)
    return found, list(serialise.newsworthy(wanted, found or []))


@blueprint.route("/search/saved/<int:saved_id>/change", methods=["GET", "POST"])
def change_saved(saved_id: int) -> str | tuple[str, int] | Response:
    """Give a saved search another name, or choose its alert."""
    actor = current_actor()
    saved = saved_for(actor, saved_id)
    form = SaveForm(data={"name": saved.name, "alert": saved.alert})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change(
                saved=saved, name=form.name.data or "", alert=Alert(form.alert.data), by=actor
            )
            db.session.commit()
            flash("The saved search is changed.", "success")
            return redirect(url_for("search.saved_searches"))
    said = _described(saved, queries.choices())
    page = render_template("search/save.html", form=form, saved=saved, sentence=said)
    return page, form.status


@blueprint.post("/search/saved/<int:saved_id>/delete")
@removes("search.saved_searches")
def delete_saved(saved_id: int) -> Response:
    """Forget a saved search; its alerts end."""
    actor = current_actor()
    services.delete(saved=saved_for(actor, saved_id), by=actor)
    db.session.commit()
    flash("The saved search is deleted.", "success")
    return redirect(url_for("search.saved_searches"))
