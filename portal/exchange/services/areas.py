"""Change what is published of an area: its own word from then on, and the trail keeps the rest."""

from typing import Any

from portal.accounts.models import Actor
from portal.audit import services as audit
from portal.clock import Precision, now, today
from portal.db import db, lock
from portal.errors import Conflict, Forbidden
from portal.exchange.models.areas import AreaFact, FactKind
from portal.exchange.queries.areas import facts_of, may_edit
from portal.exchange.rules import areas as rules
from portal.exchange.rules.areas import FactText
from portal.reference.models import Ics


def add(*, ics: Ics, kind: FactKind, said: FactText, by: Actor) -> AreaFact:
    """Add a fact at the end of its kind; raises Forbidden, Conflict for an area that ended, and
    Invalid."""
    _refuse_unless_own(ics, by)
    rules.check(said)
    position = rules.next_position(facts_of(ics), kind)
    fact = AreaFact(ics_id=ics.id, kind=kind, position=position, **_own(said, by))
    db.session.add(fact)
    db.session.flush()
    audit.note(fact, "added", f"added “{said.words}”", by=by)
    return fact


def change(*, fact: AreaFact, said: FactText, version: int, by: Actor) -> None:
    """Say a fact in other words; raises Forbidden, Conflict, Outdated and Invalid."""
    _refuse_unless_own(fact.ics, by)
    lock(fact, seen=version)
    _refuse_if_gone(fact)
    rules.check(said)
    before = rules.said_by(fact)
    if before == said:
        return
    for name, value in _own(said, by).items():
        setattr(fact, name, value)
    audit.note(
        fact,
        "changed",
        f"changed “{before.words}”",
        by=by,
        changes=_changes(before, said),
    )
    db.session.flush()


def withdraw(*, fact: AreaFact, version: int, by: Actor) -> None:
    """Take a fact off the page; it stays in the trail. Raises as `change` does."""
    _refuse_unless_own(fact.ics, by)
    lock(fact, seen=version)
    _refuse_if_gone(fact)
    fact.withdrawn_at, fact.changed_by_id = now(), by.user_id
    audit.note(fact, "withdrawn", f"took “{fact.words}” off the page", by=by)
    db.session.flush()


def _own(said: FactText, by: Actor) -> dict[str, Any]:
    """Return the columns of what the area itself says, today."""
    return rules.columns(said) | {
        "source": "",
        "source_on": today(),
        "source_precision": Precision.DAY,
        "confidence": None,
        "is_own": True,
        "changed_at": now(),
        "changed_by_id": by.user_id,
    }


def _changes(before: FactText, after: FactText) -> dict[str, list[Any]]:
    pairs = {name: [getattr(one, name) for one in (before, after)] for name in rules.LABELS}
    return {
        name: [rules.told(old), rules.told(new)] for name, (old, new) in pairs.items() if old != new
    }


def _refuse_unless_own(ics: Ics, by: Actor) -> None:
    if not may_edit(by, ics):
        raise Forbidden("Only the leads of a system change what its page says.")
    if ics.valid_to is not None and ics.valid_to < today():
        raise Conflict(f"{ics.name} has ended: its page stays as it was.")


def _refuse_if_gone(fact: AreaFact) -> None:
    if fact.withdrawn_at is not None:
        raise Conflict("A colleague took this off the page meanwhile.")
