"""The front page for administrators, and the vocabularies."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.admin import queries, services
from portal.admin.forms import NewTermForm, TermForm
from portal.admin.views import blueprint
from portal.db import db
from portal.reference.models import Term, Vocabulary
from portal.web.filters import Filters
from portal.web.paging import PER_PAGE, page_number, paginate


@blueprint.get("")
def index() -> str:
    """Show what there is to look after, and how the jobs stand."""
    return render_template(
        "admin/index.html", vocabularies=queries.vocabularies(), jobs=queries.job_counts()
    )


@blueprint.get("/terms/<vocabulary>")
def vocabulary(vocabulary: str) -> str:
    """List the terms of one vocabulary."""
    if vocabulary not in set(Vocabulary):
        raise NoPage
    found = Vocabulary(vocabulary)
    filters = Filters(path=request.path, args=request.args, filters=(), words="q")
    listed = queries.listed_terms(found, filters.text)
    return render_template(
        "admin/terms.html",
        vocabulary=found,
        page=paginate(db.session, listed, page=page_number(request.args)),
        filters=filters,
        is_fixed=found in services.FIXED,
    )


@blueprint.route("/terms/<vocabulary>/add", methods=["GET", "POST"])
def add_term(vocabulary: str) -> Response | tuple[str, int]:
    """Add a term to a vocabulary."""
    if vocabulary not in set(Vocabulary):
        raise NoPage
    found, form = Vocabulary(vocabulary), NewTermForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            services.add_term(
                vocabulary=found,
                label=form.label.data,
                group=form.group.data,
                definition=form.definition.data,
                by=current_actor(),
            )
            db.session.commit()
            flash("Added the term", "success")
            return redirect(url_for(".vocabulary", vocabulary=vocabulary))
    return render_template("admin/add_term.html", form=form, vocabulary=found), form.status


@blueprint.post("/terms/edit/<int:term_id>/retire")
def retire_term(term_id: int) -> Response:
    """Stop offering a term."""
    return _moved(term_id, services.retire_term, "Retired the term")


@blueprint.post("/terms/edit/<int:term_id>/bring-back")
def bring_back_term(term_id: int) -> Response:
    """Offer a retired term again."""
    return _moved(term_id, services.bring_back_term, "The term is offered again")


@blueprint.post("/terms/edit/<int:term_id>/up")
def move_term_up(term_id: int) -> Response:
    """Let a term stand one place higher."""
    return _moved(term_id, services.move_term_up, "Moved the term")


def _moved(term_id: int, move: Callable[..., None], words: str) -> Response:
    found = queries.term(term_id)
    move(term=found, by=current_actor())
    db.session.commit()
    flash(words, "success")
    return redirect(_place_of(found))


def _place_of(term: Term) -> str:
    """Return the address of the page of the list on which a term stands, at its row."""
    number = queries.terms_before(term) // PER_PAGE + 1
    return url_for(
        ".vocabulary",
        vocabulary=term.vocabulary.value,
        page=number if number > 1 else None,
        _anchor=f"term-{term.id}",
    )


@blueprint.route("/terms/edit/<int:term_id>", methods=["GET", "POST"])
def term(term_id: int) -> Response | tuple[str, int]:
    """Rename a term."""
    found = queries.term(term_id)
    form = TermForm(obj=found)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.rename_term(
                term=found,
                label=form.label.data,
                definition=form.definition.data,
                version=form.version.data,
                by=current_actor(),
            )
            db.session.commit()
            flash("Saved the term", "success")
            return redirect(_place_of(found))
    return render_template("admin/term.html", form=form, term=found), form.status
