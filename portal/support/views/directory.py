"""The support directory, which anybody reads, and the page on which a network points to it."""

from flask import render_template, request, url_for

from portal.accounts.session import current_actor
from portal.errors import Forbidden
from portal.figures.views.strangers import for_strangers
from portal.notifications.outbox import full_address
from portal.support import policy
from portal.support.forms.directory import EntryForm, PointForm, RetireForm
from portal.support.models import DirectoryEntry, HelperKind
from portal.support.queries import directory as queries
from portal.support.services import directory as services
from portal.support.views import blueprint
from portal.support.views.steps import RECORD, case_for
from portal.support.views.steps import done as done_at_record
from portal.web.access import public
from portal.web.steps import BOTH, Answer, done, show

DIRECTORY = "/support/directory"
SECTION = "Support directory"


@blueprint.get(DIRECTORY)
@public
@for_strangers
def directory() -> str:
    """Show who can help, what they take on and how one comes to them."""
    actor = current_actor()
    asked = request.args.get("kind")
    kind = next((one for one in HelperKind if one.value == asked), HelperKind.NATIONAL)
    found = queries.directory(kind)
    return render_template(
        "support/directory.html",
        found=found,
        kinds=HelperKind,
        kind=kind,
        may_add=policy.can_edit_directory(actor),
        may_edit={one.id for one in found if policy.can_edit_entry(actor, one)},
        may_retire=policy.can_edit_directory(actor),
        canonical=full_address(url_for("support.directory")),
    )


@blueprint.route(f"{DIRECTORY}/add", methods=BOTH)
def add_entry() -> Answer:
    """Add somebody who can help."""
    actor = current_actor()
    if not policy.can_edit_directory(actor):
        raise Forbidden("The national team and administrators add to the directory.")
    form = EntryForm()
    if form.validate_on_submit():
        with form.refusals():
            entry = services.add(kind=form.kind.data, said=form.said, by=actor)
            return done("It stands in the directory.", _address(entry))
    return show(form, "Add to the directory", "Add", back=_back(), section=SECTION)


@blueprint.route(f"{DIRECTORY}/<int:entry_id>/change", methods=BOTH)
def change_entry(entry_id: int) -> Answer:
    """Say what an entry says in other words."""
    actor = current_actor()
    entry = queries.entry_to_edit_for(actor, entry_id)
    form = EntryForm(entry)
    if form.validate_on_submit():
        with form.refusals():
            services.change(entry=entry, said=form.said, version=form.version.data, by=actor)
            return done("It is changed.", _address(entry))
    return show(form, entry.title, "Save", back=_back(), section=SECTION)


@blueprint.route(f"{DIRECTORY}/<int:entry_id>/retire", methods=BOTH)
def retire_entry(entry_id: int) -> Answer:
    """Take an entry out: nobody is pointed there any more."""
    actor = current_actor()
    entry = queries.entry_to_edit_for(actor, entry_id)
    if entry.hin_id is not None or not policy.can_edit_directory(actor):
        raise Forbidden("The national team and administrators take entries out; networks stay.")
    form = RetireForm(data={"version": entry.version})
    if form.validate_on_submit():
        with form.refusals():
            services.retire(entry=entry, version=form.version.data, by=actor)
            return done("Nobody is pointed there any more.", url_for("support.directory"))
    return show(
        form,
        f"Take out {entry.title}",
        "Take it out",
        back=_back(),
        section=SECTION,
        before="Nobody is pointed there any more. Who was pointed there stays in the figures.",
    )


@blueprint.route(f"{RECORD}/signpost", methods=BOTH)
def signpost(innovation_id: int) -> Answer:
    """Point the innovation to others who can help."""
    case = case_for(innovation_id)
    form = PointForm()
    if form.validate_on_submit():
        with form.refusals():
            services.point(
                engagement=case.engagement,
                entry_ids=form.entries.data,
                words=form.words.data,
                by=case.by,
            )
            return done_at_record(case.innovation, "The innovator has been told whom to ask.")
    page = render_template("support/signpost.html", form=form, innovation=case.innovation)
    return page, form.status


def _back() -> tuple[str, str]:
    return url_for("support.directory"), "Back to the support directory"


def _address(entry: DirectoryEntry) -> str:
    anchor = f"entry-{entry.id}"
    return url_for("support.directory", kind=entry.kind.value, _anchor=anchor)
