"""Who may see a record, and whether it is in use: sharing, archive and the way back."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.innovations.forms.ownership import (
    ArchiveForm,
    DeleteForm,
    RestoreForm,
    SharingForm,
)
from portal.innovations.models import Innovation, RecordStatus, Section, Sharing
from portal.innovations.policy import can_delete, can_manage
from portal.innovations.queries import history, innovation_for
from portal.innovations.queries.people import (
    hins_supporting,
    innovation_of_own_people,
    innovation_to_manage,
)
from portal.innovations.queries.requests import open_request, open_request_for
from portal.innovations.sections.answers import copy_of
from portal.innovations.sections.steps import STEPS
from portal.innovations.services import ownership, requests
from portal.innovations.views import blueprint
from portal.web.access import removes

BASE = "/innovations/<int:innovation_id>"
Page = tuple[str, int]

blueprint.add_app_template_global(history.archived, "why_archived")


@blueprint.get(f"{BASE}/sharing")
def sharing(innovation_id: int) -> str | Page:
    """Show who may see the record, who that is today, and let its owner choose."""
    innovation = innovation_of_own_people(current_actor(), innovation_id)
    return _sharing_page(SharingForm(obj=innovation), innovation)


@blueprint.post(f"{BASE}/sharing")
def change_sharing(innovation_id: int) -> str | Page | Response:
    """Share the record as chosen, from now on."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    form = SharingForm().explained()
    if form.is_submitted_and_valid():
        with form.refusals():
            ownership.change_sharing(
                innovation=innovation,
                sharing=Sharing(form.sharing.data),
                by=actor,
                version=form.version.data,
            )
            db.session.commit()
            flash("Saved who may see the record", "success")
            return redirect(url_for("innovations.sharing", innovation_id=innovation.id))
    return _sharing_page(form, innovation)


@blueprint.route(f"{BASE}/register/sharing", methods=["GET", "POST"])
def register_sharing(innovation_id: int) -> str | Page | Response:
    """Ask who may see the record: the last page of the registration, with nothing chosen yet."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    if innovation.status is not RecordStatus.DRAFT:
        return redirect(url_for("innovations.sharing", innovation_id=innovation.id))
    form = SharingForm(data=_chosen(innovation)).explained()
    if form.is_submitted_and_valid():
        with form.refusals():
            ownership.change_sharing(
                innovation=innovation,
                sharing=Sharing(form.sharing.data),
                by=actor,
                version=form.version.data,
            )
            db.session.commit()
            return redirect(url_for("innovations.tasks", innovation_id=innovation.id))
    page = render_template(
        "innovations/register_sharing.html", form=form, innovation=innovation, count=len(STEPS) + 1
    )
    return page, form.status


def _chosen(innovation: Innovation) -> dict[str, object]:
    """Return what the form of the registration starts with: a choice only if it was made."""
    chosen = copy_of(innovation, Section.SHARING)
    return {
        "version": innovation.version,
        "sharing": innovation.sharing.value if chosen and chosen.submitted_at else None,
    }


@blueprint.post(f"{BASE}/sharing/ask")
def ask_to_share(innovation_id: int) -> Response:
    """Ask the owner to let ICSs see the record."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    requests.ask_to_share(innovation=innovation, by=actor)
    db.session.commit()
    flash("The owner is asked to share it with ICSs", "success")
    return redirect(url_for("innovations.overview", innovation_id=innovation.id))


@blueprint.post(f"{BASE}/sharing/answer")
def answer_to_share(innovation_id: int) -> Response:
    """Share the record with ICSs as was asked, or say no."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    is_shared = "share" in request.args
    ownership.answer_request(request=open_request_for(innovation), is_shared=is_shared, by=actor)
    db.session.commit()
    words = "ICSs can see the record now" if is_shared else "The record stays as it is"
    flash(f"{words}. Who asked has been told", "success")
    return redirect(url_for("innovations.sharing", innovation_id=innovation.id))


def _sharing_page(form: SharingForm, innovation: Innovation) -> Page:
    form.explained()
    may_manage = can_manage(current_actor(), innovation)
    page = render_template(
        "innovations/sharing.html",
        form=form,
        innovation=innovation,
        may_manage=may_manage,
        may_change=may_manage and innovation.status is not RecordStatus.ARCHIVED,
        hins=hins_supporting(innovation),
        asked=open_request(innovation.id),
    )
    return page, form.status


@blueprint.route(f"{BASE}/archive", methods=["GET", "POST"])
def archive(innovation_id: int) -> str | Page | Response:
    """Ask why, and take the record out of use."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    if innovation.status is RecordStatus.ARCHIVED:
        raise Invalid("This record is archived already.")
    form = ArchiveForm(obj=innovation)
    if form.is_submitted_and_valid():
        with form.refusals():
            ownership.archive(
                innovation=innovation, why=form.why.data, by=actor, version=form.version.data
            )
            db.session.commit()
            flash("The record is archived. You can bring it back at any time", "success")
            return redirect(url_for("innovations.activity", innovation_id=innovation.id))
    page = render_template("innovations/archive.html", form=form, innovation=innovation)
    return page, form.status


@blueprint.route(f"{BASE}/delete", methods=["GET", "POST"])
@removes("innovations.catalogue")
def delete(innovation_id: int) -> str | Page | Response:
    """Ask once more, and delete a draft that was never submitted."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    if not can_delete(actor, innovation):
        raise Conflict("This record was submitted or archived: it can be archived, not deleted.")
    form = DeleteForm()
    if form.is_submitted_and_valid():
        ownership.delete_draft(innovation=innovation, by=actor)
        db.session.commit()
        flash("The draft is deleted", "success")
        return redirect(url_for("innovations.catalogue"))
    page = render_template("innovations/delete.html", form=form, innovation=innovation)
    return page, form.status


@blueprint.route(f"{BASE}/restore", methods=["GET", "POST"])
def restore(innovation_id: int) -> str | Page | Response:
    """Bring an archived record back as it was."""
    actor = current_actor()
    innovation = innovation_to_manage(actor, innovation_id)
    if innovation.status is not RecordStatus.ARCHIVED:
        raise Invalid("This record is not archived.")
    form = RestoreForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            ownership.restore(innovation=innovation, why=form.why.data or "", by=actor)
            db.session.commit()
            flash("The record is back", "success")
            return redirect(url_for("innovations.overview", innovation_id=innovation.id))
    page = render_template(
        "innovations/restore.html",
        form=form,
        innovation=innovation,
        archived=history.archived(innovation),
    )
    return page, form.status
