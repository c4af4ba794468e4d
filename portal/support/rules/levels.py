"""Which support level to begin at: six plain rules, each with its reason. A person decides.

Each rule looks at one thing and points to a level or says nothing. The suggestion is the middle one
of the levels pointed to, the lower of two in the middle: no weights, so that anybody can work it
out again from the reasons. What was suggested is kept beside what was chosen
(`LevelChange.suggested`, `reasons`), and the page of suggested levels counts how often each rule
pointed to what people chose: that is how these rules are to be put right.

Source: this product's own rules, over what the four levels mean (AHSN Network report, quarter 1
of 2021/22).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from statistics import median_low
from typing import Any

from portal.innovations.models import Innovation
from portal.innovations.rules.on_day import uses_on
from portal.innovations.rules.standing import is_published_effect, legal_gaps, legal_words

MIN_SIMILAR_CASES = 3
"""With fewer similar cases nothing is said of them."""
WANTED: Mapping[str, int] = {
    "SIGNPOSTING": 1,
    "INTRODUCTIONS": 1,
    "FUNDING": 1,
    "CLINICAL_ADVICE": 2,
    "EVIDENCE": 2,
    "PRODUCT_DEVELOPMENT": 2,
    "MARKET_ANALYSIS": 2,
    "EVALUATION_DESIGN": 3,
    "BROKERING_ADOPTION": 3,
}
"""At which level each kind of support is usually given: a talk, advice, or work over months."""
STAGES: Mapping[str, int] = {"Discover": 1, "Develop": 2, "Deploy": 3}


@dataclass(frozen=True, slots=True)
class Similar:
    """Past cases of the same category and group of stages."""

    levels: Sequence[int] = ()
    """The level that each holds or held last."""
    needed: Sequence[str] = ()
    """The kinds of support that they were given most, in words."""


@dataclass(frozen=True, slots=True)
class Hint:
    """The level that one rule points to, and why."""

    code: str
    level: int
    words: str

    def as_row(self) -> dict[str, Any]:
        """Return it as stored with the decision."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The suggested level with its reasons; None where no rule had anything to say."""

    level: int | None
    hints: Sequence[Hint]


def suggest(
    innovation: Innovation, on: date, wanted: Mapping[str, str], similar: Similar
) -> Suggestion:
    """Return the level suggested on a day; `wanted` are the kinds of support, code to label."""
    found = [rule(innovation, on) for rule in RULES]
    found += [_wanted(wanted), _similar(similar)]
    hints = [hint for hint in found if hint is not None]
    return Suggestion(median_low([hint.level for hint in hints]) if hints else None, hints)


def _stage(innovation: Innovation, _on: date) -> Hint | None:
    stage = innovation.stage
    if stage is None or stage.group not in STAGES:
        return None
    return Hint("stage", STAGES[stage.group], f"Stage: {stage.label} ({stage.group})")


def _evidence(innovation: Innovation, _on: date) -> Hint:
    items = innovation.evidence
    if not items:
        return Hint("evidence", 1, "Evidence: none is recorded yet")
    is_strong = any(map(is_published_effect, items)) and any(
        item.kind.code == "REAL_WORLD" for item in items
    )
    count = f"{len(items)} item{'' if len(items) == 1 else 's'}"
    if is_strong:
        return Hint("evidence", 3, f"Evidence: {count}, published and from real use")
    return Hint("evidence", 2, f"Evidence: {count}, not yet both published and from real use")


def _standards(innovation: Innovation, on: date) -> Hint | None:
    gaps = legal_gaps(innovation, on)
    if gaps:
        return Hint("standards", 2, f"Standards: {'; '.join(gaps)}")
    if not innovation.standards:
        return None
    return Hint("standards", 3, f"Standards: {legal_words(innovation)}")


def _market(innovation: Innovation, on: date) -> Hint:
    uses = uses_on(innovation.uses, on)
    places = len({use.place for use in uses})
    if places >= MIN_SIMILAR_CASES:
        return Hint("market", 3, f"Market: in use at {places} organisations")
    if places or innovation.uses:
        return Hint("market", 2, "Market: tried or in use at a few organisations")
    return Hint("market", 1, "Market: nobody is named who uses it")


RULES: tuple[Callable[[Innovation, date], Hint | None], ...] = (
    _stage,
    _evidence,
    _standards,
    _market,
)


def _wanted(wanted: Mapping[str, str]) -> Hint | None:
    known = {code: label for code, label in wanted.items() if code in WANTED}
    if not known:
        return None
    most = max(WANTED[code] for code in known)
    return Hint("wanted", most, f"Asked for: {', '.join(known.values())}")


def _similar(similar: Similar) -> Hint | None:
    if len(similar.levels) < MIN_SIMILAR_CASES:
        return None
    level = median_low(similar.levels)
    words = f"Similar cases: {len(similar.levels)}, in the middle at level {level}"
    if similar.needed:
        words += f"; given most: {', '.join(similar.needed)}"
    return Hint("similar", level, words)


HINT_WORDS: Mapping[str, str] = {
    "stage": "Stage of development",
    "evidence": "Evidence",
    "standards": "Standards",
    "market": "Market readiness",
    "wanted": "What support is asked for",
    "similar": "Similar past cases",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A level that somebody chose, what had been suggested, and what the rules pointed to."""

    hin_id: int
    suggested: int
    chosen: int
    hints: Mapping[str, int]
    """The level that each rule pointed to, by its code."""
    count: int = 1
    """How often it was decided exactly so."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people chose what was suggested."""

    table: Mapping[tuple[int, int], int]
    """How many decisions, by (suggested, chosen)."""
    rules: Mapping[str, tuple[int, int]]
    """By rule: how often it pointed to the level chosen, and how often it pointed at all."""

    @property
    def total(self) -> int:
        """Return how many decisions were counted."""
        return sum(self.table.values())

    @property
    def same(self) -> int:
        """Return how many chose what was suggested."""
        return sum(
            count for (suggested, chosen), count in self.table.items() if suggested == chosen
        )

    @property
    def higher(self) -> int:
        """Return how many chose a higher level than was suggested."""
        return sum(count for (suggested, chosen), count in self.table.items() if chosen > suggested)


def agreement(decisions: Sequence[Decision]) -> Agreement:
    """Count suggested against chosen, in all and rule by rule."""
    table: dict[tuple[int, int], int] = {}
    rules: dict[str, tuple[int, int]] = {}
    for one in decisions:
        key = (one.suggested, one.chosen)
        table[key] = table.get(key, 0) + one.count
        for code, level in one.hints.items():
            right, said = rules.get(code, (0, 0))
            rules[code] = (right + one.count * (level == one.chosen), said + one.count)
    return Agreement(table, rules)
