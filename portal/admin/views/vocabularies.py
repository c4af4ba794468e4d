"""The front page for administrators, and the vocabularies."""

from flask import flash, redirect, render_template, url_for
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.admin import queries, services
from portal.admin.forms import TermForm
from portal.admin.views import blueprint
from portal.db import db
from portal.reference.models import Vocabulary


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
    return render_template("admin/terms.html", vocabulary=found, terms=queries.terms(found))


@blueprint.route("/terms/edit/<int:term_id>", methods=["GET", "POST"])
def term(term_id: int) -> Response | str:
    """Rename a term."""
    found = queries.term(term_id)
    form = TermForm(obj=found)
    if not form.is_submitted_and_valid():
        return render_template("admin/term.html", form=form, term=found)
    services.rename_term(
        term=found, label=form.label.data, definition=form.definition.data, by=current_actor()
    )
    db.session.commit()
    flash("Saved the term", "success")
    return redirect(url_for(".vocabulary", vocabulary=found.vocabulary.value))
