"""The charts of measures, place by place, as one reader may see them.

Everything that leaves (picture, table, sentence, file, order) is made from a `Board`, which passes
every count through `rules.showing` before anything is worked out from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from portal.accounts.models import Actor
from portal.errors import NotFound
from portal.improvement.models import (
    ChartKind,
    ImprovementMeasure,
    MarkKind,
    MeasureMark,
    MeasureReading,
    MeasureSeries,
    MeasureTarget,
)
from portal.improvement.queries.measures import (
    marks_of,
    series_of,
    standing_readings,
    targets_of,
)
from portal.improvement.rules.entering import has_denominator
from portal.improvement.rules.periods import every
from portal.improvement.rules.showing import (
    CountedReading,
    NetworkCount,
    Readings,
    shown,
    shown_nation,
    shown_whole,
    whole,
    withheld,
)
from portal.improvement.rules.spc_chart import Chart, Reading, Settings, chart
from portal.programmes.policy import reads_exact
from portal.reference.models import Hin
from portal.reference.queries import hins

NATION = "england"
SERIES = "place-"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is counted, and what its address calls it."""

    code: str
    name: str
    hin_id: int | None
    series_id: int | None
    """The row of readings entered for it; None where it is only the sum of its parts."""
    is_part: bool = False
    """Whether it is a site or team of a network."""


class Board:
    """A measure in all its places, for one reader."""

    def __init__(
        self,
        measure: ImprovementMeasure,
        actor: Actor,
        *,
        series: Sequence[MeasureSeries],
        readings: Sequence[MeasureReading],
        marks: Sequence[MeasureMark],
        targets: Sequence[MeasureTarget],
        networks: Sequence[Hin],
    ) -> None:
        """Take the rows of this measure alone."""
        self.measure, self.actor = measure, actor
        self.series, self.marks, self.targets = series, marks, targets
        self.networks = networks
        self._by_series: dict[int, dict[date, CountedReading]] = defaultdict(dict)
        for row in readings:
            if row.numerator is not None:
                told = CountedReading(row.numerator, row.denominator, 0, row.id)
                self._by_series[row.series_id][row.on] = told
        if measure.chart is ChartKind.T:
            self._by_series = defaultdict(
                dict, {key: days_apart(one) for key, one in self._by_series.items()}
            )

    @property
    def adds_up(self) -> bool:
        """Whether places are added: counts are, single events and means are not."""
        return self.measure.adds_up and not self.measure.chart.is_rare

    @cached_property
    def _of_networks(self) -> dict[int, dict[date, CountedReading]]:
        found = {}
        for hin in self.networks:
            here = [one for one in self.series if one.hin_id == hin.id]
            own = [self._by_series[one.id] for one in here if not one.is_part]
            counted = whole(own[0] if own else {}, self._parts(hin.id), adds_up=self.adds_up)
            if counted:
                found[hin.id] = counted
        return found

    def _parts(self, hin_id: int) -> list[Readings]:
        """Return what the sites and teams of a network counted."""
        here = [one for one in self.series if one.hin_id == hin_id and one.is_part]
        return [self._by_series[one.id] for one in here]

    @property
    def places(self) -> list[Place]:
        """Return where it is counted: England, then networks by name, each with its parts."""
        own = {(one.hin_id, one.is_part): one.id for one in self.series}
        found = [Place(NATION, "England", None, own.get((None, False)))]
        for hin in self.networks:
            parts = [one for one in self.series if one.hin_id == hin.id and one.is_part]
            if hin.id in self._of_networks or parts:
                found.append(Place(hin.code, hin.name, hin.id, own.get((hin.id, False))))
            found += sorted(
                (Place(f"{SERIES}{one.id}", part_name(one), hin.id, one.id, True) for one in parts),
                key=lambda place: place.name.casefold(),
            )
        return found

    def place(self, code: str) -> Place:
        """Return a place by its address, the reader's own network or England where none is asked
        for; raises NotFound."""
        known = {place.code: place for place in self.places}
        if not code:
            own = {place.hin_id: place for place in known.values() if not place.is_part}
            return own.get(self.actor.hin_id) or known[NATION]
        network = next((hin for hin in self.networks if hin.code == code), None)
        if network is not None and code not in known:
            return Place(network.code, network.name, network.id, None)
        if code not in known:
            raise NotFound("There is no such place in this measure.")
        return known[code]

    def place_to_write(self, code: str) -> Place:
        """Return a place by its address, the writer's own area where none is asked for; raises
        NotFound."""
        own = next((hin.code for hin in self.networks if hin.id == self.actor.hin_id), NATION)
        return self.place(code or own)

    def readings(self, place: Place) -> list[Reading]:
        """Return the readings of a place as the reader may see them, with gaps between."""
        if place.hin_id is None:
            return self._filled(self._nation(place))
        if place.is_part:
            counted: Readings = self._by_series[place.series_id or 0]
        else:
            counted = self._of_networks.get(place.hin_id, {})
        is_exact = self._is_exact(place.hin_id)
        if self.measure.chart.is_rare and not is_exact:
            return self._filled([withheld(day, one) for day, one in counted.items()])
        if place.is_part:
            told = [shown(day, one, is_exact=is_exact) for day, one in counted.items()]
        else:
            parts = self._parts(place.hin_id)
            told = [
                shown_whole(day, one, _on(day, parts), is_exact=is_exact)
                for day, one in counted.items()
            ]
        return self._filled(told)

    def _nation(self, place: Place) -> list[Reading]:
        own: Readings = self._by_series[place.series_id] if place.series_id else {}
        networks = self._of_networks
        counted = whole(own, list(networks.values()), adds_up=self.adds_up)
        hidden = [
            (one, self._parts(hin_id))
            for hin_id, one in networks.items()
            if not self._is_exact(hin_id)
        ]
        return [
            shown_nation(
                day,
                told,
                [NetworkCount(one[day], _on(day, parts)) for one, parts in hidden if day in one],
            )
            for day, told in counted.items()
        ]

    def _is_exact(self, hin_id: int | None) -> bool:
        return not self.measure.is_patients or reads_exact(self.actor, hin_id)

    def is_exact(self, place: Place) -> bool:
        """Whether the reader sees what was counted there as it is."""
        return self._is_exact(place.hin_id)

    def _filled(self, told: Iterable[Reading]) -> list[Reading]:
        known = {reading.on: reading for reading in told}
        return [
            known.get(day, Reading(day, None)) for day in every(self.measure.rhythm, known.keys())
        ]

    def marks_at(self, place: Place) -> list[MeasureMark]:
        """Return what people marked on every chart of the measure, and on this place's."""
        return [one for one in self.marks if one.series_id in {None, place.series_id}]

    def settings(self, place: Place) -> Settings:
        """Return how the chart of a place is drawn."""
        of, marks = self.measure, self.marks_at(place)
        return Settings(
            of.chart,
            direction=of.direction,
            run_length=of.run_length,
            screens=of.screens,
            per=of.per,
            has_denominator=has_denominator(of),
            steps=tuple(one.on for one in marks if one.kind is MarkKind.STEP),
            freezes=tuple(one.on for one in marks if one.kind is MarkKind.FREEZE),
            targets=tuple((one.from_on, one.value) for one in self.targets),
        )

    def chart(self, place: Place) -> Chart:
        """Return the chart of a place."""
        return chart(self.readings(place), self.settings(place))


