"""Strategic partnerships: the list, the agreement, its reviews."""

from flask import render_template, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.db import db
from portal.errors import Forbidden, NotFound
from portal.innovations.queries import innovation_for
from portal.support import policy
from portal.support.forms import partnerships as forms
from portal.support.queries.partnerships import (
    partnership_for,
    partnership_of,
    partnerships,
    reviews_for,
)
from portal.support.services import partnerships as services
from portal.support.views import blueprint
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, case_for, done, show
from portal.web.filters import Filters
from portal.web.paging import page_number, paginate
from portal.wording import is_overdue

LIST = "support.partnership_list"


@blueprint.get("/support/partnerships")
def partnership_list() -> str:
    """List one's own network's partnerships, or all for the national team."""
    actor = current_actor()
    if not policy.can_read_lists(actor):
        raise Forbidden("Partnerships are for staff of the networks and the national team.")
    page = paginate(db.session, partnerships(actor), page=page_number(request.args))
    return render_template(
        "support/partnerships.html",
        page=page,
        filters=Filters(path=request.path, args=request.args, filters=()),
        actor=actor,
        today=today(),
    )


@blueprint.get(f"{RECORD}/partnerships/<int:partnership_id>")
def read_partnership(innovation_id: int, partnership_id: int) -> str:
    """Show what was agreed and what came of it, as far as it is shared with the reader."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    row = partnership_for(actor, innovation_id, partnership_id)
    return render_template(
        "support/partnership.html",
        innovation=innovation,
        partnership=row,
        reviews=reviews_for(actor, row),
        may_edit=policy.can_decide(actor, row.engagement),
        reads_all=policy.can_review(actor, row.engagement),
        is_late=is_overdue(row.review_on, today()),
    )


@blueprint.route(f"{RECORD}/partnership", methods=BOTH)
def partnership(innovation_id: int) -> Answer:
    """Record what was agreed, or change it."""
    case = case_for(innovation_id)
    form = forms.PartnershipForm(partnership_of(case.engagement.id))
    if form.validate_on_submit():
        with form.refusals():
            services.agree(
                engagement=case.engagement,
                version=form.version.data or 0,
                by=case.by,
                **form.values,
            )
            return done(case.innovation, "The partnership is recorded.")
    return show(form, case.innovation, "step", heading="Strategic partnership", act="Save")


@blueprint.route(f"{RECORD}/partnership/review", methods=BOTH)
def review_partnership(innovation_id: int) -> Answer:
    """Record a review."""
    case = case_for(innovation_id)
    row = partnership_of(case.engagement.id)
    if row is None:
        raise NotFound("No strategic partnership is recorded here.")
    form = forms.ReviewForm()
    if form.validate_on_submit():
        with form.refusals():
            services.review(
                partnership=row,
                on=form.on.data,
                outcomes=form.outcomes.data,
                is_shared=bool(form.is_shared.data),
                next_on=form.next_on.data,
                by=case.by,
            )
            return done(case.innovation, "The review is recorded.")
    return show(form, case.innovation, "step", heading="Review the partnership", act="Save")
