"""Every field and measure of the cross-tab by its definition, in plain Python, of a catalogue that
was drawn: the database is asked nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.innovations.models import StandardStatus
from portal.innovations.policy import is_own
from portal.matching.models import Readership
from portal.reference.models import Hin, Term, Vocabulary
from portal.support.models import EngagementState
from portal.support.rules import LIVE
from tests.pipeline.catalogues import LONDON, MULTIPLE, Record, newest


def _is_proven(record: Record, day: date) -> bool:
    return any(
        verified.astimezone(LONDON).date() <= day <= until
        and (withdrawn is None or withdrawn.astimezone(LONDON).date() > day)
        for verified, until, withdrawn in record.proven
    )


@dataclass(frozen=True)
class Engaged:
    """One network's work with a record as it stood on a day."""

    hin: Hin
    level: int | None
    state: EngagementState


def live(record: Record, day: date) -> list[Engaged]:
    """The engagements that were live on the day."""
    return [
        Engaged(hin, newest(levels, day), newest(states, day))
        for hin, states, levels in record.engagements
        if newest(states, day) in LIVE
    ]


def _uses(record: Record, day: date, *, trials: bool = False) -> list[tuple[int, str]]:
    return [
        (place.id, site)
        for place, site, start, end, is_trial in record.uses
        if start <= day and (end is None or end >= day) and is_trial is trials
    ]


def _how_used(record: Record, day: date) -> str:
    if _uses(record, day):
        return "yes"
    return "trial" if _uses(record, day, trials=True) else "no"


def _financial(record: Record) -> tuple[str, int]:
    assert record.row.submitted_at is not None
    day = record.row.submitted_at.astimezone(LONDON).date()
    year = day.year - (day.month < 4)
    return f"{year}/{(year + 1) % 100:02}", (day.month - 4) // 3 % 4 + 1


def _codes(terms: Iterable[Term | None]) -> set[str]:
    return {t.code for t in terms if t is not None} or {"none"}


def _codes_of(hin: Hin | None) -> set[str]:
    return {hin.code} if hin is not None else {"none"}


def _yes(test: bool) -> set[str]:
    return {"yes" if test else "no"}


def _programmes(record: Record, day: date) -> set[str]:
    return {
        one.code
        for one, since in record.programmes
        if one.is_public
        and date(one.from_year or 0, 4, 1) <= day
        and (since is None or since <= day)
    }


def _text(value: Any) -> set[str]:
    return {value.value} if value is not None else {"none"}


_VALUES: dict[str, Callable[[Record, date], set[str]]] = {
    "stage": lambda r, day: _codes([newest(r.stages, day)]),
    "proven": lambda r, day: _yes(_is_proven(r, day)),
    "category": lambda r, _: _codes([r.row.category]),
    "main_purpose": lambda r, _: _codes([r.row.main_purpose]),
    "evidence_kind": lambda r, _: _codes(r.evidence),
    "standard": lambda r, _: _codes(t for t, s in r.standards if s is StandardStatus.YES),
    "in_use": lambda r, day: {_how_used(r, day)},
    "hin_count": lambda r, day: {str(len(live(r, day)))},
    "first_hin": lambda r, _: _codes_of(r.row.hin),
    "ics": lambda r, _: {r.row.ics.code} if r.row.ics else {"none"},
    "region": lambda r, _: {r.row.ics.region.code} if r.row.ics else {"none"},
    "organisation_kind": lambda r, _: _text(r.row.organisation.kind),
    "organisation_size": lambda r, _: _text(r.row.organisation.size),
    "programme": lambda r, day: _programmes(r, day) or {"none"},
    "year": lambda r, _: {_financial(r)[0]},
    "quarter": lambda r, _: {"Q{1} {0}".format(*_financial(r))},
}


ENGAGEMENT: dict[str, Callable[[Engaged], str]] = {
    "hin": lambda one: one.hin.code,
    "level": lambda one: f"LEVEL_{one.level}" if one.level else "none",
    "state": lambda one: one.state.value,
}
"""What is known of one engagement."""
CONDITION: dict[str, Callable[[Term], str]] = {
    "condition": lambda term: term.code,
    "condition_group": lambda term: term.group,
}
"""What is known of one condition."""


def values_of(record: Record, key: str, day: date) -> set[str]:
    """The codes of a dimension's values, by its definition."""
    return {codes[0] for codes in cells_of(record, [key], day)}


def cells_of(record: Record, keys: Sequence[str], day: date) -> set[tuple[str, ...]]:
    """The combinations of values under which a record counts: facts of one engagement, and of one
    condition, stay together."""
    return {codes for codes, _ in placed(record, keys, day)}


def placed(
    record: Record, keys: Sequence[str], day: date
) -> list[tuple[tuple[str, ...], Engaged | None]]:
    """The same, each with the engagement that it stands for, where it tells of one."""
    rows: list[Sequence[Any]] = [[None], [None]]
    if any(key in ENGAGEMENT for key in keys):
        rows[0] = live(record, day) or [None]
    if any(key in CONDITION for key in keys):
        mine = [t for t in record.terms if t.vocabulary is Vocabulary.CONDITION]
        rows[1] = mine or [None]
    found = []
    for engaged, condition in product(*rows):
        codes = [_codes_at(record, key, day, engaged, condition) for key in keys]
        found += [(one, engaged) for one in product(*codes)]
    return found


def _codes_at(
    record: Record, key: str, day: date, engaged: Engaged | None, condition: Term | None
) -> set[str]:
    if key in ENGAGEMENT:
        return {ENGAGEMENT[key](engaged) if engaged else "none"}
    if key in CONDITION:
        return {CONDITION[key](condition) if condition else "none"}
    if key in MULTIPLE:
        return _codes(t for t in record.terms if t.vocabulary is MULTIPLE[key])
    return _VALUES[key](record, day)


def hours_of(placed: Iterable[tuple[Record, Engaged | None]], day: date, actor: Actor) -> float:
    """The hours of these engagements, each once, by definition."""
    once = {(id(r), e.hin.id): (r, e.hin) for r, e in placed if e is not None}
    return sum(_minutes(r, day, actor, hin) for r, hin in once.values()) / 60


def measured(records: Sequence[Record], measure: str, day: date, actor: Actor) -> float:
    """A figure over records, by its definition."""
    if measure == "innovations":
        return len(records)
    if measure == "organisations":
        return len({r.row.organisation_id for r in records})
    if measure == "hours":
        return sum(_minutes(r, day, actor) for r in records) / 60
    if measure == "sites":
        return len({site for r in records for site in _uses(r, day)})
    return len({c.id for r in records for c, who in r.suggested if _reads(actor, r, c, who)})


def _minutes(record: Record, day: date, actor: Actor, hin: Hin | None = None) -> int:
    """The minutes about a record, of one network or all, that the reader may know."""
    found = 0
    for details in record.interactions:
        if hin is not None and details.hin.id != hin.id:
            continue
        ours = not actor.is_hin or details.hin.id == actor.hin_id
        theirs = actor.is_staff or (is_own(actor, record.row) and not details.is_private)
        if details.on <= day and ours and theirs:
            counts = 0 if details.is_void else details.minutes
            found += counts if details.corrected is None else details.corrected
    return found


def _reads(actor: Actor, record: Record, challenge: Challenge, whose: Readership) -> bool:
    if challenge.state is not ChallengeState.OPEN:
        return False
    if actor.is_staff or actor.is_ics:
        return whose is (Readership.STAFF if actor.is_staff else Readership.ICS)
    # The challenges of this catalogue are for the NHS: innovators may not read them.
    return False