def _on(day: date, parts: Sequence[Readings]) -> list[CountedReading]:
    """Return what places counted in one period."""
    return [part[day] for part in parts if day in part]


def part_name(series: MeasureSeries) -> str:
    """Return what a site, or a team of one, is called."""
    told = [series.site.name if series.site else "", series.team]
    return ", ".join(word for word in told if word)


def days_apart(events: Readings) -> dict[date, CountedReading]:
    """Return the days since the event before for each event but the first."""
    days = sorted(events)
    return {
        day: CountedReading(float((day - before).days), None, 0, events[day].reading_id)
        for before, day in pairwise(days)
    }


def boards_of(measures: Sequence[ImprovementMeasure], actor: Actor) -> dict[int, Board]:
    """Return the boards of measures, in five statements for any number of them."""
    ids = [measure.id for measure in measures]
    series, readings = series_of(ids), standing_readings(ids)
    marks, targets, networks = marks_of(ids), targets_of(ids), list(hins())
    measure_of = {one.id: one.measure_id for one in series}
    return {
        of.id: Board(
            of,
            actor,
            series=[one for one in series if one.measure_id == of.id],
            readings=[one for one in readings if measure_of[one.series_id] == of.id],
            marks=[one for one in marks if one.measure_id == of.id],
            targets=[one for one in targets if one.measure_id == of.id],
            networks=networks,
        )
        for of in measures
    }


def board_of(measure: ImprovementMeasure, actor: Actor) -> Board:
    """Return the board of one measure."""
    return boards_of([measure], actor)[measure.id]
