"""What a reader must know to read a cross-tab right."""

from portal.accounts.models import Actor
from portal.pipeline.queries.crosstab import CrosstabQuery
from portal.web.format import listing, lower_first


def notes(query: CrosstabQuery, actor: Actor) -> list[str]:
    """Return what a reader must know to read the table right."""
    found = []
    many = [lower_first(field.label) for field in query.dimensions if field.is_multiple]
    if many:
        found.append(
            f"A record can have more than one {listing(many, 'or')} and then counts once under "
            "each. Totals count it once, so they may be less than the sum of what they stand for."
        )
    elif not query.figure.is_records:
        found.append("Totals count each of them once, so they may be less than the sum.")
    found += _from_one_row(query)
    if query.day is not None:
        found.append(
            "Stage, status on the pipeline, proven, use and support are as they stood at the end "
            "of that day. Everything else, and who may see a record, is as it is today."
        )
    if not actor.is_staff and any(field.is_support for field in query.dimensions):
        found.append(
            "Who supports a record is known to its own people and to HIN and national staff: "
            "here only your own innovations count."
        )
    return found


def _from_one_row(asked: CrosstabQuery) -> list[str]:
    """Say which facts of a cell come from one and the same row."""
    named: dict[str, list[str]] = {}
    for one in asked.dimensions:
        if one.rows is not None:
            named.setdefault(one.rows.code, [one.rows.words]).append(lower_first(one.label))
    hours = asked.figure.rows
    if hours is not None and hours.code in named:
        named[hours.code].append(lower_first(asked.figure.figure.label))
    return [
        f"In a cell, {listing(labels)} are of one and the same {words}."
        for words, *labels in named.values()
        if len(labels) > 1
    ]
