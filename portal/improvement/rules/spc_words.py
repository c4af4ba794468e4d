"""What a chart says, in sentences for pictures, tables, files and screen readers. Pure."""

from portal.improvement.models import ChartKind
from portal.improvement.rules.spc_chart import (
    Assurance,
    Chart,
    ChartPoint,
    Meaning,
    Period,
    Settings,
    Variation,
    is_mixed,
    meaning,
)
from portal.improvement.rules.spc_limits import LARGE_SIGMA_Z, SCREEN
from portal.improvement.rules.spc_signals import Rule, RunTest, Signal, Way
from portal.programmes.models import Direction
from portal.programmes.rules.numbers import plain
from portal.wording import day_words

VARIATION_WORDS = {
    Variation.NO_DATA: "Too few points to tell",
    Variation.COMMON: "Common cause: no change that stands out",
    Variation.IMPROVING: "Special cause: improving",
    Variation.CONCERNING: "Special cause: concerning",
    Variation.HIGH: "Special cause: higher, and neither way is better",
    Variation.LOW: "Special cause: lower, and neither way is better",
}
ASSURANCE_WORDS = {
    Assurance.NONE: "",
    Assurance.ALWAYS: "The target is met at every point that chance allows",
    Assurance.NEVER: "The target is out of reach unless the process changes",
    Assurance.SOMETIMES: "The target is met at some points and missed at others, by chance",
}
MEANING_WORDS = {Meaning.BETTER: "better", Meaning.WORSE: "worse", Meaning.NEITHER: "different"}
RULE_NAMES = {
    Rule.OUTSIDE: "Outside the limits",
    Rule.TREND: "Trend",
    Rule.TWO_OF_THREE: "Two of three near a limit",
    Rule.SHIFT: "Shift",
    Rule.LONG_RUN: "Long run",
}


def value_words(value: float | None, settings: Settings) -> str:
    """Return a value as tables print it: "95.3%", "12.5", "" for none."""
    if value is None:
        return ""
    rounded = round(value, 1 if settings.is_percent else 2)
    return f"{plain(rounded)}%" if settings.is_percent else plain(rounded)


def signal_words(signal: Signal, centre: str = "mean") -> str:
    """Return what one rule says of a point, without what it means."""
    up = signal.way is Way.UP
    if signal.rule is Rule.OUTSIDE:
        return f"It lies {'above the upper' if up else 'below the lower'} limit."
    if signal.rule is Rule.TREND:
        return f"It is one of {signal.length} points in a row that {'rise' if up else 'fall'}."
    if signal.rule is Rule.TWO_OF_THREE:
        place = "above" if up else "below"
        return f"Of three neighbours {place} the centre it is one of two or more near the limit."
    place = "above" if up else "below"
    return f"It is one of {signal.length} points in a row {place} the {centre}."


def point_words(point: ChartPoint, chart: Chart) -> str:
    """Return why a point is marked and what that means; "" for one that is not marked."""
    direction, centre = chart.settings.direction, centre_name(chart.settings.kind)
    if not point.signals:
        return ""
    if is_mixed(point, direction):
        return _both_ways(point, direction, centre)
    told = " ".join(signal_words(signal, centre) for signal in point.signals)
    found = meaning(point.signals[0], direction)
    if found is Meaning.NEITHER:
        return f"{told} Neither way is better."
    return f"{told} That is {MEANING_WORDS[found]}."


def _both_ways(point: ChartPoint, direction: Direction, centre: str) -> str:
    """Return the words of a point that is better by one rule and worse by another."""
    told = [
        f"{MEANING_WORDS[meaning(signal, direction)].capitalize()}: {signal_words(signal, centre)}"
        for signal in point.signals
    ]
    first = RULE_NAMES[point.signals[0].rule].lower()
    return f"{' '.join(told)} It is marked by the first of these rules ({first})."


def centre_name(kind: ChartKind) -> str:
    """Return what the middle line is called."""
    if kind is ChartKind.RUN:
        return "median"
    return "expected median" if kind is ChartKind.G else "mean"


