"""Record where places stand with an innovation, and let the record's lines of use follow."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from sqlalchemy import select

from portal.accounts.models import Actor
from portal.clock import Precision, day_of, now, today
from portal.db import db
from portal.errors import Conflict, Invalid
from portal.innovations.models import Adoption, AdoptionSource, AdoptionState, Innovation, Use
from portal.innovations.rules import adoption as rules

FOLLOWING = "lines of use follow their rows"
"""In the session's `info` while lines are written from rows."""


@dataclass(frozen=True, slots=True)
class NewStage:
    """What somebody says of a place."""

    site_id: int
    state: AdoptionState
    on: date
    source: AdoptionSource = AdoptionSource.HIN
    reason_id: int | None = None
    note: str = ""
    is_indicative: bool = False
    unit: str = ""
    corrects: Adoption | None = None
    confirms: Adoption | None = None


def record_stages(
    *, innovation: Innovation, stages: Sequence[NewStage], by: Actor
) -> list[Adoption]:
    """Add a row for each, and let the record's lines "where it is in use" follow.

    Three statements and a flush, however many there are. The caller's room asks whether `by` may.
    Raises Invalid for a day to come and a fall, stop or decline without a reason, Conflict for a
    row that was corrected already.
    """
    sites = {one.site_id for one in stages}
    before = _rows(innovation.id, sites)
    made = [_made(innovation, one, before, by) for one in stages]
    db.session.add_all(made)
    db.session.flush()
    with _following():
        _follow(innovation, [*before, *made], sites)
    innovation.changed_at = now()
    db.session.flush()
    return made


def take_back_stages(*, innovation: Innovation, row_ids: Sequence[int]) -> None:
    """Delete rows that were loaded by mistake, as if nobody had said so, and let the lines follow:
    for what undoes a whole load, never for a correction."""
    made = select(Adoption).where(
        Adoption.innovation_id == innovation.id, Adoption.id.in_(list(row_ids))
    )
    gone = db.session.scalars(made).all()
    sites = {one.site_id for one in gone if one.site_id is not None}
    stay = [row for row in _rows(innovation.id, sites) if row not in gone]
    with _following():
        _follow(innovation, stay, sites)
    for row in gone:
        db.session.delete(row)
    db.session.flush()


def _rows(innovation_id: int, sites: Iterable[int]) -> Sequence[Adoption]:
    found = select(Adoption).where(
        Adoption.innovation_id == innovation_id, Adoption.site_id.in_(sites)
    )
    return db.session.scalars(found.order_by(Adoption.id)).all()


def _made(innovation: Innovation, said: NewStage, rows: Sequence[Adoption], by: Actor) -> Adoption:
    if said.on > today():
        raise Invalid("The day must be today or in the past", field="on")
    _check_reason(said, rows)
    return Adoption(
        innovation_id=innovation.id,
        site_id=said.site_id,
        unit=said.unit,
        state=said.state,
        on=said.on,
        at=now(),
        by_id=by.user_id,
        said_by_id=by.organisation_id,
        source=said.source,
        reason_id=said.reason_id,
        note=said.note,
        is_indicative=said.is_indicative,
        corrects_id=said.corrects.id if said.corrects else None,
        confirms_id=said.confirms.id if said.confirms else None,
    )


def _check_reason(said: NewStage, rows: Sequence[Adoption]) -> None:
    """What corrects a row says so in its note; what falls says why."""
    if said.corrects is not None:
        if said.corrects.site_id != said.site_id:
            raise Invalid("A correction is about the place of the row that it corrects")
        if any(row.corrects_id == said.corrects.id for row in rows):
            raise Conflict("Somebody corrected this row already. Look at the rows again.")
        if not said.note:
            raise Invalid("Enter what was wrong", field="note")
        return
    mine = [r for r in rules.counted(rows) if (r.site_id, r.unit) == (said.site_id, said.unit)]
    row = rules.newest(mine, said.on)
    state = row.state if row else AdoptionState.STAGE_0
    if rules.needs_reason(state, said.state) and said.reason_id is None:
        raise Invalid("Select why it fell, stopped or was declined", field="reason")


@contextmanager
def _following() -> Iterator[None]:
    db.session.info[FOLLOWING] = True
    try:
        yield
        db.session.flush()
    finally:
        del db.session.info[FOLLOWING]


def _follow(innovation: Innovation, rows: Sequence[Adoption], sites: Iterable[int]) -> None:
    """Bring the lines of some places in line with their rows."""
    found = select(Use).where(Use.innovation_id == innovation.id, Use.directory_site_id.in_(sites))
    lines: dict[tuple[int | None, str], list[Use]] = {}
    for use in db.session.scalars(found.order_by(Use.from_on, Use.id)):
        lines.setdefault((use.directory_site_id, use.site), []).append(use)
    for part, mine in rules.by_part(rows).items():
        for use, spell in zip_longest(lines.get(part, []), rules.spells(mine)):
            if spell is None:
                db.session.delete(use)
                continue
            line = use or Use(innovation_id=innovation.id)
            _fill(line, part, spell)
            db.session.add(line)


def _fill(line: Use, part: tuple[int | None, str], spell: rules.UsePeriod) -> None:
    row = spell.begins
    line.directory_site_id, line.site = part
    line.is_trial, line.from_on, line.until_on = spell.is_trial, spell.from_on, spell.until_on
    line.from_on_precision = Precision.DAY
    line.until_on_precision = Precision.DAY
    line.begins_id = row.id
    line.ends_id = spell.ends.id if spell.ends else None
    is_claim = row.source is AdoptionSource.INNOVATOR
    line.confirmed_by_id = None if is_claim or not isinstance(row, Adoption) else row.said_by_id
    line.confirmed_on = None if is_claim else day_of(row.at)
