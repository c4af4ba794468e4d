"""The two scores of a bundle in one place, from the counts of its elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.accounts.models import Actor
from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.measures_shown import Place, boards_of
from portal.improvement.rules.scores import (
    Element,
    appropriate_care,
    composite_quality,
    holds_back,
)
from portal.improvement.rules.spc_chart import Reading
from portal.programmes.rules.numbers import SUPPRESSED, Share

NOT_TOLD = "Not told"


@dataclass(frozen=True, slots=True)
class BundlePeriod:
    """One period of a bundle: scores in words, with their counts, and what holds it back."""

    on: date
    appropriate: str
    composite: str
    elements: Sequence[str]
    back: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle in one place: the names of its elements, and its periods, the newest first."""

    names: Sequence[str]
    periods: Sequence[BundlePeriod]


def bundle_of(measure: ImprovementMeasure, place: Place, actor: Actor) -> Bundle:
    """Return both scores of each period, as the reader may see them.

    The composite score is worked out where every element was told and may be shown: a sum over
    some of them would be another score.
    """
    boards = boards_of([measure, *measure.elements], actor)
    of_all = {one.on: one for one in boards[measure.id].readings(place)}
    of_parts = [
        {one.on: one for one in boards[part.id].readings(_same(place, boards[part.id].places))}
        for part in measure.elements
    ]
    names = [part.name for part in measure.elements]
    days = sorted({day for told in (of_all, *of_parts) for day in told}, reverse=True)
    return Bundle(
        names,
        [_period(day, of_all.get(day), [t.get(day) for t in of_parts], names) for day in days],
    )


def _same(place: Place, places: Sequence[Place]) -> Place:
    """Return the same place of another measure: of a site or team it has a row of its own."""
    fits = [one for one in places if (one.hin_id, one.name) == (place.hin_id, place.name)]
    return fits[0] if fits else Place(place.code, place.name, place.hin_id, None, place.is_part)


def _period(
    day: date, whole: Reading | None, parts: Sequence[Reading | None], names: Sequence[str]
) -> BundlePeriod:
    known = [
        Element(name, one.count, one.out_of)
        for name, one in zip(names, parts, strict=True)
        if one is not None and one.count is not None and one.out_of is not None
    ]
    is_whole = len(known) == len(names)
    back = holds_back(known) if is_whole else None
    return BundlePeriod(
        day,
        _words(whole, appropriate=True),
        composite_quality(known).words if is_whole else _why_not(parts),
        [_words(one) for one in parts],
        back.name if back else "",
    )


def _why_not(parts: Sequence[Reading | None]) -> str:
    return SUPPRESSED if any(one is not None and one.is_hidden for one in parts) else NOT_TOLD


def _words(reading: Reading | None, *, appropriate: bool = False) -> str:
    """Return a reading as a share with its counts."""
    if reading is None:
        return NOT_TOLD
    if reading.is_hidden:
        return SUPPRESSED
    if reading.count is None or reading.out_of is None:
        return NOT_TOLD
    if appropriate:
        return appropriate_care(reading.count, reading.out_of).words
    return Share(reading.count, reading.out_of).words
