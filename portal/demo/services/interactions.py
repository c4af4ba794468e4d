"""Write what HINs did with those whom they support: calls, meetings, advice, with their hours."""

from collections.abc import Iterator
from functools import partial

from portal.demo.rules import words
from portal.demo.rules.draw import chance, number, pick
from portal.demo.rules.stories import Ending
from portal.demo.services.happening import happening
from portal.demo.services.helping import Helper, partners
from portal.demo.services.people import People
from portal.demo.services.places import Places
from portal.demo.services.records import Act, Case
from portal.reference.models import Vocabulary
from portal.reference.queries import terms
from portal.support import queries
from portal.support.models import InteractionKind
from portal.support.services.interactions import InteractionDetails, log

KINDS = (
    *(InteractionKind.CALL, InteractionKind.CALL, InteractionKind.MEETING, InteractionKind.MEETING),
    *(InteractionKind.EMAIL, InteractionKind.ADVICE, InteractionKind.INTRODUCTION),
)
MINUTES = (15, 30, 30, 60, 60, 90, 120)
MAX_DAYS_BETWEEN = 38
"""Days between two interactions: within the six weeks in which an innovator hears of a HIN."""
MAX_DAYS_BACK = 130
"""Interactions are told of this many days: the quarter of today and the one before."""
WANTED = {"SIGNPOSTING", "EVIDENCE", "INTRODUCTIONS", "PRODUCT_DEVELOPMENT", "BROKERING_ADOPTION"}


def acts(case: Case, places: Places, people: People) -> Iterator[Act]:
    """Yield the interactions of every HIN that engages with the case, or did."""
    story = case.story
    if not story.levels:
        return
    helper = Helper(case, places.of_hin[case.hin.id], people)
    closed = story.ended if story.ending in (Ending.CLOSED, Ending.WAITING) else None
    yield from _of(helper, "first", story.levels[0][0], closed or 0)
    for partner, days_ago, _ in partners(case, places, people):
        yield from _of(partner, f"partner:{days_ago}", days_ago - 6, 0)


def _of(helper: Helper, who: str, begun: int, ended: int) -> Iterator[Act]:
    """Yield the interactions between two days; with a few, the last one was too long ago."""
    key = f"{helper.case.key}:{who}"
    last = number(f"{key}:last", 2, 36) if not chance(f"{key}:silent", 7) else 60
    for days_ago in range(ended + last, min(begun, MAX_DAYS_BACK), MAX_DAYS_BETWEEN):
        yield days_ago, partial(_log, helper, f"{key}:{days_ago}", days_ago)


def _log(helper: Helper, key: str, days_ago: int) -> None:
    engagement = queries.own_engagement(helper.person, helper.case.innovation.id)
    kinds = [term for term in terms(Vocabulary.SUPPORT_KIND) if term.code in WANTED]
    is_long = chance(f"{key}:long", 8)
    with happening(helper.case.diary, days_ago):
        log(
            engagements=[engagement],
            details=InteractionDetails(
                kind=pick(f"{key}:kind", KINDS),
                on=helper.case.diary.day(days_ago),
                minutes=270 if is_long else pick(f"{key}:quarters", MINUTES),
                kind_ids=[pick(f"{key}:support", kinds).id],
                note=pick(f"{key}:note", words.INTERACTION_NOTES),
                next_step=pick(f"{key}:next", words.NEXT_STEPS),
                is_private=chance(f"{key}:private", 60),
            ),
            by=helper.person,
        )
