"""Every field and measure of the cross-tab by its definition, in plain Python, of a catalogue that
was drawn: the database is asked nothing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from portal.accounts.models import Actor
from portal.challenges.models import Challenge, ChallengeState
from portal.innovations.models import StandardStatus
from portal.innovations.policy import is_own
from portal.matching.models import Readership
from portal.reference.models import Hin, Term, Vocabulary
from portal.support.rules import LIVE
from tests.pipeline.catalogues import LONDON, MULTIPLE, Record, newest


def _is_proven(record: Record, day: date) -> bool:
    return any(
        verified.astimezone(LONDON).date() <= day <= until
        and (withdrawn is None or withdrawn.astimezone(LONDON).date() > day)
        for verified, until, withdrawn in record.proven
    )


def _live(record: Record, day: date) -> list[tuple[Hin, Any]]:
    return [
        (hin, newest(levels, day))
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


def _text(value: Any) -> set[str]:
    return {value.value} if value is not None else {"none"}


_VALUES: dict[str, Callable[[Record, date], set[str]]] = {
    "stage": lambda r, day: _codes([newest(r.stages, day)]),
    "proven": lambda r, day: _yes(_is_proven(r, day)),
    "category": lambda r, _: _codes([r.row.category]),
    "main_purpose": lambda r, _: _codes([r.row.main_purpose]),
    "condition_group": lambda r, _: (
        {t.group for t in r.terms if t.vocabulary is Vocabulary.CONDITION} or {"none"}
    ),
    "evidence_kind": lambda r, _: _codes(r.evidence),
    "standard": lambda r, _: _codes(t for t, s in r.standards if s is StandardStatus.YES),
    "in_use": lambda r, day: {_how_used(r, day)},
    "level": lambda r, day: {f"LEVEL_{n}" for _, n in _live(r, day) if n} or {"none"},
    "hin": lambda r, day: {hin.code for hin, _ in _live(r, day)} or {"none"},
    "hin_count": lambda r, day: {str(len(_live(r, day)))},
    "first_hin": lambda r, _: _codes_of(r.row.hin),
    "ics": lambda r, _: {r.row.ics.code} if r.row.ics else {"none"},
    "region": lambda r, _: {r.row.ics.region.code} if r.row.ics else {"none"},
    "organisation_kind": lambda r, _: _text(r.row.organisation.kind),
    "organisation_size": lambda r, _: _text(r.row.organisation.size),
    "year": lambda r, _: {_financial(r)[0]},
    "quarter": lambda r, _: {"Q{1} {0}".format(*_financial(r))},
}


def values_of(record: Record, key: str, day: date) -> set[str]:
    """The codes of a field's values, by its definition."""
    if key in MULTIPLE:
        return _codes(t for t in record.terms if t.vocabulary is MULTIPLE[key])
    return _VALUES[key](record, day)


def measured(records: Sequence[Record], measure: str, day: date, actor: Actor) -> float:
    """A measure over records, by its definition."""
    if measure == "innovations":
        return len(records)
    if measure == "organisations":
        return len({r.row.organisation_id for r in records})
    if measure == "hours":
        return sum(_quarters(r, day, actor) for r in records) / 4
    if measure == "sites":
        return len({site for r in records for site in _uses(r, day)})
    return len({c.id for r in records for c, who in r.suggested if _reads(actor, r, c, who)})


def _quarters(record: Record, day: date, actor: Actor) -> int:
    """The quarters of an hour about a record that the reader may know of."""
    found = 0
    for contact in record.contacts:
        ours = not actor.is_hin or contact.hin.id == actor.hin_id
        theirs = actor.is_staff or (is_own(actor, record.row) and not contact.is_private)
        if contact.on <= day and ours and theirs:
            counts = 0 if contact.is_void else contact.quarters
            found += counts if contact.corrected is None else contact.corrected
    return found


def _reads(actor: Actor, record: Record, challenge: Challenge, whose: Readership) -> bool:
    if challenge.state is not ChallengeState.OPEN:
        return False
    if actor.is_staff or actor.is_ics:
        return whose is (Readership.STAFF if actor.is_staff else Readership.ICS)
    # The challenges of this catalogue are for the NHS: innovators may not read them.
    return False
