"""From a question to a plan: which stems to score, with what importance, and which conditions.

A plan depends on the words that an index knows, given as a ``Vocabulary``; every backend follows
the same plan, so that they answer alike.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search_index import text
from search_index.arrays import Array
from search_index.interface import Query, Understood
from search_index.query import PREFIX, WORDS, Clause, Parsed, parse
from search_index.ranking import Settings

MOST_PREFIXED = 50


class Vocabulary(Protocol):
    """What a plan asks of an index."""

    def frequency(self, stem: str) -> int:
        """How many records hold the stem."""

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the folded prefix, most used first."""

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one, in folded form, or ``None``."""


class Term(NamedTuple):
    """A stem to score; ``field`` limits where it counts, ``importance`` multiplies its score."""

    stem: str
    importance: float
    field: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a record must or must not hold: each position of ``steps`` offers alternative stems.

    One step is a word (or any word with a prefix), several are a phrase. ``gaps`` are the
    distances of each step from the first, in words.
    """

    steps: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    field: str
    written: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a backend needs to find, score and explain."""

    terms: tuple[Term, ...] = ()
    required: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    name_key: str = ""
    understood: Understood = field(default_factory=Understood)
    suggestion: str | None = None

    def stems(self) -> frozenset[str]:
        """Every stem to highlight."""
        stems = {term.stem for term in self.terms}
        for condition in self.required:
            stems.update(*condition.steps)
        return frozenset(stems)

    def asks(self) -> bool:
        """Whether there is anything to look for beyond filters."""
        return bool(self.terms or self.required)


class Asked(NamedTuple):
    """A plan made ready for one reader: the weight of each of its terms, where it lies among themes
    (``None`` where they do not count), and the portion that themes count for it."""

    plan: Plan
    weights: Sequence[float]
    place: Array | None
    portion: float

    def softer(self, plan: Plan) -> "Asked":
        """The same terms under a plan with fewer conditions."""
        return self._replace(plan=plan)


@dataclass(slots=True)
class _Draft:
    words: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)
    weights: dict[tuple[str, str], float] = field(default_factory=dict)
    required: list[Condition] = field(default_factory=list)
    excluded: list[Condition] = field(default_factory=list)

    def add(self, stem: str, importance: float, field_name: str) -> None:
        key = (stem, field_name)
        self.weights[key] = max(self.weights.get(key, 0.0), importance)


def plan(query: Query, vocabulary: Vocabulary, settings: Settings) -> Plan:
    """Read a query and decide what to look for."""
    parsed = parse(query.text, (*settings.fields, *settings.aliases) if ":" in query.text else ())
    draft = _Draft()
    _plan_words(parsed, draft, vocabulary, settings)
    for clause in parsed.clauses:
        _plan_operator(clause, draft, vocabulary, settings)
    return Plan(
        terms=tuple(Term(stem, weight, name) for (stem, name), weight in draft.weights.items()),
        required=tuple(draft.required),
        excluded=tuple(draft.excluded),
        name_key=text.name_key(query.text),
        understood=_understood(draft, parsed),
        suggestion=_suggestion(query.text, draft.corrected),
    )


def _understood(draft: _Draft, parsed: Parsed) -> Understood:
    return Understood(
        words=tuple(dict.fromkeys(draft.words)),
        required=tuple(condition.written for condition in draft.required),
        excluded=tuple(condition.written for condition in draft.excluded),
        also=draft.also,
        corrected=draft.corrected,
        ignored=tuple(dict.fromkeys(draft.ignored)),
        # What other names were searched for is no miss, even if no record writes this one.
        unknown=tuple(word for word in dict.fromkeys(draft.unknown) if word not in draft.also),
        shortened=parsed.shortened,
    )


def _plan_words(parsed: Parsed, draft: _Draft, vocabulary: Vocabulary, settings: Settings) -> None:
    """Plain words are read together, so that a concept may span them."""
    by_field: dict[str, list[str]] = {}
    for clause in parsed.clauses:
        if clause.kind is WORDS and clause.sign != "-":
            name = settings.aliases.get(clause.field, clause.field)
            by_field.setdefault(name, []).append(clause.text)
    for name, parts in by_field.items():
        _score_text(" ".join(parts), name, draft, vocabulary, settings)


def _score_text(
    written: str, name: str, draft: _Draft, vocabulary: Vocabulary, settings: Settings
) -> None:
    every = text.words(written)
    better = _put_right(written, every, draft, vocabulary)
    if better is not written:
        written, every = better, text.words(better)
    telling = [token for token in every if text.is_telling(token)]
    if len(telling) < len(every):
        draft.ignored.extend(token.surface for token in every if token not in telling)
    weights = text.boilerplate_weight(token.stem for token in telling)
    covered: set[int] = set()
    named = text.expand(every)
    ctimes = Counter(f.concept for f in named)
    for found in named:
        surface = written[every[found.first].start : every[found.last].end]
        if vocabulary.frequency(f"#{found.concept}"):
            draft.add(f"#{found.concept}", settings.concept * found.strength * repeated(ctimes[found.concept], settings), name)
            if found.others and (found.strength == 1.0 or surface not in draft.also):
                draft.also[surface] = found.others
            covered.update(every[index].position for index in range(found.first, found.last + 1))
    times = Counter(token.stem for token in telling)
    for token in telling:
        share = settings.covered if token.position in covered else 1.0
        share *= repeated(times[token.stem], settings)
        draft.add(token.stem, weights[token.stem] * share, name)
        draft.words.append(token.surface)


def repeated(times: int, settings: Settings) -> float:
    """What a word counts that a question says several times (Robertson and Zaragoza, 3.5)."""
    return (settings.k3 + 1) * times / (settings.k3 + times)


def _put_right(
    written: str, every: Sequence[text.Token], draft: _Draft, vocabulary: Vocabulary
) -> str:
    """The text with each unknown word replaced by its nearest known one, where there is one."""
    pieces: list[str] = []
    end = 0
    seen = -1
    for token in every:
        is_head = token.position > seen
        seen = token.position if is_head else seen
        if not is_head or vocabulary.frequency(token.stem) or not text.is_telling(token):
            continue
        folded = text.fold(token.surface)
        # A word of the engine's own lists is spelt right, even if no record holds it.
        known = None if text.is_listed(token.stem) else vocabulary.nearest(folded)
        if known is None or known == folded:
            draft.unknown.append(token.surface)
            continue
        draft.corrected[token.surface] = known
        pieces += (written[end : token.start], known)
        end = token.end
    return "".join((*pieces, written[end:])) if pieces else written


def _plan_operator(
    clause: Clause, draft: _Draft, vocabulary: Vocabulary, settings: Settings
) -> None:
    name = clause.field and settings.aliases.get(clause.field, clause.field)
    if clause.kind is WORDS and not clause.sign and not name:
        return
    condition = _condition(clause, name, vocabulary)
    if condition is None:
        return
    if clause.sign == "-":
        draft.excluded.append(condition)
        return
    draft.required.append(condition)
    for stem in sorted(set().union(*condition.steps)):
        draft.add(stem, 1.0, name)
    if clause.kind is not WORDS:
        draft.words.append(clause.text)


def _condition(clause: Clause, name: str, vocabulary: Vocabulary) -> Condition | None:
    if clause.kind is PREFIX:
        stems = frozenset(vocabulary.starting(text.fold(clause.text), MOST_PREFIXED))
        return Condition((stems or frozenset({clause.text}),), (0,), name, clause.written())
    by_position: dict[int, str] = {}
    for token in text.words(clause.text):
        if text.is_telling(token):
            by_position.setdefault(token.position, token.stem)
    if not by_position:
        return None
    first = min(by_position)
    return Condition(
        steps=tuple(frozenset({stem}) for stem in by_position.values()),
        gaps=tuple(position - first for position in by_position),
        field=name,
        written=clause.written(),
    )


def _suggestion(written: str, corrected: Mapping[str, str]) -> str | None:
    better = written
    for typed, known in corrected.items():
        better = better.replace(typed, known)
    return better if corrected and better != written else None
