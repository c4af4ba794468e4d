"""Keep what an evaluation programme looks into: priorities, interventions, syntheses."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import now
from portal.db import add_new, db, lock
from portal.errors import Conflict, Forbidden, Invalid
from portal.programmes.models import (
    EvaluationPriority,
    Intervention,
    Programme,
    Synthesis,
    SynthesisResult,
    SynthesisState,
)
from portal.programmes.policy import area_of, can_change_of, can_edit, can_write
from portal.text import is_called

TAKEN = "The programme has an intervention of this name already."


def add_priority(
    *, programme: Programme, name: str, by: Actor, words: str = ""
) -> EvaluationPriority:
    """Add a priority to which interventions are mapped. Raises Forbidden but for the national
    team, Conflict for a name that the programme has."""
    if not can_edit(by):
        raise Forbidden("The national team sets the priorities.")
    row = EvaluationPriority(
        programme_id=programme.id, name=name, words=words, at=now(), by_id=by.user_id
    )
    same = select(EvaluationPriority.name).where(EvaluationPriority.programme_id == programme.id)
    if is_called(name, db.session.scalars(same)) or not add_new(row):
        raise Conflict("The programme has a priority of this name already.")
    audit.note(programme, "priority_added", f"added the priority “{name}”", by=by)
    return row


def save_intervention(
    *,
    programme: Programme,
    name: str,
    by: Actor,
    intervention: Intervention | None = None,
    version: int = 0,
    words: str = "",
    priorities: Sequence[EvaluationPriority] = (),
    innovation_id: int | None = None,
    source: str = "",
) -> Intervention:
    """Add an intervention for one's network or the programme, or change it. Raises Forbidden for
    others, Conflict for a name that the programme has, Outdated."""
    if not (can_change_of(by, intervention.hin_id) if intervention else can_write(by)):
        raise Forbidden("A network changes what it found; the national team changes everything.")
    if intervention is not None:
        lock(intervention, seen=version)
    _refuse_second(programme, name, intervention)
    row = intervention or Intervention(
        programme_id=programme.id, hin_id=area_of(by), at=now(), by_id=by.user_id, name=name
    )
    if intervention is None and not add_new(row):
        raise Conflict(TAKEN)
    row.name, row.words, row.innovation_id, row.source = name, words, innovation_id, source
    row.priorities = list(priorities)
    db.session.flush()
    audit.note(programme, "intervention_saved", f"wrote of the intervention “{name}”", by=by)
    return row


def _refuse_second(programme: Programme, name: str, own: Intervention | None) -> None:
    same = select(Intervention.name).where(
        Intervention.programme_id == programme.id,
        Intervention.id != (own.id if own else 0),
    )
    if is_called(name, db.session.scalars(same)):
        raise Conflict(TAKEN)


def save_synthesis(
    *,
    intervention: Intervention,
    title: str,
    state: SynthesisState,
    by: Actor,
    synthesis: Synthesis | None = None,
    version: int = 0,
    result: SynthesisResult | None = None,
    words: str = "",
    link: str = "",
    done_on: date | None = None,
) -> Synthesis:
    """Begin a synthesis of evidence on an intervention, or say how it stands. Raises Forbidden for
    others, Invalid where one that is done has no result or day, Outdated."""
    if not can_change_of(by, intervention.hin_id):
        raise Forbidden("A network changes what it found; the national team changes everything.")
    is_done = state is SynthesisState.DONE
    if is_done and result is None:
        raise Invalid("Select what the evidence says", field="result")
    if is_done and done_on is None:
        raise Invalid("Enter the day on which it was done", field="done_on")
    row = synthesis or Synthesis(
        intervention=intervention, title=title, state=state, at=now(), by_id=by.user_id
    )
    if synthesis is None:
        db.session.add(row)
    else:
        lock(synthesis, seen=version)
    row.title, row.state, row.words, row.link = title, state, words, link
    row.result, row.done_on = (result, done_on) if is_done else (None, None)
    db.session.flush()
    said = f"said of the synthesis “{title}”: {state.label.lower()}"
    audit.note(intervention.programme, "synthesis_saved", said, by=by)
    return row
