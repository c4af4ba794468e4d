"""Pictures of what was counted against what was planned."""

from collections.abc import Sequence

from portal.programmes.rules.numbers import plain
from portal.programmes.rules.values import Planned
from portal.reference.rules import Quarter
from portal.web.charts import Bars
from portal.web.charts.bars import ROOM_FOR_NUMBER, ROW, Bar, percent, share
from portal.web.format import lower_first


def against(finding: str, rows: Sequence[tuple[str, Planned]], *, is_exact: bool) -> Bars | None:
    """Return bars, what is planned as outline and what was counted filled; None for no rows.

    What may not be shown is drawn as nothing, so that no length tells it.
    """
    if not rows:
        return None
    shares = [(label, row, row.share(is_exact=is_exact)) for label, row in rows]
    most = max(max(row.planned, found.part if found else 0.0) for _, row, found in shares)
    room, bars = 100 - ROOM_FOR_NUMBER, []
    for number, (label, row, found) in enumerate(shares):
        counted = found.part if found else 0.0
        planned_width, part = share(row.planned, most, room), share(counted, most, room)
        words = plain(counted) if found else row.words(is_exact=is_exact)
        # "Not reported" is too long for the end of a bar on a phone: it stands above it.
        above = f"{label}: {lower_first(words)}" if row.counted is None else label
        bars.append(
            Bar(
                *(above, round(row.planned), number * ROW),
                *(percent(planned_width), percent(part), percent(max(planned_width, part))),
                "" if row.counted is None else words,
            )
        )
    return Bars(finding, bars)


def over_quarters(name: str, rows: Sequence[Planned], *, is_exact: bool) -> Bars | None:
    """Return the bars of one area, a quarter on each row; the finding tells of the last one."""
    told = [row for row in rows if row.counted is not None]
    if not told:
        finding = f"{name}: nothing is reported yet"
    else:
        last = told[-1]
        finding = f"{name}, {Quarter.of(last.quarter_on).code}: {last.words(is_exact=is_exact)}"
    # The outline of a plan that was exceeded lies below what was counted: it is written, too.
    labelled = [
        (f"{Quarter.of(row.quarter_on).code}, planned {plain(row.planned)}", row) for row in rows
    ]
    return against(finding, labelled, is_exact=is_exact)
