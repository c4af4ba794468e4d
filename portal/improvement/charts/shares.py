"""The pictures of improvement: which figures they show, and the sentence that each one says."""

from collections.abc import Sequence
from dataclasses import replace

from portal.adoption.queries.picture import BANDS
from portal.adoption.rules.shares import added
from portal.improvement.queries.engagement import StakeholderCount
from portal.improvement.queries.programmes import ReportedNumber
from portal.improvement.queries.spread import NodeSpread
from portal.improvement.rules.teams import Retention
from portal.web.charts import Bars, Stacks, bars, stacks


def stages(spread: Sequence[NodeSpread]) -> Stacks | None:
    """Return a bar of stages for each driver and change idea that spreads as a record; None where
    none does."""
    rows = [one for one in spread if one.area.total]
    if not rows:
        return None
    whole = added(one.area.at_5 for one in rows)
    finding = f"In use at {whole.words} of the sites of all of them together"
    if len(rows) == 1:
        finding = f"In use at {whole.words} sites that could use it"
    names = [name for name, _ in BANDS]
    return stacks(finding, names, [(one.label, one.area.bands) for one in rows])


def percents(finding: str, rows: Sequence[tuple[str, float]]) -> Bars | None:
    """Return bars of shares in percent, each against 100; None for no rows."""
    if not rows:
        return None
    made = bars(finding, [(label, 100, round(value)) for label, value in rows])
    said = {label: f"{value:g}%" for label, value in rows}
    return Bars(finding, [replace(row, words=said[row.label]) for row in made.rows])


def participation(found: Retention) -> Bars | None:
    """Return bars of the teams by where they stand; None where none was recruited."""
    if not found.recruited:
        return None
    finding = f"{found.taking_part:,} of {found.recruited:,} teams that were recruited take part"
    rows = [(status.label, count, count) for status, count in found.counts.items()]
    return bars(finding, rows)


def reported(level: str, rows: Sequence[ReportedNumber]) -> Bars | None:
    """Return bars of shares of sites at a level, as a quarter reports them; None of none."""
    if not rows:
        return None
    most = max(rows, key=lambda row: row.number)
    least = min(rows, key=lambda row: row.number)
    finding = f"At {level}: from {least.words} ({least.label}) to {most.words} ({most.label})"
    return percents(finding, [(row.label, row.number) for row in rows])


def engagement(rows: Sequence[StakeholderCount]) -> Bars | None:
    """Return bars of who is engaged of all there are; None where no total is known."""
    known = [(row.kind.name, row.share) for row in rows if row.share is not None]
    if not known:
        return None
    whole = sum(share.numerator == share.denominator for _, share in known)
    finding = f"All are engaged of {whole:,} of {len(known):,} kinds of which the total is known"
    return bars(finding, [(name, share.denominator, share.numerator) for name, share in known])
