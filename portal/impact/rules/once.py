"""Of organisations that are one company, one return counts. Pure.

This product's own rule: the answer that stands, the kept organisation's before others; where none
stands, the kept organisation's return. A network that supported either shares in the credit, by
the larger of the minutes that their returns say, since those of the kept one hold the others' once
the list has been brought in line.
"""

from collections.abc import Iterable, Mapping, Sequence

from portal.impact.rules.totals import Answer


def once(answers: Sequence[Answer], companies: Mapping[int, tuple[int, bool]]) -> list[Answer]:
    """Return the answers with one for each company, in their order. `companies` names, by the
    number of a return, the company that it is of and whether it is the kept organisation's; returns
    that are not there stand alone."""
    groups: dict[int, list[Answer]] = {}
    for one in answers:
        if one.return_id in companies:
            groups.setdefault(companies[one.return_id][0], []).append(one)
    chosen = {one.return_id: one for one in _chosen(groups.values(), companies)}
    return [
        chosen.get(one.return_id, one)
        for one in answers
        if one.return_id not in companies or one.return_id in chosen
    ]


def _chosen(
    groups: Iterable[list[Answer]], companies: Mapping[int, tuple[int, bool]]
) -> Iterable[Answer]:
    for group in groups:
        first = max(group, key=lambda one: (one.counts, companies[one.return_id][1]))
        minutes: dict[int, int] = {}
        for one in group:
            for hin_id, each in one.minutes.items():
                minutes[hin_id] = max(each, minutes.get(hin_id, 0))
        yield first.shared_by(minutes)
