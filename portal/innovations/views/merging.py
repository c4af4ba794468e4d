"""Two records that are the same thing: the list, side by side, made one, taken back."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import merging
from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.innovations.forms.merging import AGREES, AnswerForm, MergeForm, UndoForm
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.innovations.queries import merging as queries
from portal.innovations.queries.duplicate_pairs import pair_for, possible_duplicates
from portal.innovations.queries.merging import QUESTIONS, MergeOfRecords, answers_of
from portal.innovations.rules.merging import (
    changed_since,
    kept_and_other,
    problem,
    undo_until,
)
from portal.innovations.services import duplicates, parting
from portal.innovations.services import merging as services
from portal.innovations.views import blueprint
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate

BASE = "/innovations/<int:innovation_id>/merge/<int:other_id>"
MERGE = "/merges/<int:merge_id>"
Page = tuple[str, int]


@blueprint.get("/duplicates")
def possible() -> str:
    """List the pairs that may be one innovation, for staff to decide about."""
    actor = current_actor()
    if not actor.is_staff:
        raise Forbidden("HIN and national staff look after possible duplicates.")
    found = paginate(db.session, possible_duplicates(actor), page=page_number(request.args))
    filters = Filters(request.path, request.args)
    return render_template("innovations/possible_duplicates.html", page=found, filters=filters)


@blueprint.post("/duplicates/<int:pair_id>/different")
def different(pair_id: int) -> Response:
    """Remember that the two of a pair are different, so that nobody is asked again."""
    actor = current_actor()
    pair = pair_for(actor, pair_id)
    duplicates.judge(innovation=pair.one, other=pair.other, is_same=False, by=actor)
    db.session.commit()
    flash("Saved: they are different, and nobody is asked again", "success")
    return redirect(url_for("innovations.possible"))


def _two(innovation_id: int, other_id: int) -> tuple[Innovation, Innovation]:
    actor = current_actor()
    records = innovation_for(actor, innovation_id), innovation_for(actor, other_id)
    kept, other = kept_and_other(*records)
    if not queries.may_merge(actor, kept, other):
        raise Forbidden("Staff in whose area they are, or who manages both, make records one.")
    if said := problem(kept, other):
        raise Conflict(said)
    return kept, other


@blueprint.get(BASE)
def compare(innovation_id: int, other_id: int) -> str:
    """Show two records side by side, and let the person choose whose answer is shown."""
    kept, other = _two(innovation_id, other_id)
    return render_template(
        "innovations/merge_compare.html",
        kept=kept,
        other=other,
        rows=_side_by_side(kept, other),
        chosen=_chosen(),
    )


def _side_by_side(kept: Innovation, other: Innovation) -> list[queries.AnswerPair]:
    confidential = queries.may_read_both(current_actor(), kept, other)
    return queries.side_by_side(answers_of(kept), answers_of(other), confidential=confidential)


def _chosen() -> list[str]:
    """Return the questions whose answer is to be the other one's; unknown ones are ignored."""
    return [name for name in dict.fromkeys(request.args.getlist("take")) if name in QUESTIONS]


@blueprint.route(f"{BASE}/confirm", methods=["GET", "POST"])
def confirm_merge(innovation_id: int, other_id: int) -> Page | Response:
    """Say what moves and who is asked or told, and make the two one."""
    actor = current_actor()
    kept, other = _two(innovation_id, other_id)
    rows = [row for row in _side_by_side(kept, other) if row.question.name in _chosen()]
    form = MergeForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            names = [row.question.name for row in rows]
            merge = services.merge_records(
                one=kept, another=other, why=form.why.data, chosen=names, by=actor
            )
            db.session.commit()
            flash(_said(merge), "success")
            return redirect(url_for("innovations.merge", merge_id=merge.id))
    page = render_template(
        "innovations/merge_confirm.html",
        kept=kept,
        other=other,
        form=form,
        rows=rows,
        counts=merging.counts("innovation", other.id),
        asked=[one for one, two in ((kept, other), (other, kept)) if _is_asked(one, two)],
    )
    return page, form.status


def _is_asked(record: Innovation, beside: Innovation) -> bool:
    return queries.must_be_asked(record, beside, current_actor())


def _said(merge: merging.Merge) -> str:
    return "The two are one record now" if merge.stands else "The people of the records are asked"


@blueprint.get(MERGE)
def merge(merge_id: int) -> Page:
    """Show a merge: how it stands, both answers, and the question to those who are asked."""
    return _merge_page(queries.merge_for(current_actor(), merge_id), AnswerForm())


def _merge_page(found: MergeOfRecords, form: AnswerForm) -> Page:
    actor = current_actor()
    before = found.merge.before
    kept = before.get("kept") or answers_of(found.kept)
    other = before.get("other") or answers_of(found.other)
    confidential = queries.may_read_both(actor, found.kept, found.other)
    page = render_template(
        "innovations/merge.html",
        found=found,
        merge=found.merge,
        rows=queries.side_by_side(kept, other, confidential=confidential),
        form=form,
        is_asked=bool(queries.sides_to_answer(actor, found)),
        may_undo=parting.can_undo(actor, found),
        until=undo_until(found.merge),
    )
    return page, form.status


@blueprint.post(f"{MERGE}/answer")
def answer_merge(merge_id: int) -> Page | Response:
    """Say for one's side whether the two are the same."""
    actor = current_actor()
    found = queries.merge_for(actor, merge_id)
    form = AnswerForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            agrees = form.answer.data == AGREES
            services.answer(found=found, agrees=agrees, why=form.why.data, by=actor)
            db.session.commit()
            flash("Saved your answer", "success")
            return redirect(url_for("innovations.merge", merge_id=merge_id))
    return _merge_page(found, form)


@blueprint.route(f"{MERGE}/undo", methods=["GET", "POST"])
def undo_merge(merge_id: int) -> Page | Response:
    """Take a merge back, asking about what came or changed since."""
    actor = current_actor()
    found = queries.merge_for(actor, merge_id)
    if not parting.can_undo(actor, found):
        raise Forbidden("This cannot be taken back, or not by you.")
    form = UndoForm()
    form.also.choices = _later(found)
    form.take_back.choices = _changed(found)
    if form.is_submitted_and_valid():
        with form.refusals():
            parting.undo(
                found=found,
                why=form.why.data,
                also=form.also.data or [],
                take_back=form.take_back.data or [],
                by=actor,
            )
            db.session.commit()
            flash("The two are records of their own again", "success")
            return redirect(url_for("innovations.overview", innovation_id=found.other.id))
    page = render_template("innovations/merge_undo.html", found=found, form=form)
    return page, form.status


def _later(found: MergeOfRecords) -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in merging.later_rows(found.merge)]


def _changed(found: MergeOfRecords) -> Sequence[tuple[str, str]]:
    names = changed_since(found.merge, answers_of(found.kept))
    return [(name, QUESTIONS[name].label) for name in names]
