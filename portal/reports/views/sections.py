"""A section in work: its text, who writes it, comments, states, the texts it had."""

from flask import render_template, request, url_for

from portal.accounts.session import current_actor
from portal.db import id_from
from portal.reports import policy
from portal.reports.forms.writing import CommentForm, OwnerForm, StateForm, TextForm
from portal.reports.models import ReportSection
from portal.reports.queries.editing import SectionContext, around, owners_of
from portal.reports.queries.exhibits import to_show
from portal.reports.queries.reports import comment_for, comments_of, section_for, texts_of
from portal.reports.rules.comparing import differences
from portal.reports.rules.document import drawn
from portal.reports.rules.text import blocks
from portal.reports.services import writing
from portal.reports.views import blueprint
from portal.reports.views.steps import SECTION, edited, named, show
from portal.web.limits import limiter
from portal.web.steps import BOTH, Answer, done


def _address(section: ReportSection) -> str:
    return url_for("reports.section", section_id=section.id)


def _back(section: ReportSection) -> tuple[str, str]:
    return _address(section), section.heading


@blueprint.route(SECTION, methods=BOTH)
def section(section_id: int) -> Answer:
    """Show a section with what is known around it, and save its text."""
    actor = current_actor()
    found = section_for(actor, section_id)
    form = TextForm(obj=found)
    beside = around(actor, found)
    form.offer(beside.offered, to_show(found.report))
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.save_text(
                section=found,
                version=form.version.data or 0,
                text=form.whole,
                left_out=form.left_out.data,
                by=actor,
            )
            return done("The text is saved.", _address(found))
    return _page(found, form, beside), form.status


def _page(found: ReportSection, form: TextForm, beside: SectionContext) -> str:
    actor, comments = current_actor(), CommentForm()
    comments.offer([one.plain[:60] for one in blocks(found.text)])
    return render_template(
        "reports/section.html",
        section=found,
        form=form,
        state_form=StateForm(obj=found),
        comment_form=comments,
        around=beside,
        drawn=drawn({"sections": [beside.content]}),
        comments=comments_of(found.id),
        photos_at=url_for("reports.photos", report_id=found.report_id),
        states=policy.next_states(actor, found),
        may_write=policy.can_write(actor, found),
        may_assign=policy.can_edit(actor, found.report),
        actor=actor,
    )


@blueprint.post(f"{SECTION}/state")
def state(section_id: int) -> Answer:
    """Put a section into another state."""
    found, form = section_for(current_actor(), section_id), StateForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.set_state(
                section=found,
                version=form.version.data or 0,
                state=form.state.data,
                by=current_actor(),
            )
            return done(f"The section is now: {found.state.label.lower()}.", _address(found))
    shown = TextForm(formdata=None, obj=found)
    for problem in form.problems:
        shown.refuse(problem["text"] or "")
    return _page(found, shown, around(current_actor(), found)), form.status


@blueprint.post(f"{SECTION}/comments")
@limiter.limit("30 per minute")
def comment(section_id: int) -> Answer:
    """Comment on a paragraph."""
    found, form = section_for(current_actor(), section_id), CommentForm()
    form.offer([one.plain[:60] for one in blocks(found.text)])
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.comment(
                section=found,
                paragraph=form.paragraph.data or 0,
                words=form.words.data,
                by=current_actor(),
            )
            return done("Your comment is there.", _address(found))
    return show(form, f"Comment on “{found.heading}”", "Comment", back=_back(found))


@blueprint.post("/reports/comments/<int:comment_id>/done")
def close_comment(comment_id: int) -> Answer:
    """Say that a comment is dealt with."""
    found, row = comment_for(current_actor(), comment_id)
    writing.close_comment(section=found, row=row, by=current_actor())
    return done("The comment is dealt with.", _address(found))


@blueprint.route(f"{SECTION}/owner", methods=BOTH)
def owner(section_id: int) -> Answer:
    """Say who writes a section, by which day."""
    actor = current_actor()
    found = section_for(actor, section_id)
    edited(found.report_id)
    people = owners_of(found.report)
    form = OwnerForm(obj=found, owner=found.owner_id)
    form.offer(people)
    if form.is_submitted_and_valid():
        with form.refusals():
            writing.assign(
                section=found,
                version=form.version.data or 0,
                owner=named(people, form.owner.data),
                due_on=form.due_on.data,
                by=actor,
            )
            return done("It is kept.", _address(found))
    return show(form, f"Who writes “{found.heading}”?", "Save", back=_back(found))


@blueprint.get(f"{SECTION}/versions")
def versions(section_id: int) -> str:
    """Show who wrote what, and what changed from one text to another."""
    found = section_for(current_actor(), section_id)
    texts = texts_of(found.id)
    numbers = {one.number: one for one in texts}
    newest = texts[0].number if texts else 1
    after = numbers.get(id_from(request.args.get("to", "")) or newest)
    before = numbers.get(
        id_from(request.args.get("from", "")) or (after.number - 1 if after else 0)
    )
    return render_template(
        "reports/versions.html",
        section=found,
        texts=texts,
        before=before,
        after=after,
        rows=list(differences(before.text if before else "", after.text if after else "")),
    )