def variation_words(chart: Chart) -> str:
    """Return the verdict on the last point, with both ways where rules differ."""
    words = VARIATION_WORDS[chart.variation]
    if chart.last and is_mixed(chart.last, chart.settings.direction):
        words += " by one rule and the other way by another"
    if chart.settings.kind is ChartKind.RUN and chart.variation is Variation.COMMON:
        runs = chart.last_period.runs if chart.last_period else None
        if runs and runs.has_few_crossings:
            return "Not chance alone: the line crosses the median too seldom"
        if runs and not runs.is_tried:
            return VARIATION_WORDS[Variation.NO_DATA]
    return words


def assurance_words(chart: Chart) -> str:
    """Return the verdict on the target; why there is none, where there is none."""
    if chart.assurance is not Assurance.NONE:
        return ASSURANCE_WORDS[chart.assurance]
    if chart.last is None:
        return "Nothing is said of a target: there is no point"
    if chart.settings.direction is Direction.NONE:
        return "Nothing is said of a target: neither way is better"
    if chart.last.target is None:
        return "Nothing is said of a target: none is set"
    return "Nothing is said of the target: there are no limits"


def finding(name: str, chart: Chart) -> str:
    """Return the sentence that a chart shows; it is also what a screen reader says of it."""
    last = chart.last
    if last is None:
        hidden = any(point.reading.is_hidden for point in chart.points)
        return f"{name}: {'numbers are too small to be shown' if hidden else 'no point yet'}"
    value = value_words(last.value, chart.settings)
    number, marked = len(chart.plotted), len(chart.marked)
    points = f"{number} point{'' if number == 1 else 's'}, {marked or 'none'} special cause"
    told = [f"{name}: {value} on {day_words(last.on)}", variation_words(chart), points]
    return f"{'. '.join([*told, *_lines(chart, last), *_steps(chart), *_gaps(chart)])}."


def _lines(chart: Chart, last: ChartPoint) -> list[str]:
    """Return where the lines stand at the last point, and whether its limits are trial ones."""
    line, said = last.line, []
    if line is not None:
        said.append(f"the line is {value_words(line.centre, chart.settings)}")
        if line.lower is not None and line.upper is not None:
            low, high = (value_words(one, chart.settings) for one in (line.lower, line.upper))
            trial = ", trial" if chart.periods[last.period].is_trial else ""
            said.append(f"the limits {low} and {high}{trial}")
    if last.target is not None:
        said.append(f"the target {value_words(last.target, chart.settings)}")
    return [f"There {', '.join(said)}"] if said else []


def _steps(chart: Chart) -> list[str]:
    """Return for each step change from where to where the centre went, as the picture shows it."""
    centres = {one.period: one.line.centre for one in chart.plotted if one.line}
    found = []
    for number, period in enumerate(chart.periods[1:], start=1):
        if number in centres and number - 1 in centres:
            before, since = (
                value_words(centres[at], chart.settings) for at in (number - 1, number)
            )
            found.append(
                f"From {day_words(period.first)} on the centre is {since}, before {before}"
            )
    return found


def _gaps(chart: Chart) -> list[str]:
    """Return how many periods of the picture have no point."""
    number = len(chart.points) - len(chart.plotted)
    return [f"{number} period{'' if number == 1 else 's'} without a point"] if number else []


