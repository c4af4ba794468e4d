"""A measure in one place, as lists and drivers show it: newest value, verdicts, small chart."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from portal.accounts.models import Actor
from portal.figures.queries.kept import FigureCache
from portal.improvement.charts import measures as charts
from portal.improvement.models import ImprovementMeasure
from portal.improvement.queries.joining import charts_of
from portal.improvement.queries.measures import measures_of, refuse_unless_reader
from portal.improvement.queries.measures_shown import Board, Place, boards_of
from portal.improvement.rules.periods import named
from portal.improvement.rules.spc_chart import Chart, Variation
from portal.improvement.rules.spc_words import assurance_words, value_words, variation_words
from portal.web.charts import OverTime

COUNTED = {
    Variation.IMPROVING: "improving",
    Variation.CONCERNING: "concerning",
    Variation.COMMON: "without a change that stands out",
    Variation.HIGH: "higher",
    Variation.LOW: "lower",
    Variation.NO_DATA: "with too few points",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A measure in one place."""

    measure: ImprovementMeasure
    place: Place
    chart: Chart

    @property
    def value(self) -> str:
        """Return the newest value in words."""
        last = self.chart.last
        return value_words(last.value, self.chart.settings) if last else ""

    @property
    def when(self) -> str:
        """Return of when it is."""
        return named(self.measure.rhythm, self.chart.last.on) if self.chart.last else ""

    @property
    def verdict(self) -> str:
        """Return what the last point says."""
        return variation_words(self.chart)

    @property
    def target(self) -> str:
        """Return what is said of the target."""
        return assurance_words(self.chart)

    @property
    def icon(self) -> str:
        """Return the name of the icon of the last point."""
        return charts.VARIATION_ICONS[self.chart.variation]

    @property
    def target_icon(self) -> str:
        """Return the name of the icon of the target."""
        return charts.ASSURANCE_ICONS[self.chart.assurance]

    @property
    def has_target(self) -> bool:
        """Whether anything is said of a target."""
        return self.target_icon != "none"

    @property
    def picture(self) -> OverTime | None:
        """Return its small chart, on a scale of its own; None where there is no point."""
        name = f"{self.measure.name}, {self.place.name}"
        return charts.small(self.measure, name, self.chart, charts.heights(self.chart))


def card(board: Board, place: Place) -> Card:
    """Return a measure in a place as a card."""
    return Card(board.measure, place, board.chart(place))


def cards_of(measures: Sequence[ImprovementMeasure], actor: Actor) -> list[Card]:
    """Return measures where the reader works, else in England, in the order given."""
    boards = boards_of(measures, actor)
    return [card(boards[one.id], boards[one.id].place("")) for one in measures]


def cards_of_nodes(node_ids: Collection[int], actor: Actor) -> dict[int, list[Card]]:
    """Return the cards of the measures of some drivers and change ideas, by the node's number."""
    by_node = charts_of(node_ids)
    every = {one.id: one for found in by_node.values() for one in found}
    cards = {one.measure.id: one for one in cards_of(list(every.values()), actor)}
    return {number: [cards[one.id] for one in found] for number, found in by_node.items()}


Verdict = tuple[int, Variation]
"""Of a measure the number of its programme, and what the last point says."""


def verdicts(actor: Actor, kept: FigureCache) -> tuple[Verdict, ...]:
    """Return what the last point of every measure says where the reader works, else in England:
    counted once for all who read the same places as they are, until a row changes."""

    def found() -> tuple[Verdict, ...]:
        cards = cards_of(measures_of(actor), actor)
        return tuple((one.measure.programme_id, one.chart.variation) for one in cards)

    refuse_unless_reader(actor)
    key = ("verdicts of measures", actor.role, actor.hin_id)
    told: tuple[Verdict, ...] = kept.answer(key, found)
    return told


def summary(told: Iterable[Variation]) -> str:
    """Return what the last points of measures say, counted: "1 improving, 2 concerning"."""
    counts = Counter(COUNTED[one] for one in told)
    return ", ".join(f"{counts[words]} {words}" for words in COUNTED.values() if counts[words])
