"""The task list of a record, the forms of its sections, check your answers, and submitting."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict
from portal.innovations.forms.answers import AnswersForm, form_for
from portal.innovations.forms.ownership import explained_levels
from portal.innovations.models import Innovation, RecordStatus, Section, SectionCopy
from portal.innovations.policy import can_delete, can_manage
from portal.innovations.queries import editable_for
from portal.innovations.queries.reading import shown_parts
from portal.innovations.sections.answers import (
    copy_of,
    current_answers,
    state_of,
    still_needed,
    submitted_answers,
    version_of,
    version_of_all,
    waiting,
)
from portal.innovations.sections.questions import PARTS, Part
from portal.innovations.services.drafts import save_draft
from portal.innovations.services.submission import pick_up_by, submit
from portal.innovations.views import blueprint
from portal.innovations.views.saving import (
    Page,
    conflict_page,
    is_stale,
    is_submitting,
    part_named,
    typed_version,
)
from portal.web.forms import VersionedForm

BASE = "/innovations/<int:innovation_id>"


@blueprint.route(f"{BASE}/edit")
def tasks(innovation_id: int) -> str:
    """Show the sections, how far each is, and what is still needed."""
    innovation = editable_for(current_actor(), innovation_id)
    return render_template(
        "innovations/tasks.html",
        innovation=innovation,
        tasks=[(p, state_of(innovation, p.section), _wanted(innovation, p)) for p in _parts()],
        needed=still_needed(innovation),
        waiting=waiting(innovation),
        may_delete=can_delete(current_actor(), innovation),
        sharing_wanted=_wanted_of(copy_of(innovation, Section.SHARING)),
    )


def _parts() -> list[Part]:
    return list(PARTS.values())


def _wanted(innovation: Innovation, part: Part) -> str:
    return _wanted_of(copy_of(innovation, part.section))


def _wanted_of(copy: SectionCopy | None) -> str:
    return copy.change_wanted if copy else ""


@blueprint.route(f"{BASE}/edit/<section>", methods=["GET", "POST"])
def edit_section(innovation_id: int, section: str) -> str | Response | Page:
    """Ask the questions of a section: keep them as a draft, or submit them."""
    innovation, part = editable_for(current_actor(), innovation_id), part_named(section)
    if part.is_list:
        return _list_page(innovation, part)
    form = form_for(
        part.questions,
        current_answers(innovation, part),
        version=version_of(innovation, part.section),
        is_final=is_submitting(),
    )
    if not form.is_submitted_and_valid():
        return _section_page(form, innovation, part)
    if is_stale(form, innovation, part):
        return conflict_page(form, innovation, part)
    _save(innovation, part, form)
    return _saved(innovation, part)


def _section_page(form: AnswersForm, innovation: Innovation, part: Part) -> str:
    return render_template(
        "innovations/section.html",
        form=form,
        innovation=innovation,
        part=part,
        state=state_of(innovation, part.section),
        wanted=_wanted(innovation, part),
    )


def _save(innovation: Innovation, part: Part, form: AnswersForm) -> None:
    save_draft(
        innovation=innovation,
        section=part.section,
        answers=form.answers,
        version=form.version.data,
        by=current_actor(),
    )
    if is_submitting() and innovation.status is RecordStatus.SUBMITTED:
        _submit_only(innovation, part)
    db.session.commit()


def _submit_only(innovation: Innovation, part: Part) -> None:
    submit(
        innovation=innovation,
        version=version_of_all(innovation),
        by=current_actor(),
        sections=[part.section],
    )


def _saved(innovation: Innovation, part: Part) -> Response:
    state = state_of(innovation, part.section)
    flash(f"{part.title}: saved. It is now “{state.value}”.", "success")
    return redirect(url_for("innovations.tasks", innovation_id=innovation.id))


def _list_page(innovation: Innovation, part: Part) -> str:
    shown = shown_parts([(part, current_answers(innovation, part))], confidential=True)[0]
    return render_template(
        "innovations/items.html",
        innovation=innovation,
        part=part,
        shown=shown,
        state=state_of(innovation, part.section),
        wanted=_wanted(innovation, part),
        version=version_of(innovation, part.section),
        checked=[row.standard.label for row in innovation.standards if row.checked_on],
    )


@blueprint.post(f"{BASE}/edit/<section>/submit")
def submit_section(innovation_id: int, section: str) -> Response:
    """Submit the section's waiting draft as it was read on the page before."""
    innovation, part = editable_for(current_actor(), innovation_id), part_named(section)
    _require_version(innovation, part)
    _submit_only(innovation, part)
    db.session.commit()
    return _saved(innovation, part)


@blueprint.post(f"{BASE}/edit/<section>/discard")
def discard_draft(innovation_id: int, section: str) -> Response:
    """Go back to what was submitted."""
    innovation, part = editable_for(current_actor(), innovation_id), part_named(section)
    save_draft(
        innovation=innovation,
        section=part.section,
        answers=submitted_answers(innovation, part),
        version=typed_version(),
        by=current_actor(),
    )
    db.session.commit()
    flash(f"{part.title}: the draft is discarded. What was submitted stands.", "success")
    return redirect(url_for("innovations.tasks", innovation_id=innovation.id))


def _require_version(innovation: Innovation, part: Part) -> None:
    if typed_version() != version_of(innovation, part.section):
        raise Conflict("This section was changed after you opened the page.")


@blueprint.route(f"{BASE}/check", methods=["GET", "POST"])
def check(innovation_id: int) -> str | Response | Page:
    """Show everything that would be submitted, and submit it."""
    innovation = editable_for(current_actor(), innovation_id)
    form = VersionedForm(data={"version": version_of_all(innovation)})
    if not form.is_submitted_and_valid() or still_needed(innovation):
        return _check_page(form, innovation)
    if form.version.data != version_of_all(innovation):
        form.version.data = version_of_all(innovation)
        return _check_page(form, innovation, is_stale=True), 409
    changes = None if innovation.status is RecordStatus.DRAFT else 1
    submit(innovation=innovation, version=form.version.data, by=current_actor())
    db.session.commit()
    page = url_for("innovations.submitted", innovation_id=innovation.id, changes=changes)
    return redirect(page)


def _check_page(form: VersionedForm, innovation: Innovation, *, is_stale: bool = False) -> str:
    parts = _parts() if innovation.status is RecordStatus.DRAFT else waiting(innovation)
    pairs = [(part, current_answers(innovation, part)) for part in parts]
    return render_template(
        "innovations/check.html",
        form=form,
        innovation=innovation,
        parts=shown_parts(pairs, confidential=True),
        needed=still_needed(innovation),
        is_stale=is_stale,
        sharing=next(one for one in explained_levels() if one.value == innovation.sharing.value),
        may_share=can_manage(current_actor(), innovation),
    )


@blueprint.route(f"{BASE}/submitted")
def submitted(innovation_id: int) -> str:
    """Say that it arrived, who looks at it and by when; or, later, that changes did."""
    innovation = editable_for(current_actor(), innovation_id)
    return render_template(
        "innovations/submitted.html",
        innovation=innovation,
        due_on=pick_up_by(innovation),
        is_first="changes" not in request.args,
    )