RULES_READ = (
    "A point is marked when, within its own period, it lies strictly outside a limit; when it is"
    " one of {run} or more in a row that rise or fall (two equal neighbours end a trend); when of"
    " three neighbours on one side two or more lie beyond two sigma; or when it is one of {run} or"
    " more in a row on one side of the {centre} (a point on the line ends it). The first of these"
    " rules marks the point; its words name every rule that holds."
)
RUNS_READ = (
    "A point is marked when it is in a run on one side of the median that is longer than chance"
    " lets it be. Points on the median are left out. From ten others on, the longest run may be"
    " round(log2 n) + 3 points, and there must be as many crossings as the 5% point of a binomial"
    " of n − 1 trials at one half (Anhøj)."
)
FORMULAS = {
    ChartKind.RUN: "The line is the median.",
    ChartKind.XMR: "Limits are the mean ± 2.66 × the mean moving range (Provost and Murray).",
    ChartKind.P: "Limits are p̄ ± 3 √(p̄ (1 − p̄) / n) at each point, cut at 0% and 100%.",
    ChartKind.P_PRIME: "Limits are those of a p chart, widened by sigma z (Laney 2002).",
    ChartKind.U: "Limits are ū ± 3 √(ū / n) at each point, cut at 0.",
    ChartKind.U_PRIME: "Limits are those of a u chart, widened by sigma z (Laney 2002).",
    ChartKind.C: "Limits are c̄ ± 3 √c̄, cut at 0.",
    ChartKind.T: "Limits are those of an XmR chart of days to the power 1/3.6, taken back"
    " (Nelson 1994).",
    ChartKind.G: "The upper limit is ḡ + 3 √(ḡ (ḡ + 1)), the line 0.693 ḡ; there is no lower"
    " limit, and two of three is not tried (Provost and Murray).",
}
USES_RANGES = {ChartKind.XMR, ChartKind.P_PRIME, ChartKind.U_PRIME, ChartKind.T}


def computed(chart: Chart) -> list[str]:
    """Return how the chart is computed, sentence by sentence, as printed under it."""
    kind = chart.settings.kind
    told = [FORMULAS[kind]]
    if kind.has_denominator:
        told.append("The mean is all that was counted out of all, never a mean of percentages.")
    if kind in USES_RANGES:
        told.append(_screening(chart.settings.screens))
    told += [_of_period(number, one, kind) for number, one in enumerate(chart.periods, 1)]
    rules = RUNS_READ if kind is ChartKind.RUN else RULES_READ
    told.append(rules.format(run=chart.settings.run_length, centre=centre_name(kind)))
    if kind is not ChartKind.RUN:
        told.append(
            "The verdict on the target compares it with the limits of the last period alone."
        )
    return told


def _screening(screens: bool) -> str:
    if screens:
        return (
            f"Moving ranges of {SCREEN} times their mean or more are left out once and the mean"
            " taken again (screening is on; the NHS spreadsheet does not screen)."
        )
    return "All moving ranges are used (screening is off, as in the NHS spreadsheet)."


def _of_period(number: int, period: Period, kind: ChartKind) -> str:
    told = f"Period {number}, from {day_words(period.first)}: "
    if period.limits is None:
        return f"{told}fewer than two points, so no lines."
    used = period.limits.points_used
    told += f"lines from {used} points"
    if period.baseline_to:
        told += f", a baseline kept as it stood on {day_words(period.baseline_to)}"
    if period.limits.left_out:
        told += f"; {period.limits.left_out} moving ranges left out"
    if period.limits.sigma_z is not None:
        told += f"; sigma z {period.limits.sigma_z:.2f}"
    if period.runs:
        return f"{told}. {run_words(period.runs)}"
    return f"{told}. Fewer than 13: trial limits." if period.is_trial else f"{told}."


def run_words(runs: RunTest) -> str:
    """Return what the rules of a run chart found in a period."""
    if not runs.is_tried:
        return f"{runs.useful} points off the median are too few for the rules: they need 10."
    return (
        f"{runs.useful} points off the median: the longest run is {runs.longest} (at most"
        f" {runs.longest_allowed}), with {runs.crossings} crossings (at least"
        f" {runs.crossings_needed})."
    )


def advice(chart: Chart) -> str:
    """Return a hint to a better chart; software points out, and a person decides."""
    kind, period = chart.settings.kind, chart.last_period
    z = period.limits.sigma_z if period and period.limits else None
    if kind not in {ChartKind.P, ChartKind.U} or z is None or z <= LARGE_SIGMA_Z:
        return ""
    other = ChartKind.P_PRIME if kind is ChartKind.P else ChartKind.U_PRIME
    return (
        f"Points move {z:.1f} times as much as chance alone would have it (sigma z; more than"
        f" {LARGE_SIGMA_Z} is the portal's own line). With denominators this large the limits are"
        f" too narrow to be of use: consider a {other.label.split()[0]} chart."
    )
