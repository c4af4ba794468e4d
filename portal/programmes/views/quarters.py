"""The quarter's words, delivery plans, and the national lead's review."""

from typing import Any

from flask import render_template, request

from portal.accounts.session import current_actor
from portal.clock import today
from portal.errors import Forbidden, NotFound
from portal.figures.views.strangers import for_strangers
from portal.programmes import policy, queries
from portal.programmes.forms import notes as forms
from portal.programmes.models import Programme, ProgrammeNote
from portal.programmes.queries import notes as found
from portal.programmes.queries.lists import sheets_of
from portal.programmes.rules.notes import gravity, is_open_plan, is_open_risk
from portal.programmes.services import notes as services
from portal.programmes.views import blueprint
from portal.programmes.views.steps import ONE, done, edited, show, written
from portal.reference.rules import Quarter
from portal.web.access import public
from portal.web.steps import BOTH, Answer

SHOWN = "programmes.quarter"


def _quarter(code: str) -> Quarter:
    try:
        return Quarter.named(code)
    except ValueError as problem:
        raise NotFound("There is no such quarter.") from problem


def _named(programme: Programme) -> dict[str, Any]:
    """Return what a page with notes needs of them."""
    actor = current_actor()
    return {
        "programme": programme,
        "gravity": gravity,
        "is_open_plan": is_open_plan,
        "is_open_risk": is_open_risk,
        "may_settle": lambda note: policy.can_write_for(actor, note.hin_id),
        "today": today(),
    }


@blueprint.get(f"{ONE}/quarter")
@public
@for_strangers
def quarter(programme_id: int) -> str:
    """Show the words of a quarter, the last one of which anything is written unless asked."""
    actor = current_actor()
    programme = queries.programme_for(actor, programme_id)
    asked = request.args.get("quarter", "")
    last = found.last_quarter_with_words(programme.id) or Quarter.of(today())
    of = _quarter(asked) if asked else last
    return render_template(
        "programmes/quarter.html",
        quarter=of,
        now=Quarter.of(today()),
        notes=found.notes_of(actor, programme.id, of),
        carried=found.carried_over(actor, programme.id, of),
        steps=found.steps_of(programme.id) if actor.is_staff else (),
        reviews=found.reviews_of(programme.id, of) if actor.is_staff else (),
        sheets=sheets_of(actor, programme.id, of) if actor.is_staff else (),
        may_open_sheets=actor.is_hin and of.first <= today(),
        may_write=policy.can_write(actor),
        may_hand_in=actor.is_hin,
        may_review=policy.can_review(actor),
        own=actor.hin_id,
        **_named(programme),
    )


@blueprint.route(f"{ONE}/quarter/<code>/write", methods=BOTH)
def write_note(programme_id: int, code: str) -> Answer:
    """Write words of a quarter; those of the quarter before stand beside."""
    programme = written(programme_id)
    return _write(programme, _quarter(code), None)


@blueprint.route(f"{ONE}/notes/<int:note_id>/edit", methods=BOTH)
def edit_note(programme_id: int, note_id: int) -> Answer:
    """Change words of one's own."""
    programme, note = _own_note(programme_id, note_id)
    return _write(programme, Quarter.of(note.quarter_on), note)


def _own_note(programme_id: int, note_id: int) -> tuple[Programme, ProgrammeNote]:
    actor = current_actor()
    programme = written(programme_id)
    note = found.note_for(actor, programme.id, note_id)
    if not policy.can_write_for(actor, note.hin_id):
        raise Forbidden("A network writes for itself; the national team for the programme.")
    return programme, note


def _write(programme: Programme, of: Quarter, note: ProgrammeNote | None) -> Answer:
    actor = current_actor()
    form, area = forms.NoteForm(note), policy.area_of(actor)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.write_note(
                programme=programme,
                quarter=of,
                hin_id=area,
                kind=form.kind.data,
                words=form.words.data,
                note=note,
                version=form.version.data or 0,
                by=actor,
                **form.risk,
            )
            return done(programme, "The words are saved.", SHOWN, quarter=of.code)
    before = found.notes_of(actor, programme.id, of.previous, area)
    named = {name: value for name, value in _named(programme).items() if name != "programme"}
    names = named | {"beside": True, "notes": before, "hides_actions": True}
    return show(form, programme, f"Words of {of.label}", "Save", **names)


