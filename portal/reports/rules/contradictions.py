"""What published and reported values say against each other: pure rules over their rows.

A contradiction is never mended here: it is named, with the rows that make it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from portal.programmes.models import ProgrammeValue, ValueKind
from portal.programmes.rules.numbers import plain
from portal.programmes.rules.values import is_share, number_words

Rows = Sequence[ProgrammeValue]
FAR = 25
"""Shares of money that continues differ by more than so many points before it is said."""
TELLING = 3
"""A sum with at least so many digits that are no zeros at its end hardly stands twice by chance."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Rows that cannot all be right, or do not count the same, and why."""

    kind: str
    """"parts", "two values", "two headings", "product" or "order"."""
    words: str
    rows: tuple[ProgrammeValue, ...]

    @property
    def key(self) -> str:
        """Return what tells it from others: another number asks again."""
        numbers = " ".join(f"{row.code or row.id}={row.value}" for row in self.rows)
        return f"{self.kind} {numbers}"


def contradictions(rows: Iterable[ProgrammeValue]) -> list[Contradiction]:
    """Return everything that the rows say against each other, each set of rows once."""
    known = [row for row in rows if row.value is not None]
    found: dict[tuple[str, frozenset[int]], Contradiction] = {}
    for rule in RULES:
        for one in rule(known):
            found.setdefault((one.kind, frozenset(row.id for row in one.rows)), one)
    return list(found.values())


