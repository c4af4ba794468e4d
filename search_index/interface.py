"""What the engine is given and what it answers: the shapes that every backend shares.

Identifiers are whole numbers chosen by the caller. Text is plain text in both directions: the
engine neither reads nor writes HTML, so highlights are spans of text with a flag.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class SearchError(Exception):
    """Base of everything that the engine raises on purpose."""


class IndexUnusable(SearchError):
    """The index is missing parts, damaged, or was made by another version of the engine."""

    def __init__(self, reason: str) -> None:
        """Say what is wrong in ``reason`` and add what mends it."""
        super().__init__(f"{reason} Run “flask search rebuild” to make it again.")
        self.reason = reason


class IndexBusy(SearchError):
    """Another process held the index for longer than a writer waits; try again later."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record as the engine sees it.

    ``fields`` hold the words to find, ``facets`` the exact values to filter and count by.
    ``audience`` holds the labels of who may see the record (``public``, ``hin:3``): a query that
    names an audience gets, counts and suggests only records that share a label with it.
    ``standing`` between 0 and 1 lifts a record among equally relevant ones (1.0 for proven).
    ``version`` grows with each change; an older version never overwrites a newer one.
    """

    id: int
    fields: Mapping[str, str]
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    audience: Collection[str] = ()
    standing: float = 0.0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """A question.

    ``filters`` hold the values chosen per facet: any within a facet, all between facets.
    ``audience`` are the labels of the reader, ``None`` for no restriction; ``allowed`` holds the
    ids that the reader may see, where labels do not say it (slower). What the reader may not see
    is not found, counted or named, nor does it weigh words. ``only`` narrows the answer to given
    ids and changes nothing else. ``limit`` of ``None`` means every hit. ``facets`` names the
    facets to count; ``passages`` is how many of the hits get passages.
    """

    text: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    audience: frozenset[str] | None = None
    allowed: Collection[int] | None = None
    only: Collection[int] | None = None
    offset: int = 0
    limit: int | None = 20
    facets: Sequence[str] = ()
    passages: int = 20

    def last(self) -> int | None:
        """How many of the best it takes to answer; ``None`` for all."""
        return None if self.limit is None else self.offset + self.limit


class Span(NamedTuple):
    """A run of text and whether it is one of the words looked for."""

    text: str
    is_match: bool = False


class Passage(NamedTuple):
    """The part of one field that answers best; ``hits`` counts the matches in the whole field."""

    field: str
    spans: tuple[Span, ...]
    hits: int


class Hit(NamedTuple):
    """One result and why it is one.

    ``passages`` come best first and are empty for hits beyond ``Query.passages``. ``matched_words``
    are the words as the record writes them, ``hits`` how often they occur in it.
    """

    id: int
    score: float
    exact_name: bool = False
    matched_fields: tuple[str, ...] = ()
    matched_words: tuple[str, ...] = ()
    hits: int = 0
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """How the engine read the question, for a sentence above the results.

    ``words`` count towards the score; ``required`` and ``excluded`` are operators as typed;
    ``also`` maps what was typed to other names searched for with it (A&E: emergency department);
    ``corrected`` maps an unknown word to the known one searched for instead; ``ignored`` are
    words too common to count, ``unknown`` words that no record holds.
    """

    words: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a query.

    ``facets`` maps each facet asked for to value counts; a facet's counts obey every filter but
    its own, so that a second value can be ticked. ``suggestion`` is the question with unknown
    words put right. When nothing was found, ``relaxed`` names the operators or words that were
    dropped to find the (labelled) nearest hits instead, and ``emptied_by`` says for each filter
    how many there would be without it.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    suggestion: str | None = None
    relaxed: tuple[str, ...] = ()
    emptied_by: Mapping[str, int] = field(default_factory=dict)
    understood: QuestionReading = field(default_factory=QuestionReading)


class Suggestion(NamedTuple):
    """A completion while typing: its text, the field or facet it comes from, and a record."""

    text: str
    field: str
    id: int


@dataclass(frozen=True, slots=True)
class IndexFacts:
    """Facts for the health page: which engine, which format, how many records."""

    backend: str
    format: str
    records: int
    detail: Mapping[str, str] = field(default_factory=dict)


class Index(Protocol):
    """What every backend does. Every change is durable when the call returns."""

    def put(self, documents: Iterable[Document]) -> int:
        """Add or replace records; return how many were written (older versions are not)."""

    def remove(self, ids: Iterable[int]) -> int:
        """Forget records; return how many were there."""

    def clear(self) -> None:
        """Forget everything."""

    def search(self, query: Query) -> Answer:
        """Answer a query; any text at all is a valid question."""

    def suggest(
        self, prefix: str, *, limit: int = 8, audience: frozenset[str] | None = None
    ) -> list[Suggestion]:
        """Complete what is being typed from names, organisations and conditions."""

    def count(self) -> int:
        """How many records there are."""

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Each id with the ``fingerprint`` of its document, to compare with the database."""

    def check(self) -> None:
        """Read everything that is stored; raises ``IndexUnusable`` when any of it is damaged."""

    def about(self) -> IndexFacts:
        """Facts for the health page."""

    def close(self) -> None:
        """Let go of files and connections; the index cannot be used afterwards."""
