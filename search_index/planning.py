"""From a question to a plan: which stems to score, with what importance, and which conditions.

A plan depends on the words that an index knows, given as a ``Vocabulary``; every backend follows
the same plan, so that they answer alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from search_index import text
from search_index.arrays import Array
from search_index.conditions import All, Any, Condition, Not, OneOf, WordSequence, stems
from search_index.english import is_english
from search_index.interface import Query, QuestionReading
from search_index.query import Clause, Join, Kind, Node, Parsed, Range, parse
from search_index.ranking import Settings

MAX_PREFIXED_TERMS = 50
SHORTEST_REPLACED = 5
"""Letters: nearly every word of four has neighbours that are other words."""
SHORTEST_PART = 4
"""Letters of each part of a word that is taken apart."""


class Vocabulary(Protocol):
    """What a plan asks of an index."""

    def frequency(self, stem: str) -> int:
        """How many records hold the stem."""

    def starting(self, prefix: str, limit: int) -> Sequence[str]:
        """The stems of known words that start with the folded prefix, most used first."""

    def nearest(self, word: str) -> str | None:
        """The known word closest to a mistyped one, in folded form, or ``None``."""

    def alike(self, word: str, limit: int) -> Sequence[str]:
        """The stems of known words within a typing error or two, likeliest first."""

    def values(self, facet: str) -> Iterable[str]:
        """Every value of a facet."""


class Term(NamedTuple):
    """A stem to score; ``field`` limits where it counts, ``importance`` multiplies its score."""

    stem: str
    importance: float
    field: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a backend needs to find, score and explain."""

    terms: tuple[Term, ...] = ()
    required: tuple[Condition, ...] = ()
    excluded: tuple[Condition, ...] = ()
    name_key: str = ""
    understood: QuestionReading = field(default_factory=QuestionReading)
    suggestion: str | None = None

    def stems(self) -> frozenset[str]:
        """Every stem to highlight."""
        found = {term.stem for term in self.terms}
        for condition in self.required:
            found.update(stems(condition))
        return frozenset(found)

    def near(self, settings: Settings) -> float:
        """What a record must hold to be a result, as a share of the weight of the most telling
        word: nothing where the question itself says that one word of several will do."""
        return 0.0 if any(isinstance(one, Any) for one in self.required) else settings.near

    def asks(self) -> bool:
        """Whether there is any word to look for; ranges and exclusions only filter."""
        return bool(self.terms)


class ReaderPlan(NamedTuple):
    """A plan made ready for one reader: the weight of each of its terms, where it lies among themes
    (``None`` where they do not count), and the portion that themes count for it."""

    plan: Plan
    weights: Sequence[float]
    place: Array | None
    portion: float

    def softer(self, plan: Plan) -> "ReaderPlan":
        """The same terms under a plan with fewer conditions."""
        return self._replace(plan=plan)


@dataclass(slots=True)
class _Draft:
    words: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: dict[str, str] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    weights: dict[tuple[str, str], float] = field(default_factory=dict)
    required: list[Condition] = field(default_factory=list)
    excluded: list[Condition] = field(default_factory=list)

    def add(self, stem: str, importance: float, field_name: str) -> None:
        key = (stem, field_name)
        self.weights[key] = max(self.weights.get(key, 0.0), importance)


def plan(query: Query, vocabulary: Vocabulary, settings: Settings) -> Plan:
    """Read a query and decide what to look for."""
    parsed = parse(query.text, (*settings.fields, *settings.aliases), settings.ranges)
    draft = _Draft()
    _plan_words(parsed, draft, vocabulary, settings)
    for node in parsed.required:
        _require(node, draft, vocabulary, settings)
    excluded = (_condition(node, vocabulary, settings) for node in parsed.excluded)
    draft.excluded.extend(one for one in excluded if one)
    return Plan(
        terms=tuple(Term(stem, weight, name) for (stem, name), weight in draft.weights.items()),
        required=tuple(draft.required),
        excluded=tuple(draft.excluded),
        name_key=text.name_key(query.text),
        understood=_understood(draft, parsed),
        suggestion=_suggestion(query.text, draft.meant | draft.corrected),
    )


def _understood(draft: _Draft, parsed: Parsed) -> QuestionReading:
    return QuestionReading(
        words=tuple(dict.fromkeys(draft.words)),
        required=tuple(condition.written for condition in draft.required),
        excluded=tuple(condition.written for condition in draft.excluded),
        also=draft.also,
        corrected=draft.corrected,
        ignored=tuple(dict.fromkeys(draft.ignored)),
        # What other names were searched for is no miss, even if no record writes this one.
        unknown=tuple(word for word in dict.fromkeys(draft.unknown) if word not in draft.named),
        shortened=parsed.shortened,
    )


def _plan_words(parsed: Parsed, draft: _Draft, vocabulary: Vocabulary, settings: Settings) -> None:
    """Plain words are read together, so that a concept may span them."""
    by_field: dict[str, list[str]] = {}
    for clause in parsed.words:
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
    covered = _score_concepts(written, every, name, draft, vocabulary, settings)
    weights = text.boilerplate_weight(token.stem for token in telling)
    times = Counter(token.stem for token in telling)
    end = 0
    for token in telling:
        share = settings.covered if token.position in covered else 1.0
        importance = weights[token.stem] * share * settings.repeated(times[token.stem])
        draft.add(token.stem, importance, name)
        # Of "news 2" the two words are told, and not the one they make.
        if token.start >= end:
            draft.words.append(token.surface)
            end = token.end


