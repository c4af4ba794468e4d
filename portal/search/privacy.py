"""Where people stand in what search keeps, and how long that is kept."""

from portal.clock import day_of
from portal.personal import Place, Retention, changing, deleting
from portal.search.models import GapState, SearchGap, SearchMark

PLACES = (
    Place("saved_search", "saved searches", typed="name", plain="asked", theirs="user_id"),
    Place(
        "search_mark",
        hidden="words_mark asker_mark",
        stays="Marks made with a key of this portal, for a month",
    ),
    # Words are written down only when three people asked them, and never with an address.
    Place("search_click"),
    Place("search_count", plain="words found"),
    Place("search_gap", "searches that found nothing", typed="words filters asked note answer"),
)


def _forget_who(gap: SearchGap) -> None:
    gap.user_id = None


RETENTION = (
    Retention(
        code="search_marks",
        what="Marks that some words were searched for, which tell neither the words nor the person",
        why="Words are counted only once three different people asked them in one month",
        done="Deleted",
        days=31,
        floor=31,
        ceiling=31,
        **deleting(SearchMark, lambda before: SearchMark.month < day_of(before).replace(day=1)),
    ),
    Retention(
        code="search_gaps",
        what="Who told of a search that found nothing, once it was dealt with",
        why="So that they can be told what was found later",
        done="The person is taken off; what was looked for stays",
        days=730,
        floor=90,
        ceiling=1100,
        **changing(
            SearchGap,
            lambda before: (
                (SearchGap.handled_at < before)
                & (SearchGap.state != GapState.OPEN)
                & SearchGap.user_id.is_not(None)
            ),
            _forget_who,
        ),
    ),
)
