"""What the rows of a programme say together: parts and their whole, pairs, sums, shares. Pure.

Sources print such numbers, and sometimes print them wrongly: they are worked out from the rows
each time, and a gap or a contradiction is said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.programmes.models import Basis, ProgrammeValue, ValueKind
from portal.programmes.rules.numbers import Share, plain

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that follows from rows: what it is called, the sum as it is worked out, and what
    has to be known of it."""

    label: str
    sum: str
    period: str
    note: str = ""


Rows = Sequence[ProgrammeValue]


def worked_out(rows: Iterable[ProgrammeValue]) -> list[Line]:
    """Return everything that follows from the counted rows of one programme, by period."""
    by_time: dict[tuple[str, int | None], list[ProgrammeValue]] = defaultdict(list)
    for row in rows:
        if row.kind is ValueKind.ACTUAL and row.value is not None:
            by_time[row.period, row.hin_id].append(row)
    found: list[Line] = []
    for group in by_time.values():
        for rule in RULES:
            found += rule(group)
    return found


def _of(rows: Rows, code: str) -> list[ProgrammeValue]:
    return [row for row in rows if row.measure.code == code]


def _amount(row: ProgrammeValue) -> float:
    return row.value or 0.0


def _about(row: ProgrammeValue) -> str:
    """Return what a row is of: its product, or what was written."""
    return row.product.name if row.product else row.products


def splits(rows: Rows) -> list[Line]:
    """Sites in use by how they are paid for; what is in no state is "not stated"."""
    found = []
    for whole in _of(rows, "SITES_LIVE"):
        parts = [
            row
            for row in _of(rows, "SITES_BY_FUNDING_STATE")
            if row.product_id == whole.product_id and row.products == whole.products
        ]
        if parts:
            found.append(_split(whole, parts))
    return found


def _split(whole: ProgrammeValue, parts: Rows) -> Line:
    rest = _amount(whole) - sum(_amount(part) for part in parts)
    named = [f"{plain(_amount(part))} {part.part}" for part in parts]
    named += [f"{plain(rest)} {NOT_STATED}"] if rest > 0 else []
    total = f"{whole.qualifier} {plain(_amount(whole))}".strip()
    note = "The parts are more than the whole." if rest < 0 else ""
    return Line(
        f"{_about(whole)}: sites by funding", f"{total} = {' + '.join(named)}", whole.period, note
    )


def pairs(rows: Rows) -> list[Line]:
    """Sites of competing products: together they are pairs of a site and a product."""
    live = [row for row in _of(rows, "SITES_LIVE") if row.product]
    if len(live) < 2:
        return []
    parts = " + ".join(f"{plain(_amount(row))} ({_about(row)})" for row in live)
    total = plain(sum(_amount(row) for row in live))
    return [
        Line(
            "Pairs of a site and a product",
            f"{total} = {parts}",
            live[0].period,
            "A site that uses both is in it twice: these are pairs, not sites.",
        )
    ]


def live_of_all(rows: Rows) -> list[Line]:
    """Sites live among all that are meant: those live and those still to adopt."""
    found = []
    for live in _of(rows, "SITES_LIVE"):
        for waiting in _of(rows, "SITES_TO_ADOPT"):
            if live.product_id == waiting.product_id:
                share = Share(_amount(live), _amount(live) + _amount(waiting))
                words = f"{plain(share.part)} live, {plain(_amount(waiting))} to adopt"
                found.append(
                    Line(f"{_about(live)}: sites live", f"{words}: {share.words}", live.period)
                )
    return found


def sums(rows: Rows) -> list[Line]:
    """Awards in parts: the total is worked out, and what the source states stands beside it."""
    found = []
    for code, unit in (("FUNDING_AWARDED", "£"), ("FUNDING_AWARDS", "")):
        parts = [row for row in _of(rows, code) if row.part]
        stated = [row for row in _of(rows, code) if not row.part]
        if len(parts) < 2:
            continue
        total = sum(_amount(row) for row in parts)
        words = " + ".join(f"{unit}{plain(_amount(row))} {row.part}" for row in parts)
        other = sorted({_amount(row) for row in stated} - {total})
        said = ", ".join(f"{unit}{plain(amount)}" for amount in other)
        note = f"The source states {said}: its own parts do not make it." if said else ""
        label = parts[0].measure.name
        found.append(
            Line(f"{label}, in all", f"{unit}{plain(total)} = {words}", parts[0].period, note)
        )
    return found


def success(rows: Rows) -> list[Line]:
    """Awards out of the applications of the same round."""
    sent, won = _of(rows, "FUNDING_APPLICATIONS"), _of(rows, "FUNDING_AWARDS")
    if not sent or len(won) != 1:
        return []
    share = Share(_amount(won[0]), sum(_amount(row) for row in sent))
    return [Line("Applications that won", share.words, won[0].period)]


def before(rows: Rows) -> list[Line]:
    """A share before a change in points, from the share after it and the change."""
    found = []
    for change in rows:
        if change.basis is not Basis.CHANGE or not change.denominator or not change.numerator:
            continue
        for after in rows:
            if _is_after(after, change):
                part = (after.numerator or 0.0) - change.numerator
                share = Share(part, change.denominator)
                words = (
                    f"{share.words}, then {Share(after.numerator or 0.0, change.denominator).words}"
                )
                found.append(Line(f"{after.measure.name}: before and after", words, after.period))
    return found


def _is_after(row: ProgrammeValue, change: ProgrammeValue) -> bool:
    return (
        row.measure_id == change.measure_id
        and row.basis is Basis.AT_END
        and row.product_id == change.product_id
        and row.denominator == change.denominator
    )


def most_sites(rows: Rows) -> list[Line]:
    """How many sites there can be at most, where a source gives a count and "more than" a share."""
    found = []
    for row in rows:
        if row.qualifier == "more than" and row.numerator and not row.denominator and row.value:
            most = int(row.numerator / row.value * 100)
            words = f"{plain(row.numerator)} is more than {plain(row.value)}% of {most} at most"
            found.append(
                Line(
                    f"{_about(row)}: sites in all",
                    words,
                    row.period,
                    "The source does not give the whole; this is the largest that fits.",
                )
            )
    return found


RULES: tuple[Callable[[Rows], list[Line]], ...] = (
    splits,
    pairs,
    live_of_all,
    sums,
    success,
    before,
    most_sites,
)
