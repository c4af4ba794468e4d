"""Every message of an introduction, at every state: whole sentences that say who and what."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask import current_app
from jinja2 import StrictUndefined
from sqlalchemy import select

from portal.clock import today
from portal.introductions import outbox, rules
from portal.introductions.models import Ending, Introduction, Outcome, State
from portal.introductions.services import asking, brokering, outcomes
from portal.notifications.models import Notification
from tests.introductions.conftest import ask, end

EMAILS = Path(outbox.__file__).parent / "templates" / "introductions" / "emails"
TEMPLATES = sorted(path.stem for path in EMAILS.glob("*.txt"))
PRONOUN = re.compile(r"(?:^|(?<=[.!?]\s))(?:It|Its|They|Their|He|She|This|That)\b")

LATER = {"accepted", "agreed", "brokered", "declined_by_hin", "met", "taken", "taken_elsewhere"}
"""Templates that speak of the network that took it: not sent before one did."""


CASES = [
    (template, state)
    for template in TEMPLATES
    for state in State
    if not (template in LATER and state is State.REQUESTED)
]


def faults(subject: str, body: str) -> list[str]:
    """Return what is wrong with the words of a message."""
    found = []
    if not subject or not subject[0].isupper():
        found.append(f"the subject does not begin with who or what: {subject!r}")
    found += [
        f"something is missing in {text!r}"
        for text in (subject, body)
        if "None" in text or "  " in text or re.search(r"\s[.,:]|\(\)|^[.,:]", text)
    ]
    # The subject stands elsewhere than the body: a body that begins with "It" speaks of nothing.
    if PRONOUN.match(body):
        found.append(f"the body does not say of whom it speaks: {body!r}")
    return found


@pytest.mark.parametrize(("template", "state"), CASES)
def test_every_template_is_whole_at_every_state(template, state, taken, cast, session):
    taken.state = state
    taken.due_on = None if state is State.ENDED else date(2026, 12, 1)
    taken.met_on = date(2026, 11, 20)
    if state is State.REQUESTED:
        taken.broker_hin = None
    endings = Ending if state is State.ENDED else [None]
    strict = current_app.jinja_env.overlay(undefined=StrictUndefined)
    for ending in endings:
        outcome_of_it = Outcome if template == "outcome" or ending is Ending.OUTCOME else [None]
        for outcome in outcome_of_it:
            taken.ending, taken.outcome = ending, outcome
            with session.no_autoflush:
                source = strict.get_template(f"introductions/emails/{template}.txt")
                text = source.render(introduction=taken, rules=rules, by=cast.hin.actor)
            if template in {"overdue", "reply_overdue"} and taken.due_on is None:
                continue
            subject, _, body = text.strip().partition("\n")
            assert faults(subject.strip(), body.strip()) == [], (ending, outcome)
    session.rollback()


def told(session):
    rows = session.scalars(select(Notification).order_by(Notification.id))
    return [(row.subject, row.body) for row in rows if row.url.startswith("/introductions")]


def test_who_took_it_stands_in_what_the_ics_is_told(cast, as_, record, session):
    introduction = ask(record, cast.other_ics)
    session.commit()
    page = as_(cast.hin)
    page.get(f"/introductions/{introduction.id}")
    page.post(f"/introductions/{introduction.id}/take", data={"version": introduction.version})
    words = told(session)
    assert "Health Innovation West Midlands took your introduction to Breathe Easy" in [
        subject for subject, _ in words
    ]
    assert [fault for subject, body in words for fault in faults(subject, body)] == []


@pytest.mark.parametrize("ending", ["declined", "refused", "withdrawn", *Outcome])
def test_what_is_told_on_every_way_to_an_end_is_whole(ending, cast, record, session):
    row = ask(record, cast.other_ics)
    # As a page would have shown it before: nobody had taken it.
    assert row.broker_hin is None
    brokering.take(introduction=row, version=row.version, by=cast.hin.actor)
    _go_on(row, ending, cast)
    words = told(session)
    assert len(words) >= 3
    assert [fault for subject, body in words for fault in faults(subject, body)] == []


def _go_on(row: Introduction, ending: str, cast) -> None:
    """Bring a taken introduction to an end."""
    if ending == "declined":
        brokering.decline(
            introduction=row, version=row.version, why="No", alternatives="", by=cast.hin.actor
        )
        return
    brokering.accept(introduction=row, version=row.version, context="Good", by=cast.hin.actor)
    if ending == "refused":
        asking.refuse(introduction=row, version=row.version, why="No", by=cast.innovator.actor)
    elif ending == "withdrawn":
        asking.withdraw(introduction=row, version=row.version, why="No", by=cast.other_ics.actor)
    else:
        asking.agree(introduction=row, version=row.version, message="", by=cast.innovator.actor)
        outcomes.meet(introduction=row, version=row.version, on=today(), by=cast.other_ics.actor)
        end(row, cast.other_ics, ending, why="Because")
