"""Compare what a network's list says beside a record with what is here: what a row would change.

What is here and not in the list stays.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.accounts.models import User
from portal.clock import today
from portal.db import db
from portal.imports.rules.beside import (
    RowExtras,
    SaidStage,
    SaidSupport,
    SaidTrial,
    hours_text,
    plain,
)
from portal.imports.services.known import ExistingRows, place_of
from portal.innovations.models import Adoption, AdoptionState
from portal.innovations.rules.adoption import counted, needs_reason, newest
from portal.proof.models import Validation, ValidationState
from portal.proof.rules.validations import can_follow
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.support.models import Engagement, EngagementState
from portal.support.rules import LIVE
from portal.support.services import history
from portal.text import folded


@dataclass(slots=True)
class Plan:
    """What a row would change beside a record."""

    past: history.PastSupport | None = None
    minutes: int = 0
    trials: list[tuple[Validation | None, SaidTrial]] = field(default_factory=list)
    stages: list[tuple[SaidStage, date, Adoption | None]] = field(default_factory=list)
    """With its day, and the row whose day it puts right."""
    changes: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def planned(said: RowExtras, known: ExistingRows, *, why: str, began: date | None = None) -> Plan:
    """Return what a row would change; `began` is the day on which its record comes on the pipeline
    where the row makes it, and `why` where the facts are from."""
    plan = Plan(notes=list(said.notes))
    unheard = [name for name in said.others if name not in known.others]
    if unheard:
        names = ", ".join(unheard)
        plan.notes.append(f"Also with {names}, the file says: that network’s own staff record it")
    if said.support is not None:
        _plan_support(plan, said.support, known, why, began)
    for trial in said.trials:
        _plan_trial(plan, trial, known, _state_after(plan, known, began is not None))
    for stage in said.stages:
        _plan_stage(plan, stage, known)
    return plan


def _state_after(plan: Plan, known: ExistingRows, is_new: bool) -> EngagementState | None:
    if plan.past is not None:
        return plan.past.state
    if known.engagement is not None:
        return known.engagement.state
    return EngagementState.NEW if is_new else None


UNREACHED = frozenset({EngagementState.NEW, EngagementState.CHANGES})
LEVELLED = "Engaging needs the support level, 1 to 4"


def _plan_support(
    plan: Plan, said: SaidSupport, known: ExistingRows, why: str, began: date | None
) -> None:
    one = known.engagement
    was = one.state if one else EngagementState.NEW
    state, level = said.state or _implied(said, one, was), said.level
    held = level if level is not None else one.level if one else None
    if state is not was and state in UNREACHED:
        plan.problems["support_state"] = f"{state.label} is not set by a file: do it in the portal"
    elif state is EngagementState.ENGAGING and held is None:
        plan.problems["support_state"] = LEVELLED
    elif level is not None and state in (EngagementState.NEW, EngagementState.ASSESSING):
        plan.problems["support_level"] = f"A level follows the decision: the state is {state.label}"
    since, on = _days(plan, said, known, began)
    is_other = state is not was or (level is not None and one is not None and level != one.level)
    is_led = said.lead_id is not None and (one is None or said.lead_id != one.lead_id)
    if one is None or is_other or is_led:
        plan.past = history.PastSupport(
            state=state, level=level, lead_id=said.lead_id, since=since, on=on, why=why
        )
        _say_support(plan, said, known, state)
    _plan_hours(plan, said, known)


def _implied(said: SaidSupport, one: Engagement | None, was: EngagementState) -> EngagementState:
    """Return the state that a row means which says none: who has a level is engaged with."""
    has_none = one is None or one.level is None
    return EngagementState.ENGAGING if said.level is not None and has_none else was


def _days(
    plan: Plan, said: SaidSupport, known: ExistingRows, began: date | None
) -> tuple[date, date]:
    """Return the day on which it began, and the one from which it stands as it does."""
    since = said.since or said.on or began or today()
    if known.engagement is None:
        if began is not None and since < began:
            words = f"must be on or after the day it came on the pipeline, {began:%d/%m/%Y}"
            plan.problems["support_since" if said.since else "support_on"] = words
        on = said.on or (today() if said.state in ENDED else since)
        if on < since:
            plan.problems["support_on"] = "must be on or after the day on which it began"
        return since, on
    if said.since and said.since != known.began_on and not _is_fresh(known):
        plan.notes.append(f"Your support began on {known.began_on:%d/%m/%Y} here: that stays")
    on = (
        said.on or (said.since if _is_fresh(known) and said.state not in ENDED else None) or today()
    )
    last = known.stands_since
    is_moved = said.state not in (None, known.engagement.state)
    if last and on < last and (is_moved or said.level not in (None, known.engagement.level)):
        plan.problems["support_on"] = f"There is a later step here, of {last:%d/%m/%Y}"
    return max(since, known.began_on or since) if _is_fresh(known) else on, on


ENDED = frozenset({EngagementState.CLOSED, EngagementState.UNSUITABLE})


def _is_fresh(known: ExistingRows) -> bool:
    """Whether nobody of the network has read it yet."""
    return known.engagement is not None and known.engagement.state is EngagementState.NEW


def _say_support(
    plan: Plan, said: SaidSupport, known: ExistingRows, state: EngagementState
) -> None:
    one = known.engagement
    if one is None or state is not one.state:
        plan.changes["Your support: state"] = [one.state.label if one else "", state.label]
    level = one.level if one else None
    if said.level is not None and said.level != level:
        plan.changes["Your support: level"] = [str(level or ""), str(said.level)]
    if said.lead_id is not None and (one is None or said.lead_id != one.lead_id):
        plan.changes["Your support: lead person"] = [
            one.lead.name if one and one.lead else "",
            _name(said.lead_id),
        ]


def _name(user_id: int) -> str:
    return db.session.get_one(User, user_id).name


def _plan_hours(plan: Plan, said: SaidSupport, known: ExistingRows) -> None:
    more = (said.minutes or 0) - known.minutes
    if said.minutes is None or more == 0:
        return
    if more < 0:
        plan.notes.append(f"{hours_text(known.minutes)} hours are logged here: they stay")
        return
    if not said.kind_ids:
        words = "Say in a column which kind of support the hours gave, or leave these cells out"
        plan.problems["support_hours"] = words
        return
    plan.minutes = more
    plan.changes["Your support: hours in all"] = [
        hours_text(known.minutes) if known.minutes else "",
        hours_text(said.minutes),
    ]


def _plan_trial(
    plan: Plan, said: SaidTrial, known: ExistingRows, after: EngagementState | None
) -> None:
    found = _found_trial(plan, said, known)
    if "validation_number" in plan.problems:
        return
    changes = _trial_changes(said, found)
    if found is not None and not changes:
        return
    place = said.place or (place_of(found) if found else "")
    if after is None or (after not in LIVE and (known.engagement is None or found is not None)):
        words = "Only a network that works with it records validations: say how your support stands"
        plan.problems["validation_place"] = words
    plan.problems |= _result_missing(said, found) | _days_wrong(said)
    if found is not None and found.state is not said.state and not _leads(found.state, said.state):
        words = f"It is {found.state.label.lower()} here, and cannot become {said.state.label}"
        plan.problems["validation_state"] = words
    plan.trials.append((found, said))
    plan.changes |= {f"Validation at {place}: {name}": pair for name, pair in changes.items()}


def _result_missing(said: SaidTrial, found: Validation | None) -> dict[str, str]:
    """Say what a completed one lacks."""
    if said.state is not ValidationState.COMPLETED:
        return {}
    problems: dict[str, str] = {}
    if said.is_positive is None and (found is None or found.is_positive is None):
        words = "Say in a column of its own whether the result supports the claim, yes or no"
        problems["validation_result" if said.result else "validation_state"] = words
    if not said.result and (found is None or not found.result):
        problems["validation_state"] = "A completed one needs its result in words"
    elif said.to_on is None and (found is None or found.to_on is None):
        problems["validation_state"] = "A completed one needs the day on which it ended"
    return problems


def _days_wrong(said: SaidTrial) -> dict[str, str]:
    problems: dict[str, str] = {}
    is_planned = said.state is ValidationState.PLANNED
    has_ended = said.state in (ValidationState.COMPLETED, ValidationState.STOPPED)
    if said.from_on and said.from_on > today() and not is_planned:
        problems["validation_from"] = "must be today or in the past"
    if said.to_on and said.to_on > today() and has_ended:
        problems["validation_to"] = "must be today or in the past"
    if said.from_on and said.to_on and said.to_on < said.from_on:
        problems["validation_to"] = "must be on or after the start"
    return problems


def _leads(state: ValidationState, to: ValidationState) -> bool:
    """Whether one follows the other, by way of running."""
    running = ValidationState.RUNNING
    return can_follow(to, state) or (can_follow(running, state) and can_follow(to, running))


def _found_trial(plan: Plan, said: SaidTrial, known: ExistingRows) -> Validation | None:
    """Return the network's validation that a row means: by its number, else by where it was and
    what it asked, where a row says that."""
    if said.number is not None:
        found = next((one for one in known.trials if one.id == said.number), None)
        if found is None:
            plan.problems["validation_number"] = f"You have no validation {said.number} of it"
        return found
    there = [one for one in known.trials if folded(place_of(one)) == folded(said.place)]
    asked = [one for one in there if folded(one.question) == folded(said.question)]
    if said.question or len(there) < 2:
        return next(iter(asked if said.question else there), None)
    plan.problems["validation_number"] = f"There are several at {said.place}: say what it asked"
    return None


TRIAL = {
    "question": "question",
    "place": "where",
    "method": "kind and method",
    "state": "state",
    "from_on": "start",
    "to_on": "end",
    "people": "people",
    "is_positive": "supports the claim",
    "result": "result",
}


def _trial_changes(said: SaidTrial, found: Validation | None) -> dict[str, list[str]]:
    """Return each thing that a validation gives otherwise, before and after; what a row leaves
    empty stays."""
    changes: dict[str, list[str]] = {}
    for name, label in TRIAL.items():
        after = _words(getattr(said, name))
        before = (
            ""
            if found is None
            else _words(place_of(found) if name == "place" else getattr(found, name))
        )
        if after and plain(after) != plain(before):
            changes[label] = [before, after]
    return changes


def _words(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return value.label if isinstance(value, ValidationState) else str(value)


def _plan_stage(plan: Plan, said: SaidStage, known: ExistingRows) -> None:
    mine = [row for row in counted(known.rows) if row.site_id == said.site_id]
    now_there, on = newest(mine, today()), said.on or today()
    if said.on is None and now_there is not None and now_there.state is said.state:
        return
    then = newest(mine, on)
    if then is not None and then.state is said.state and then is not now_there:
        return
    mended = now_there if now_there is not None and now_there.state is said.state else None
    if mended is not None and mended.on == on:
        return
    before = then.state if then else AdoptionState.STAGE_0
    if mended is None and needs_reason(before, said.state) and said.reason_id is None:
        words = f"Say in a column why {said.site_name} fell, stopped or declined"
        plan.problems["adoption_stage"] = words
    plan.stages.append((said, on, mended))
    shown = mended or then
    was = f"{_stage(shown.state)} since {shown.on:%d/%m/%Y}" if shown else ""
    plan.changes[f"At {said.site_name}"] = [was, f"{_stage(said.state)} since {on:%d/%m/%Y}"]


def _stage(state: AdoptionState) -> str:
    return {t.code: t.label for t in terms(Vocabulary.ADOPTION_STAGE)}.get(state.value, state.value)
