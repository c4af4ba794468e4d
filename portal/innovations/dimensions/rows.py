"""The rows that hold a record's terms, evidence and standards: it can have several of each."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, null, or_, true
from sqlalchemy.orm import aliased

from portal.figures.dimensions import Day, Dimension, Joined, Lists, Rows, Value, Values, from_list
from portal.innovations.models import Evidence, StandardHeld, StandardStatus, innovation_term
from portal.merging import is_of, moment_of
from portal.reference.models import Vocabulary


def runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of numbers without a gap, in order."""
    found: list[tuple[int, int]] = []
    for one in sorted(ids):
        if found and one == found[-1][1] + 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return found


def _within(column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
    """Return SQL for "one of these": as ranges, for a range of an index is read in one go."""
    found = runs(ids)
    if not found:
        return false()
    each = or_(*(column.between(*run) for run in found)) if len(found) > 1 else true()
    return and_(column.between(found[0][0], found[-1][1]), each)


def _terms(code: str, words: str) -> Rows:
    """Return the rows that hold a record's terms: those that the dimension with the code has."""

    def join(of: ColumnElement[int], _day: Day, values: Values) -> Joined:
        held = innovation_term.alias()
        ids = [raw for raw in values[code] if raw is not None]
        return Joined(held, (held.c.innovation_id == of) & _within(held.c.term_id, ids))

    return Rows(code, words, join)


def _term(held: Any, _day: Day, _values: Values) -> ColumnElement[Any]:
    return held.c.term_id  # type: ignore[no-any-return]  # of an alias


def coded(code: str, label: str, group: str, definition: str, vocabulary: Vocabulary) -> Dimension:
    """Return a dimension of which a record holds any number of terms."""
    return Dimension(
        code,
        label,
        group,
        definition,
        from_list(vocabulary.value),
        vocabulary=vocabulary,
        rows=CONDITIONS if vocabulary is Vocabulary.CONDITION else _terms(code, label.lower()),
        value=_term,
    )


CONDITIONS = _terms("condition", "condition")
"""A condition and its group are facts of one row: "asthma" never counts under "cancer"."""


def condition_groups(lists: Lists) -> Mapping[int, Value]:
    """A group stands under the smallest id of its terms."""
    groups: dict[str, list[int]] = {}
    for one in lists[Vocabulary.CONDITION.value]:
        groups.setdefault(one.group, []).append(one.id)
    return {
        min(ids): Value(group, group, place, tuple(ids))
        for place, (group, ids) in enumerate(groups.items())
    }


def condition_group(held: Any, _day: Day, values: Values) -> ColumnElement[Any]:
    """Return SQL for the group of a condition: the smallest id of its terms."""
    groups = [value.members for value in values["condition_group"].values() if value.members]
    named = [(run, min(ids)) for ids in groups for run in runs(ids)]
    if not named:
        return null()
    return case(*((held.c.term_id.between(*run), first) for run, first in named), else_=null())


def evidence(of: ColumnElement[int], day: Day, _values: Values) -> Joined:
    """Join the submitted evidence of a record."""
    held = aliased(Evidence)
    return Joined(held, is_of(held, "innovation_id", of, moment_of(day)))


def standards(of: ColumnElement[int], day: Day, _values: Values) -> Joined:
    """Join the standards that a record meets."""
    held = aliased(StandardHeld)
    its = is_of(held, "innovation_id", of, moment_of(day))
    return Joined(held, its & (held.status == StandardStatus.YES))
