"""Which innovations are counted: the reader's visibility, the day and the filters, in SQL.

The cross-tab and the list behind each of its cells both stand on `counted`, so that they cannot
disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, exists, or_

from portal.accounts.models import Actor
from portal.innovations.models import Innovation
from portal.innovations.queries import own, visible_to
from portal.pipeline.queries import as_at
from portal.pipeline.queries.as_at import Day
from portal.pipeline.queries.values import Values, column, link
from portal.pipeline.rules.fields import ANY, FIELDS, Field


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What narrows the records: codes of values by the name of their field.

    `chosen` are a person's filters: one of the values is enough. `cell` names the cell of a
    cross-tab: a record must have every one of these values; `ANY` asks for none.
    """

    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cell: Sequence[tuple[str, str]] = ()


def tells_of_support(narrowed: Narrowed, shown: Iterable[Field] = ()) -> bool:
    """Whether an answer would tell who supports which record."""
    keys = [key for key, codes in narrowed.chosen.items() if codes]
    keys += [key for key, _ in narrowed.cell]
    return any(FIELDS[key].is_support for key in keys) or any(f.is_support for f in shown)


def counted(
    actor: Actor, narrowed: Narrowed, values: Values, day: Day, shown: Iterable[Field] = ()
) -> list[ColumnElement[bool]]:
    """Return the clauses over `Innovation` of what the reader's figures count.

    `shown` are the fields that the answer tells of. Who supports a record is known to staff and
    to the record's own people: for others, what asks for it counts their own records only.
    """
    day = as_at.past(day)
    is_ours_only = not actor.is_staff and tells_of_support(narrowed, shown)
    wanted = [(key, codes) for key, codes in narrowed.chosen.items() if codes]
    wanted += [(key, (code,)) for key, code in narrowed.cell if code != ANY]
    return [
        own(actor) if is_ours_only else visible_to(actor),
        as_at.on_pipeline(day),
        *(_has_one_of(FIELDS[key], codes, values, day) for key, codes in wanted),
    ]


def _has_one_of(
    wanted: Field, codes: Sequence[str], values: Values, day: Day
) -> ColumnElement[bool]:
    raws = [raw for raw, value in values[wanted.key].items() if value.code in codes]
    known = [raw for raw in raws if raw is not None]
    if not wanted.is_multiple:
        found = column(wanted, day)
        return or_(found.in_(known), found.is_(None)) if None in raws else found.in_(known)
    held = link(wanted, Innovation.id.expression, values, day)
    rows = exists().select_from(held.table).where(held.on).correlate(Innovation)
    has = rows.where(held.value.in_(known))
    return or_(has, ~rows) if None in raws else has