@blueprint.route(f"{ONE}/notes/<int:note_id>/outcome", methods=BOTH)
def settle_plan(programme_id: int, note_id: int) -> Answer:
    """Say what became of a plan."""
    programme, note = _own_note(programme_id, note_id)
    form = forms.OutcomeForm(data={"version": note.version, "outcome": note.outcome})
    if form.is_submitted_and_valid():
        with form.refusals():
            services.settle_plan(
                note=note,
                version=form.version.data or 0,
                outcome=form.outcome.data,
                words=form.words.data or "",
                by=current_actor(),
            )
            return done(
                programme, "It is said what became of the plan.", SHOWN, quarter=_code(note)
            )
    return show(form, programme, "What became of the plan", "Save", before=note.words)


@blueprint.route(f"{ONE}/notes/<int:note_id>/close", methods=BOTH)
def close_risk(programme_id: int, note_id: int) -> Answer:
    """Close a risk or issue."""
    programme, note = _own_note(programme_id, note_id)
    form = forms.CloseForm(obj=note)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.close_risk(
                note=note, version=form.version.data or 0, how=form.how.data, by=current_actor()
            )
            return done(programme, "It is closed.", SHOWN, quarter=_code(note))
    return show(form, programme, f"Close the {note.kind.label.lower()}", "Close", before=note.words)


def _code(note: ProgrammeNote) -> str:
    return Quarter.of(note.quarter_on).code


@blueprint.route(f"{ONE}/plan/new", methods=BOTH)
def add_step(programme_id: int) -> Answer:
    """Add a step to one's own network's delivery plan."""
    return _step(written(programme_id), None)


@blueprint.route(f"{ONE}/plan/<int:step_id>/edit", methods=BOTH)
def edit_step(programme_id: int, step_id: int) -> Answer:
    """Change a step, or say that it is done."""
    programme = written(programme_id)
    return _step(programme, step_id)


def _step(programme: Programme, step_id: int | None) -> Answer:
    actor = current_actor()
    step = found.step_for(programme.id, step_id) if step_id is not None else None
    hin_id = step.hin_id if step else actor.hin_id
    if hin_id is None or not policy.can_write_for(actor, hin_id):
        raise Forbidden("A network keeps its own delivery plan.")
    form = forms.StepForm(step)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.save_step(
                programme=programme,
                hin_id=hin_id,
                words=form.words.data,
                due_on=form.due_on.data,
                done_on=form.done_on.data,
                note=form.note.data or "",
                step=step,
                version=form.version.data or 0,
                by=actor,
            )
            return done(programme, "The step is saved.", SHOWN)
    return show(form, programme, "Step of your delivery plan", "Save")


@blueprint.post(f"{ONE}/quarter/<code>/hand-in")
def hand_in(programme_id: int, code: str) -> Answer:
    """Hand one's own network's quarter in."""
    actor = current_actor()
    programme, of = written(programme_id), _quarter(code)
    if actor.hin_id is None or not actor.is_hin:
        raise Forbidden("Networks hand their quarter in.")
    services.hand_in(programme=programme, quarter=of, hin_id=actor.hin_id, by=actor)
    return done(programme, "Handed in. The national lead looks at it.", SHOWN, quarter=of.code)


@blueprint.route(f"{ONE}/reviews/<int:review_id>", methods=BOTH)
def review_quarter(programme_id: int, review_id: int) -> Answer:
    """Accept what a network handed in, or ask for changes."""
    programme = edited(programme_id)
    row = found.review_for(programme.id, review_id)
    form = forms.ReviewForm(data={"version": row.version, "words": row.words})
    of = Quarter.of(row.quarter_on)
    if form.is_submitted_and_valid():
        with form.refusals():
            services.review_quarter(
                review=row,
                version=form.version.data or 0,
                accepts=bool(form.accepts.data),
                words=form.words.data or "",
                by=current_actor(),
            )
            return done(programme, "The review is recorded.", SHOWN, quarter=of.code)
    notes = found.notes_of(current_actor(), programme.id, of, row.hin_id)
    named = {name: value for name, value in _named(programme).items() if name != "programme"}
    heading = f"Review of {row.hin.name}, {of.code}"
    sheets = sheets_of(current_actor(), programme.id, of, row.hin_id)
    names = named | {"notes": notes, "reviewed": True, "hides_actions": True}
    names |= {"sheets": sheets, "quarter": of}
    return show(form, programme, heading, "Save", **names)
