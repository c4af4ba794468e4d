"""Write what a network's list says beside a record, and take it back.

A network writes its own support, its own validations and the sites of its own area. Nobody is told.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import delete

from portal.accounts.models import Actor
from portal.adoption.services.saying import SiteUpdate, say
from portal.clock import today
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.imports.rules.beside import RowExtras, SaidSupport, SaidTrial, lengths, plain
from portal.imports.services.known import place_of
from portal.imports.services.plans import Plan
from portal.innovations.models import Innovation
from portal.innovations.services.adoption import take_back_stages
from portal.notifications.outbox import untold
from portal.proof.models import Validation, ValidationChange, ValidationState
from portal.proof.services.validations import add_validation, complete, edit_plan, start, stop
from portal.reference.models import Site
from portal.reference.queries import promises_from
from portal.support.models import Engagement, EngagementState, InteractionKind
from portal.support.queries import engagement_of
from portal.support.rules import LIVE
from portal.support.services import history
from portal.support.services.interactions import InteractionDetails, log

DEFAULT_QUESTION = "Does it do in real use what it says?"
"""Of a validation of which a list tells where it was and what came of it, and not what it asked."""


def write(*, plan: Plan, said: RowExtras, innovation: Innovation, by: Actor) -> dict[str, Any]:
    """Do what is planned; returns what `take_back` takes, {} where nothing was done."""
    if plan.problems:
        raise Invalid("; ".join(plan.problems.values()))
    with promises_from(today()), untold():
        return _write(plan, said, innovation, by)


def _write(plan: Plan, said: RowExtras, innovation: Innovation, by: Actor) -> dict[str, Any]:
    engagement = engagement_of(innovation.id, by.hin_id or 0)
    was = history.snapshot(engagement)
    did: dict[str, Any] = {"logged": [], "trials": [], "before": {}, "stages": []}
    past = plan.past
    first = _first_step(past, plan)
    if first is not None:
        engagement = history.load(innovation=innovation, past=first, by=by, engagement=engagement)
    _write_trials(plan, innovation, by, did)
    if past is not None and past is not first:
        engagement = history.load(innovation=innovation, past=past, by=by, engagement=engagement)
    if plan.minutes and said.support is not None:
        did["logged"] = _log(plan, said.support, engagement, by)
    _write_stages(plan, innovation, by, did)
    if past is not None or did["logged"]:
        did["support"] = {"was": was, "made": history.made_since(was, engagement)}
    return did if any(did.values()) else {}


def _first_step(past: history.PastSupport | None, plan: Plan) -> history.PastSupport | None:
    """Return where support is brought first: validations are of a network that works with it, so
    that what ends it comes after them."""
    if past is None or past.state in LIVE or not plan.trials:
        return past
    is_supported = past.level is not None
    state = EngagementState.ENGAGING if is_supported else EngagementState.ASSESSING
    return replace(past, state=state, on=past.since)


def _write_stages(plan: Plan, innovation: Innovation, by: Actor, did: dict[str, Any]) -> None:
    for stage, on, mended in plan.stages:
        said = SiteUpdate(
            state=stage.state,
            on=on,
            reason_id=stage.reason_id,
            note="The day as a file says it" if mended else "",
            corrects_id=mended.id if mended else None,
        )
        site = db.session.get_one(Site, stage.site_id)
        did["stages"].append(say(innovation=innovation, site=site, said=said, by=by).id)


def _log(plan: Plan, said: SaidSupport, engagement: Engagement | None, by: Actor) -> list[int]:
    if engagement is None:
        raise Conflict("Your network has no engagement with this innovation.")
    made = []
    for minutes in lengths(plan.minutes):
        details = InteractionDetails(
            kind=InteractionKind.ADVICE,
            on=said.hours_on or said.on or said.since or today(),
            minutes=minutes,
            kind_ids=said.kind_ids,
            note="Hours of a list that was brought in",
        )
        made.append(log(engagements=[engagement], details=details, by=by).id)
    return made


def _write_trials(plan: Plan, innovation: Innovation, by: Actor, did: dict[str, Any]) -> None:
    for found, said in plan.trials:
        if found is None:
            did["trials"].append(_new_trial(said, innovation, by).id)
            continue
        did["before"][str(found.id)] = _trial_before(found)
        _change_trial(found, said, by)


def _new_trial(said: SaidTrial, innovation: Innovation, by: Actor) -> Validation:
    values: dict[str, Any] = {
        "question": said.question or DEFAULT_QUESTION,
        "site": said.place,
        "method": said.method,
        "from_on": said.from_on,
        "to_on": said.to_on,
    }
    if said.state is ValidationState.COMPLETED:
        values |= {"is_positive": said.is_positive, "result": said.result, "people": said.people}
    return add_validation(innovation=innovation, by=by, state=said.state, **values)


def _change_trial(found: Validation, said: SaidTrial, by: Actor) -> None:
    columns = {"question": said.question, "site": said.place, "method": said.method}
    plan: dict[str, Any] = {name: text for name, text in columns.items() if text}
    if plain(place_of(found)) == said.place:
        plan.pop("site", None)
    plan |= {n: getattr(said, n) for n in ("from_on", "to_on") if getattr(said, n)}
    if found.state in (ValidationState.PLANNED, ValidationState.RUNNING) or plan:
        edit_plan(validation=found, version=found.version, by=by, **plan)
    begins = said.state in (ValidationState.RUNNING, ValidationState.COMPLETED)
    if begins and found.state is ValidationState.PLANNED:
        on = said.from_on or found.from_on or said.to_on or today()
        start(validation=found, version=found.version, on=min(on, today()), by=by)
    on = said.to_on or found.to_on or today()
    if said.state is ValidationState.STOPPED and found.state is not ValidationState.STOPPED:
        why = said.result or "Stopped, as a list says that was brought in"
        stop(validation=found, version=found.version, on=on, why=why, by=by)
    if said.state is ValidationState.COMPLETED:
        values: dict[str, Any] = {
            "is_positive": said.is_positive,
            "people": said.people,
            "result": said.result,
        }
        given: dict[str, Any] = {
            name: value for name, value in values.items() if value not in (None, "")
        }
        complete(validation=found, version=found.version, on=on, by=by, **given)


PLAIN = ("question", "site", "method", "people", "is_positive", "result", "is_published")


def _trial_before(one: Validation) -> dict[str, Any]:
    days = {n: d.isoformat() if (d := getattr(one, n)) else None for n in ("from_on", "to_on")}
    steps = [row.id for row in one.changes]
    return {
        **{name: getattr(one, name) for name in PLAIN},
        **days,
        "state": one.state.value,
        "steps": steps,
    }


def take_back(*, did: Mapping[str, Any], innovation: Innovation, by: Actor) -> None:
    """Take back what `write` did beside a record."""
    if did["stages"]:
        take_back_stages(innovation=innovation, row_ids=did["stages"])
    for number in did["trials"]:
        db.session.execute(delete(Validation).where(Validation.id == number))
    for number, was in did["before"].items():
        _put_trial_back(int(number), was)
    if did.get("support"):
        history.unlog(did["logged"])
        history.take_back(innovation=innovation, **did["support"], by=by)


def _put_trial_back(number: int, was: Mapping[str, Any]) -> None:
    one = db.session.get(Validation, number)
    if one is None:
        return
    newer = ValidationChange.id.not_in(was["steps"]) & (ValidationChange.validation_id == number)
    db.session.execute(delete(ValidationChange).where(newer))
    db.session.expire(one, ["changes"])
    for name in PLAIN:
        setattr(one, name, was[name])
    for name in ("from_on", "to_on"):
        setattr(one, name, date.fromisoformat(was[name]) if was[name] else None)
    one.state = ValidationState(was["state"])
    db.session.flush()
