"""Turn what a sheet says into dated rows: stages and money, each once, corrected when sent anew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from portal.accounts.models import Actor
from portal.adoption.models import Funding, Sheet, SheetRow
from portal.adoption.queries.sheets import SheetLine, lines_of, pairs_of
from portal.clock import day_of, now, today
from portal.db import db
from portal.innovations.models import Adoption, AdoptionState, Innovation
from portal.innovations.queries.adoption import rows_of
from portal.innovations.rules.adoption import TRIAL, waiting
from portal.innovations.services.adoption import NewStage, record_stages
from portal.reference.models import Vocabulary
from portal.reference.queries import terms_by_code

SENT_ANEW = "Changed when the update was sent again"


def write_facts(sheet: Sheet, *, by: Actor) -> None:
    """Write what the rows of a sheet say, as at the quarter's last day or today. What was said of a
    place that left the network's area since holds from the day on which it was said: what the
    network there now says of it comes later, and is not undone by a sheet that is sent after it."""
    lines = lines_of(sheet)
    on = _days(sheet, lines)
    for innovation_id in sorted({line.row.innovation_id for line in lines}):
        mine = [line for line in lines if line.row.innovation_id == innovation_id]
        innovation = db.session.get_one(Innovation, innovation_id)
        _write_stages(innovation, mine, on, by)
    _write_money(lines, on, by)
    db.session.flush()


def _days(sheet: Sheet, lines: Sequence[SheetLine]) -> dict[int, date]:
    """Return from which day each row holds, by its number."""
    last, asked = min(sheet.quarter.last, today()), set(pairs_of(sheet))
    return {
        row.id: last
        if (row.site_id, row.innovation_id) in asked or row.saved_at is None
        else min(last, day_of(row.saved_at))
        for row in (line.row for line in lines)
    }


def _write_stages(
    innovation: Innovation, lines: list[SheetLine], on: Mapping[int, date], by: Actor
) -> None:
    rows = rows_of(innovation.id)
    claims = {row.site_id: row for row in waiting(rows, today()) if not row.unit}
    later = {row.corrects_id: row for row in rows}
    wanted = [
        (line, stage)
        for line in lines
        if (stage := _stage(line, on[line.row.id], claims, later)) is not None
    ]
    stages = [stage for _, stage in wanted]
    made = record_stages(innovation=innovation, stages=stages, by=by) if stages else []
    for (line, _), row in zip(wanted, made, strict=True):
        line.row.adoption_id = row.id


Rows = dict[int | None, Adoption]


def _stage(line: SheetLine, on: date, claims: Rows, later: Rows) -> NewStage | None:
    """Return what is new; nothing where nobody knows more, or where it was sent like this."""
    row, written = line.row, line.row.adoption
    same = line.before if written else line.now
    state = row.state or (same.state if same else None)
    if state is None and written is not None:
        state = AdoptionState.STAGE_0
    if state is None or (written is not None and _is_sent(row, state, written)):
        return None
    claim = claims.get(row.site_id)
    confirms = claim if state.level >= TRIAL else None
    return NewStage(
        site_id=row.site_id,
        state=state,
        on=written.on if written else on,
        reason_id=row.reason_id,
        note=row.note or (SENT_ANEW if written else ""),
        corrects=_newest(written, later),
        confirms=confirms,
    )


def _is_sent(row: SheetRow, state: AdoptionState, written: Adoption) -> bool:
    """Whether a row of a sheet says what the dated row says that it became."""
    note = "" if written.note == SENT_ANEW else written.note
    return (written.state, written.reason_id, note) == (state, row.reason_id, row.note)


def _newest(row: Adoption | None, later: Rows) -> Adoption | None:
    """Return what stands for a row now: somebody may have corrected it since it was sent."""
    while row is not None and row.id in later:
        row = later[row.id]
    return row


def _write_money(lines: Iterable[SheetLine], on: Mapping[int, date], by: Actor) -> None:
    """A status that is the same as the one before is no new row."""
    for line in lines:
        row = line.row
        before = line.money_id
        if row.funding_id is None or (row.funding_id == before and row.money_id is None):
            continue
        written = db.session.get(Funding, row.money_id) if row.money_id else None
        if written is not None and written.status_id == row.funding_id:
            continue
        money = Funding(
            innovation_id=row.innovation_id,
            site_id=row.site_id,
            status_id=row.funding_id,
            on=written.on if written else on[row.id],
            at=now(),
            by_id=by.user_id,
            note=row.note,
            corrects_id=written.id if written else None,
        )
        db.session.add(money)
        db.session.flush()
        row.money_id = money.id


def record_money(
    *, innovation: Innovation, site_id: int, code: str, on: date, by: Actor, note: str = ""
) -> Funding:
    """Say where a site's money stands from a day on."""
    (status,) = terms_by_code(Vocabulary.FUNDING_STATUS, [code])
    row = Funding(
        innovation_id=innovation.id,
        site_id=site_id,
        status_id=status.id,
        on=on,
        at=now(),
        by_id=by.user_id,
        note=note,
    )
    db.session.add(row)
    db.session.flush()
    return row
