"""Views of the pipeline that people keep under a name."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Actor
from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.figures.dimensions import dimensions
from portal.pipeline.forms.saved import ChangeViewForm, SaveViewForm
from portal.pipeline.queries.crosstab import crosstab
from portal.pipeline.queries.values import all_values
from portal.pipeline.serialise import crosstab as serialise
from portal.pipeline.serialise import saved
from portal.pipeline.serialise.notes import notes
from portal.pipeline.views import blueprint
from portal.saved import queries, services
from portal.saved.models import Page as View
from portal.saved.models import SavedView, Shared
from portal.saved.policy import is_own
from portal.web.access import removes

Page = tuple[str, int]


@blueprint.get("/pipeline/saved")
def saved_views() -> str:
    """List the views that the reader saved or that are shared with them."""
    actor = current_actor()
    return render_template("pipeline/saved.html", views=queries.listed(actor), actor=actor)


@blueprint.route("/pipeline/saved/new", methods=["GET", "POST"])
def save_view() -> str | Page | Response:
    """Keep the view of the address under a name."""
    actor, page = current_actor(), saved.page_of(request.args)
    asked, said = _asked(page, actor)
    form = SaveViewForm(data={"shared": Shared.ME})
    if form.is_submitted_and_valid():
        with form.refusals():
            view = services.save(
                name=form.name.data or "", page=page, asked=asked, shared=form.shared.data, by=actor
            )
            db.session.commit()
            flash(f"The view “{view.name}” is saved.", "success")
            return redirect(url_for("pipeline.saved_view", view_id=view.id))
    return render_template("pipeline/save_view.html", form=form, view=None, said=said), form.status


def _asked(page: View, actor: Actor) -> tuple[str, str]:
    """Return the query string of the address that is kept, and what it asks in words."""
    if page is not View.CROSSTAB:
        return saved.kept(page, request.args), saved.said(page, request.args)
    values = all_values(serialise.day_of(request.args))
    filters = serialise.filters_of(serialise.PATH, request.args, values, actor)
    asked = serialise.asked_of(filters, serialise.day_of(filters.args), actor)
    return serialise.canonical(filters, asked), serialise.said(asked, filters, today())


@blueprint.get("/pipeline/saved/<int:view_id>")
def saved_view(view_id: int) -> str:
    """Show a saved view with today's figures, as this reader may know them."""
    actor = current_actor()
    view = queries.view_for(actor, view_id)
    return render_template(
        "pipeline/saved_view.html",
        view=view,
        is_own=is_own(actor, view),
        email=queries.email_of(actor, view),
        **(_table(view, actor) if view.page is View.CROSSTAB else _figures(view, actor)),
    )


def _figures(view: SavedView, actor: Actor) -> dict[str, Any]:
    return {
        "title": saved.title_of(view, actor),
        "figures": saved.figures_of(view, actor),
        "open_url": saved.url_of(view),
        "csv": saved.url_of(view, "csv"),
    }


def _table(view: SavedView, actor: Actor) -> dict[str, Any]:
    values = all_values(serialise.day_of(saved.args_of(view)))
    filters = serialise.filters_of_text(view.asked, values, actor)
    asked = serialise.asked_of(filters, serialise.day_of(filters.args), actor)
    found, drawing = crosstab(actor, asked, values), serialise.Drawing(asked, filters)
    return {
        "asked": asked,
        "drawing": drawing,
        "grid": drawing.grid(found.whole),
        "parts": [(v, drawing.grid(t, v)) for v, t in serialise.largest_parts(found)],
        "parts_in_all": len(found.parts),
        "title": serialise.title(asked),
        "sentence": serialise.sentence(asked, filters, found.whole.total, today()),
        "notes": notes(asked, actor),
        "fields": dimensions(),
        "open_url": filters.url_with(),
        "csv": replace(filters, path=f"{filters.path}.csv").url_with(),
        "xlsx": replace(filters, path=f"{filters.path}.xlsx").url_with(),
    }


@blueprint.route("/pipeline/saved/<int:view_id>/change", methods=["GET", "POST"])
def change_view(view_id: int) -> str | Page | Response:
    """Rename a view, or share it differently."""
    actor = current_actor()
    view = queries.own_view_for(actor, view_id)
    form = ChangeViewForm(obj=view)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.change(
                view=view,
                name=form.name.data or "",
                shared=form.shared.data,
                version=form.version.data,
                by=actor,
            )
            db.session.commit()
            flash("The saved view is changed.", "success")
            return redirect(url_for("pipeline.saved_view", view_id=view.id))
    said = saved.title_of(view, actor)
    return render_template("pipeline/save_view.html", form=form, view=view, said=said), form.status


@blueprint.post("/pipeline/saved/<int:view_id>/delete")
@removes("pipeline.saved_views")
def delete_view(view_id: int) -> Response:
    """Forget a saved view."""
    actor = current_actor()
    services.delete(view=queries.own_view_for(actor, view_id), by=actor)
    db.session.commit()
    flash("The saved view is deleted.", "success")
    return redirect(url_for("pipeline.saved_views"))


@blueprint.post("/pipeline/saved/<int:view_id>/weekly")
def weekly(view_id: int) -> Response:
    """Begin or end the reader's weekly email of a view."""
    actor, wanted = current_actor(), request.form.get("wanted") == "yes"
    services.send_weekly(view=queries.view_for(actor, view_id), wanted=wanted, by=actor)
    db.session.commit()
    flash("You get the figures every week." if wanted else "The weekly email is ended.", "success")
    return redirect(url_for("pipeline.saved_view", view_id=view_id))
