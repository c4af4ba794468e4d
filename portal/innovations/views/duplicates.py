"""Records that are likely the same thing, and what people say of them."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.session import current_actor
from portal.db import db
from portal.errors import Forbidden
from portal.innovations.forms.duplicates import SAME, JudgeForm
from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import can_judge_duplicates, can_manage, is_own, looks_first
from portal.innovations.queries import innovation_for
from portal.innovations.queries.duplicates import likely_duplicates
from portal.innovations.services.duplicates import judge
from portal.innovations.views import blueprint
from portal.web.addresses import safe_next

BASE = "/innovations/<int:innovation_id>/duplicates"
Page = tuple[str, int]


def page_of_duplicates(innovation: Innovation, *, then: str) -> str:
    """Return the address to go to after the first page of a registration: the likely duplicates
    if there are any, with `then` as the way on; otherwise `then` itself."""
    if not likely_duplicates(current_actor(), innovation):
        return then
    return url_for("innovations.duplicates", innovation_id=innovation.id, next=then)


def _to_judge(innovation_id: int) -> Innovation:
    innovation = innovation_for(current_actor(), innovation_id)
    if not can_judge_duplicates(current_actor(), innovation):
        raise Forbidden("Only its own people and HIN staff compare a record with others.")
    return innovation


@blueprint.get(BASE)
def duplicates(innovation_id: int) -> Page:
    """Show the likely duplicates that the person may see, and whether there are others."""
    return _page(_to_judge(innovation_id), JudgeForm())


def _page(innovation: Innovation, form: JudgeForm) -> Page:
    actor = current_actor()
    page = render_template(
        "innovations/duplicates.html",
        innovation=innovation,
        form=form,
        found=likely_duplicates(actor, innovation),
        is_own=is_own(actor, innovation),
        can_merge=looks_first(actor, innovation),
        then=safe_next(request.args.get("next")),
    )
    return page, form.status


@blueprint.post(f"{BASE}/<int:other_id>")
def judge_duplicate(innovation_id: int, other_id: int) -> Page | Response:
    """Keep what the person says of the pair."""
    actor = current_actor()
    innovation = _to_judge(innovation_id)
    other = innovation_for(actor, other_id)
    form = JudgeForm()
    if form.is_submitted_and_valid():
        with form.refusals():
            is_same = form.verdict.data == SAME
            judge(innovation=innovation, other=other, is_same=is_same, by=actor)
            db.session.commit()
            return redirect(_after(innovation, other, is_same=is_same))
    return _page(innovation, form)


def _after(innovation: Innovation, other: Innovation, *, is_same: bool) -> str:
    """Return where to go on: a draft that is there already is archived, not finished."""
    actor = current_actor()
    name = other.name
    doubled = is_same and is_own(actor, other) and innovation.status is RecordStatus.DRAFT
    if doubled and can_manage(actor, innovation):
        flash(f"Archive this draft and go on with {name}, which is yours already")
        return url_for("innovations.archive", innovation_id=innovation.id)
    if is_same and is_own(actor, innovation) and not is_own(actor, other):
        flash(f"The HIN that looks after {name} is told that it is yours too", "success")
    else:
        flash(f"Saved: {name} is {'the same' if is_same else 'different'}", "success")
    then = safe_next(request.args.get("next"))
    return url_for("innovations.duplicates", innovation_id=innovation.id, next=then)
