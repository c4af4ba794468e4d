"""The milestones of a record: what was reached, when, and what shows it."""

from collections.abc import Sequence
from itertools import groupby

from flask import render_template

from portal.accounts.session import current_actor
from portal.errors import Conflict, Forbidden
from portal.innovations.models import Innovation
from portal.innovations.queries import innovation_for
from portal.proof.forms import milestones as forms
from portal.proof.models import MilestoneReached
from portal.proof.policy import can_record
from portal.proof.queries import milestones as found
from portal.proof.services import milestones as services
from portal.proof.views import blueprint
from portal.reference.models import Term, Vocabulary
from portal.reference.queries import labels_of, terms
from portal.support import policy, queries
from portal.support.views.outcomes import BOTH
from portal.support.views.steps import RECORD, Answer, done, show

PAGE = f"{RECORD}/milestones"
LIST = "proof.milestones"


@blueprint.get(PAGE)
def milestones(innovation_id: int) -> str:
    """Show the whole catalogue, with what this innovation has reached."""
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not policy.can_read(actor, innovation):
        raise Forbidden("Milestones are shown to the innovation's people and to staff.")
    reached = {row.milestone_id: row for row in found.milestones_reached(innovation_id)}
    held = [row.milestone.code for row in reached.values()]
    catalogue = terms(Vocabulary.MILESTONE, held=held)
    return render_template(
        "proof/milestones.html",
        innovation=innovation,
        phases=[(name, list(rows)) for name, rows in groupby(_ordered(catalogue), _phase)],
        reached=reached,
        areas=labels_of(Vocabulary.PROGRESS_AREA),
        can_record=can_record(actor, queries.engagements(innovation_id)),
    )


@blueprint.route(f"{PAGE}/<code>", methods=BOTH)
def tick_milestone(innovation_id: int, code: str) -> Answer:
    """Tick one with its day and evidence."""
    innovation, milestone, row = _one(innovation_id, code)
    if row is not None:
        raise Conflict(f"“{milestone.label}” is ticked already.")
    form = forms.TickForm()
    if form.validate_on_submit():
        with form.refusals():
            services.tick(
                innovation=innovation,
                milestone=milestone,
                on=form.on.data,
                evidence=form.evidence.data,
                link=form.link.data or "",
                by=current_actor(),
            )
            return done(innovation, "The milestone is ticked. The innovator has been told.", LIST)
    return show(form, innovation, "proof/milestone", milestone=milestone, act="Tick")


@blueprint.route(f"{PAGE}/<code>/undo", methods=BOTH)
def undo_milestone(innovation_id: int, code: str) -> Answer:
    """Take one back, saying why."""
    innovation, milestone, row = _one(innovation_id, code)
    if row is None:
        raise Conflict(f"“{milestone.label}” is not ticked.")
    form = forms.TakeBackForm()
    if form.validate_on_submit():
        with form.refusals():
            services.take_back(reached=row, why=form.why.data, by=current_actor())
            return done(innovation, "The milestone is taken back.", LIST)
    return show(form, innovation, "proof/milestone", milestone=milestone, act="Take it back")


def _one(innovation_id: int, code: str) -> tuple[Innovation, Term, MilestoneReached | None]:
    actor = current_actor()
    innovation = innovation_for(actor, innovation_id)
    if not can_record(actor, queries.engagements(innovation_id)):
        raise Forbidden("Only a network that works with this innovation ticks its milestones.")
    milestone = found.milestone_called(code)
    return innovation, milestone, found.reached_for(innovation_id, code)


def _phase(term: Term) -> str:
    return term.group


def _ordered(catalogue: Sequence[Term]) -> list[Term]:
    order = ("Discover", "Develop", "Deploy")
    return sorted(catalogue, key=lambda term: (order.index(term.group), term.position))
