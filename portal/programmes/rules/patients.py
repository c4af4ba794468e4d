"""How many patients benefitted in a quarter, by the counting rule of each product. Pure.

What is stated as patients counts as it is; else a rule says for how many people a count stands. No
product has both in one area. Only flows of a quarter count: never what is cumulative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.programmes.models import CountingRule, ProgrammeValue
from portal.programmes.rules.values import in_period
from portal.reference.rules import Quarter

STATED = "PATIENTS_BENEFITTING"


@dataclass(frozen=True, slots=True)
class PatientCount:
    """So many people of one row, in one programme and area."""

    row: ProgrammeValue
    people: float
    by: str
    """By which rule, in words; "" where the row states people."""


def rules_on(rules: Iterable[CountingRule], day: date) -> dict[tuple[int, int], CountingRule]:
    """Return the rule of each programme and product that holds on a day."""
    holding = [rule for rule in rules if rule.valid_from <= day]
    return {
        (rule.programme_id, rule.product_id): rule
        for rule in sorted(holding, key=lambda one: one.valid_from)
    }


def people_in(
    rows: Iterable[ProgrammeValue], rules: Iterable[CountingRule], quarter: Quarter
) -> list[PatientCount]:
    """Return the people behind the values of a quarter: `rows` are those that stand."""
    of_quarter = [row for row in in_period(rows) if row.quarter_on == quarter.first]
    stated = [row for row in of_quarter if row.measure.code == STATED]
    taken = {(row.programme_id, row.product_id, row.hin_id) for row in stated}
    found = [PatientCount(row, row.value or 0.0, "") for row in stated]
    holding = rules_on(rules, quarter.last)
    for row in of_quarter:
        rule = holding.get((row.programme_id, row.product_id or 0))
        if rule is None or (row.programme_id, row.product_id, row.hin_id) in taken:
            continue
        if row.measure_id == rule.measure_id and row.part == rule.part:
            people = (row.value or 0.0) * rule.patients / rule.counted
            found.append(PatientCount(row, people, rule.words))
    return found


def sums(counted: Sequence[PatientCount]) -> dict[tuple[int, int | None], float]:
    """Return people by programme and area (None is the nation).

    The nation's own row of a product and part counts, else the sum of its networks.
    """
    own = {_subject(one) for one in counted if one.row.hin_id is None}
    found: dict[tuple[int, int | None], float] = {}
    for one in counted:
        areas = {one.row.hin_id} if _subject(one) in own else {one.row.hin_id, None}
        for area in areas:
            key = (one.row.programme_id, area)
            found[key] = found.get(key, 0.0) + one.people
    return found


def _subject(one: PatientCount) -> tuple[int, int | None, str, str]:
    return one.row.programme_id, one.row.product_id, one.row.part, one.row.measure.code
