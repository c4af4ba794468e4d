"""The files of a piece of evidence: put, taken out, saved by its readers."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.innovations.forms.files import EvidenceFileForm
from portal.innovations.models import Innovation, Section
from portal.innovations.queries import editable_for, innovation_for
from portal.innovations.queries.files import evidence_file_for
from portal.innovations.queries.reading import shown_parts
from portal.innovations.rules.evidence import MAX_FILES
from portal.innovations.sections.answers import version_of
from portal.innovations.sections.questions import EVIDENCE
from portal.innovations.services.files import add_file, items_with, remove_file
from portal.innovations.views import blueprint
from portal.innovations.views.saving import Page, typed_version
from portal.innovations.views.sections import BASE
from portal.web.access import public, removes
from portal.web.downloads import file_response

FILES = f"{BASE}/edit/evidence/<int:number>/files"


@blueprint.get(f"{BASE}/evidence/files/<int:file_id>")
@public
def evidence_file(innovation_id: int, file_id: int) -> Response:
    """Give a file of the evidence, always to be saved, to whoever may read the evidence."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    return file_response(evidence_file_for(actor, innovation, file_id))


@blueprint.route(FILES, methods=["GET", "POST"])
def files(innovation_id: int, number: int) -> str | Response | Page:
    """Show the files of a piece of evidence in the draft, and put one more to it."""
    actor = current_actor()
    innovation = editable_for(actor, innovation_id)
    form = EvidenceFileForm(data={"version": version_of(innovation, Section.EVIDENCE)})
    if form.is_submitted_and_valid():
        with form.refusals():
            version, sent = form.version.data, form.sent
            row = add_file(
                innovation=innovation, number=number, file=sent, version=version, by=actor
            )
            db.session.commit()
            flash(f"{row.name} is in the draft.", "success")
            return _to_files(innovation, number)
    return _page(form, innovation, number)


@blueprint.post(f"{FILES}/<int:file_id>/remove")
@removes("innovations.files")
def remove_evidence_file(innovation_id: int, number: int, file_id: int) -> Response:
    """Take a file out of the draft."""
    actor = current_actor()
    innovation = editable_for(actor, innovation_id)
    remove_file(
        innovation=innovation, number=number, file_id=file_id, version=typed_version(), by=actor
    )
    db.session.commit()
    flash("The file is out of the draft.", "success")
    return _to_files(innovation, number)


def _page(form: EvidenceFileForm, innovation: Innovation, number: int) -> Page:
    item = items_with(innovation, number)[number - 1]
    if form.is_outdated:
        form.version.data = version_of(innovation, Section.EVIDENCE)
    shown = shown_parts([(EVIDENCE, {"items": [item]})], confidential=True)[0].items[0]
    page = render_template(
        "innovations/files.html",
        form=form,
        innovation=innovation,
        number=number,
        title=item["title"],
        files=next(one.value or [] for one in shown if one.question.name == "files"),
        version=version_of(innovation, Section.EVIDENCE),
        max_files=MAX_FILES,
    )
    return page, form.status


def _to_files(innovation: Innovation, number: int) -> Response:
    return redirect(url_for("innovations.files", innovation_id=innovation.id, number=number))