def _grouped(
    rows: Iterable[ProgrammeValue], key: Callable[[ProgrammeValue], Hashable]
) -> list[Rows]:
    groups: dict[Hashable, list[ProgrammeValue]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return list(groups.values())


def _amount(row: ProgrammeValue) -> float:
    return row.value or 0.0


def _said(row: ProgrammeValue) -> str:
    """Return a value with where it stands: "£984,000 (FeNO testing)"."""
    about = row.part or (row.product.name if row.product else row.products) or row.programme.name
    return f"{number_words(row, is_exact=False)} ({about})"


def _time(row: ProgrammeValue) -> tuple[Hashable, ...]:
    return row.period, row.hin_id, row.area, row.kind


def _product(row: ProgrammeValue) -> tuple[Hashable, ...]:
    return row.product_id, row.products


def parts(rows: Rows) -> list[Contradiction]:
    """Parts of a measure that do not make its whole."""
    found = []
    same = _grouped(rows, lambda r: (r.programme_id, r.measure_id, r.unit, _product(r), _time(r)))
    for group in same:
        pieces = list({(row.part, row.value): row for row in group if row.part}.values())
        for whole in (row for row in group if not row.part):
            if len(pieces) > 1 and not is_share(whole):
                found += _unequal(whole, pieces)
    return found


def states(rows: Rows) -> list[Contradiction]:
    """Sites by how they are paid for that do not make the sites in use."""
    found = []
    for group in _grouped(rows, lambda r: (r.programme_id, _product(r), r.unit, _time(r))):
        pieces = [row for row in group if row.measure.code == "SITES_BY_FUNDING_STATE"]
        for whole in (row for row in group if row.measure.code == "SITES_LIVE"):
            if len(pieces) > 1:
                found += _unequal(whole, pieces)
    return found


def _unequal(whole: ProgrammeValue, pieces: Rows) -> list[Contradiction]:
    total = sum(map(_amount, pieces))
    if total == _amount(whole):
        return []
    listed = " + ".join(plain(_amount(row)) for row in pieces)
    words = f"{whole.measure.name}: {listed} make {plain(total)}, not {_said(whole)}."
    return [Contradiction("parts", words, (whole, *pieces))]


def two_values(rows: Rows) -> list[Contradiction]:
    """The same measure of the same time, area and part, told twice and not alike."""
    found = []
    same = _grouped(
        rows,
        lambda r: (r.programme_id, r.measure_id, r.part, r.unit, r.basis, _product(r), _time(r)),
    )
    for group in same:
        for one, other in combinations(group, 2):
            is_alike = (one.value, one.qualifier) == (other.value, other.qualifier)
            if one.source != other.source and not is_alike:
                found.append(_two(one, other))
    return found


def effects(rows: Rows) -> list[Contradiction]:
    """A modelled effect that two sources tell with another number or for another time."""
    found = []
    modelled = [row for row in rows if row.kind is ValueKind.MODELLED]
    same = _grouped(modelled, lambda r: (r.programme_id, r.measure_id, r.hin_id, r.area, r.unit))
    for group in same:
        for one, other in combinations(group, 2):
            told_twice = one.source != other.source and one.part == other.part
            if told_twice and (one.value, one.period) != (other.value, other.period):
                found.append(_two(one, other))
    return found


def _two(one: ProgrammeValue, other: ProgrammeValue) -> Contradiction:
    words = [f"{number_words(row, is_exact=False)} for {row.period}" for row in (one, other)]
    return Contradiction(
        "two values", f"{one.measure.name}: {words[0]}, and {words[1]}.", (one, other)
    )


def fund(rows: Rows) -> list[Contradiction]:
    """What a programme got of a fund, against the parts of the fund that bear its name."""
    found = []
    for group in _grouped(rows, lambda r: (r.measure_id, r.unit, _time(r))):
        for whole in (row for row in group if not row.part and row.measure.group == "money"):
            name = whole.programme.name.split()[0].casefold()
            pieces = [
                row
                for row in group
                if row.programme_id != whole.programme_id
                and row.part.casefold().split()[:1] == [name]
            ]
            if pieces:
                found += _unequal(whole, pieces)
    return found


def two_headings(rows: Rows) -> list[Contradiction]:
    """One and the same sum of money of a time under two headings."""
    found = []
    money = [row for row in rows if row.unit == "pounds" and _digits(row) >= TELLING]
    for group in _grouped(money, lambda r: (r.measure_id, r.value, _time(r))):
        for one, other in combinations(group, 2):
            if _heading(one) != _heading(other):
                words = f"{one.measure.name}: {_said(one)} and {_said(other)} are the same sum."
                found.append(Contradiction("two headings", words, (one, other)))
    return found


def _heading(row: ProgrammeValue) -> str:
    """Return under what a sum stands: a fund's part bears the name of who got it."""
    return (row.part or row.programme.name).casefold()


def _digits(row: ProgrammeValue) -> int:
    return len(f"{_amount(row):.0f}".rstrip("0"))


def shares_of_money(rows: Rows) -> list[Contradiction]:
    """Shares that found money of a time, told of two programmes and far apart."""
    found = []
    money = [row for row in rows if row.measure.code == "FUNDING_CONTINUED" and is_share(row)]
    for group in _grouped(money, _time):
        for one, other in combinations(group, 2):
            if abs(_amount(one) - _amount(other)) > FAR:
                words = f"{one.measure.name}: {_said(one)}, and {_said(other)}."
                found.append(Contradiction("two values", words, (one, other)))
    return found


def savings(rows: Rows) -> list[Contradiction]:
    """A saving for each site, times the sites, that is more than the saving in all."""
    found = []
    for group in _grouped(rows, lambda r: (r.programme_id, r.hin_id, r.product_id)):
        sites = [row for row in group if row.measure.code == "SITES_INTRODUCED"]
        totals = [row for row in group if row.measure.code == "SAVING_TOTAL"]
        for each in (row for row in group if row.measure.code == "SAVING_PER_SITE"):
            for count in sites:
                for total in totals:
                    found += _too_much(each, count, total)
    return found


def _too_much(
    each: ProgrammeValue, count: ProgrammeValue, total: ProgrammeValue
) -> list[Contradiction]:
    product = _amount(each) * _amount(count)
    if product <= _amount(total):
        return []
    words = (
        f"{each.measure.name}: {_said(each)} for {number_words(count, is_exact=False)} would be "
        f"£{plain(round(product))}, not {number_words(total, is_exact=False)}."
    )
    return [Contradiction("product", words, (each, count, total))]


def order(rows: Rows) -> list[Contradiction]:
    """Fewer sites than the organisations that they belong to."""
    found = []
    for group in _grouped(rows, lambda r: (r.programme_id, _product(r), _of(r), _time(r))):
        sites = [row for row in group if row.measure.code == "SITES_TESTING"]
        for owner in (row for row in group if row.measure.code == "ORGS_TESTING"):
            for site in sites:
                if _amount(site) < _amount(owner):
                    words = f"{_said(site)} in {_said(owner)}: there cannot be fewer."
                    found.append(Contradiction("order", words, (site, owner)))
    return found


def _of(row: ProgrammeValue) -> str:
    """Return what a part is of, without its last word: "learning disability" wards or trusts."""
    return row.part.rpartition(" ")[0]


RULES: tuple[Callable[[Rows], list[Contradiction]], ...] = (
    *(parts, states, two_values, effects, fund, two_headings, shares_of_money, savings, order),
)
