"""Who may see a record, and whether it is in use: sharing, archive and the way back."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Role
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.innovations.forms.ownership import (
    LEVELS,
    ArchiveForm,
    DeleteForm,
    RestoreForm,
    SharingForm,
)
from portal.innovations.models import Innovation, RecordStatus, Sharing
from portal.innovations.policy import can_delete, can_manage
from portal.innovations.queries import history
from portal.innovations.queries.people import (
    hins_supporting,
    innovation_of_own_people,
    innovation_to_manage,
    reach,
)
from portal.innovations.services import ownership
from portal.innovations.views import blueprint
from portal.web.choices import choice
from portal.web.format import plural

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
    form = SharingForm()
    _explain(form)
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


def _sharing_page(form: SharingForm, innovation: Innovation) -> Page:
    _explain(form)
    may_manage = can_manage(current_actor(), innovation)
    page = render_template(
        "innovations/sharing.html",
        form=form,
        innovation=innovation,
        may_manage=may_manage,
        may_change=may_manage and innovation.status is not RecordStatus.ARCHIVED,
        hins=hins_supporting(innovation),
    )
    return page, form.status


def _explain(form: SharingForm) -> None:
    """Say under each level who that is now, in numbers."""
    counted = reach()
    hins, icss = counted[Role.HIN], counted[Role.ICS]
    nation = plural(counted[Role.NATIONAL].people, "person", "people") + " in the national team"
    staff = f"{plural(hins.people, 'person', 'people')} in {plural(hins.organisations, 'HIN')}"
    system = f"{plural(icss.people, 'person', 'people')} in {plural(icss.organisations, 'ICS')}"
    hints = (
        f"Today: {staff} and {nation}.",
        f"Today: these and {system}. Choose this to be found when an ICS looks for solutions.",
        "Anybody, without signing in: other companies and the press too.",
    )
    form.sharing.choices = [
        choice(value, label, hint) for (value, label), hint in zip(LEVELS, hints, strict=True)
    ]


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
