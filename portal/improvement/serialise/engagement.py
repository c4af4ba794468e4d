"""Who is engaged, as rows of a file."""

from collections.abc import Iterator, Sequence

from portal.improvement.queries.engagement import StakeholderCount
from portal.reference.models import Hin
from portal.web.downloads import Cell

HEADER = (
    *("Programme", "Kind", "One of them is", "Area", "Engaged", "There are", "Percent"),
    *("Quarter before", "Change", "Source", "Note"),
)


def engaged_rows(found: Sequence[StakeholderCount], hins: Sequence[Hin]) -> Iterator[list[Cell]]:
    """Return a row for England, and one for each network that said how many."""
    for one in found:
        kind, share = one.kind, one.share
        about: list[Cell] = [kind.programme.name, kind.name, kind.level]
        percent = share.percent if share else None
        yield [
            *(*about, "England", one.now, one.total, percent),
            *(one.before, one.change, one.source or kind.source, kind.note),
        ]
        for hin in hins:
            if hin.id in one.by_hin:
                yield [*about, hin.name, one.by_hin[hin.id], None, None, None, "", "", ""]