def _score_concepts(
    written: str,
    every: Sequence[text.Token],
    name: str,
    draft: _Draft,
    vocabulary: Vocabulary,
    settings: Settings,
) -> set[int]:
    """Score the concepts that some words name; return the positions of those words."""
    covered: set[int] = set()
    named = [one for one in text.expand(every) if vocabulary.frequency(f"#{one.concept}")]
    times = Counter(found.concept for found in named)
    for found in named:
        surface = written[every[found.first].start : every[found.last].end]
        importance = settings.concept * found.strength * settings.repeated(times[found.concept])
        draft.add(f"#{found.concept}", importance, name)
        if found.others and (found.strength == 1.0 or surface not in draft.also):
            draft.also[surface] = found.others
        covered.update(every[index].position for index in range(found.first, found.last + 1))
        draft.named.update(every[index].surface for index in range(found.first, found.last + 1))
    return covered


def _put_right(
    written: str, every: Sequence[text.Token], draft: _Draft, vocabulary: Vocabulary
) -> str:
    """The text with each mistyped word replaced by its nearest known one, where there is one."""
    pieces: list[str] = []
    end = 0
    for token in _unknown(every, vocabulary):
        known = _instead(token, draft, vocabulary)
        if known is None:
            draft.unknown.append(token.surface)
            continue
        pieces += (written[end : token.start], known)
        end = token.end
    return "".join((*pieces, written[end:])) if pieces else written


def _unknown(every: Sequence[text.Token], vocabulary: Vocabulary) -> Iterator[text.Token]:
    """The words of which no record holds any form: not alone, nor as part of a compound."""
    missing = [token for token in every if not vocabulary.frequency(token.stem)]
    if not missing:
        return
    held = [token for token in every if token not in missing]
    end = 0
    for token in missing:
        is_held = any(one.start <= token.start and token.end <= one.end for one in held)
        if token.start >= end and not is_held and text.is_telling(token):
            end = token.end
            yield token


def _instead(token: text.Token, draft: _Draft, vocabulary: Vocabulary) -> str | None:
    """What is looked for instead of a word that no record holds, if anything.

    A real word, a word of the lists and a word with a capital are looked for as they stand. So is a
    short one, as too many words lie one error from it; what it may mean is only suggested.
    """
    folded = text.fold(token.surface)
    if parts := _split(folded, vocabulary):
        draft.corrected[token.surface] = parts
        return parts
    # A word of the engine's own lists is spelt right, even if no record holds it.
    if text.is_listed(token.stem) or is_english(folded):
        return None
    known = vocabulary.nearest(folded)
    if known is None or known == folded:
        return None
    if token.surface != token.surface.lower() or len(folded) < SHORTEST_REPLACED:
        draft.meant[token.surface] = known
        return None
    draft.corrected[token.surface] = known
    return known


def _split(word: str, vocabulary: Vocabulary) -> str:
    """A word as two that records hold, where it is those written together; else nothing."""
    for place in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        parts = word[:place], word[place:]
        if all(is_english(part) and vocabulary.frequency(text.stem(part)) for part in parts):
            return " ".join(parts)
    return ""


def _require(node: Node, draft: _Draft, vocabulary: Vocabulary, settings: Settings) -> None:
    condition = _condition(node, vocabulary, settings)
    if condition is None:
        return
    draft.required.append(condition)
    for clause in _clauses(condition):
        for stem in sorted(set().union(*clause.steps)):
            draft.add(stem, 1.0, clause.field)
        if clause.written not in draft.words:
            draft.words.append(clause.written)


def _clauses(condition: Condition) -> Iterator[WordSequence]:
    if isinstance(condition, WordSequence):
        yield condition
    elif isinstance(condition, All | Any):
        for part in condition.parts:
            yield from _clauses(part)


def _condition(node: Node, vocabulary: Vocabulary, settings: Settings) -> Condition | None:
    """A part of a question as what a record must hold; nothing when it has no telling word."""
    if isinstance(node, Clause):
        return _held(node, vocabulary, settings)
    if isinstance(node, Range):
        values = frozenset(one for one in vocabulary.values(node.field) if node.holds(one))
        return OneOf(node.field, values, node.written())
    parts = tuple(
        one for one in (_condition(part, vocabulary, settings) for part in node.parts) if one
    )
    if not parts:
        return None
    if node.join is Join.NOT:
        return Not(parts[0], node.written())
    return (Any if node.join is Join.ANY else All)(parts, node.written())


def _held(clause: Clause, vocabulary: Vocabulary, settings: Settings) -> WordSequence | None:
    name = settings.aliases.get(clause.field, clause.field)
    if clause.kind in {Kind.PREFIX, Kind.FUZZY}:
        folded = text.fold(clause.text)
        find = vocabulary.starting if clause.kind is Kind.PREFIX else vocabulary.alike
        stems = frozenset((*find(folded, MAX_PREFIXED_TERMS), text.stem(folded)))
        return WordSequence((stems,), (0,), name, clause.written())
    by_position: dict[int, str] = {}
    every = text.words(clause.text)
    for token in every:
        if text.is_telling(token):
            by_position.setdefault(token.position, token.stem)
    if not by_position:
        return None
    first = min(by_position)
    return WordSequence(
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
