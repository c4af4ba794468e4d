"""Answer a person's search: ask the index what they may see, then let SQL have the last word."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, islice

from sqlalchemy import func, select

from portal.accounts.models import Actor
from portal.clock import today
from portal.db import db
from portal.innovations.models import Innovation
from portal.search import queries
from portal.search.indexing.opening import with_index
from portal.search.queries import Choices, suggesting
from portal.search.queries.lines import ResultLine, lines
from portal.search.rules import (
    FACETS,
    Order,
    SearchQuery,
    labels_of_reader,
    proven_counts,
    proven_values,
)
from search_index.interface import (
    Answer,
    Hit,
    IndexUnusable,
    Query,
    QuestionReading,
    SearchError,
    Suggestion,
)

PER_PAGE = 20
SUGGESTIONS = 60
"""Completions asked of the index, of which some of each kind are offered."""
MAX_SUGGESTIONS_PER_KIND = 3
MAX_DROPPED_WORDS = 6
"""Words tried to leave out, one at a time, when nothing was found."""

AT_ONCE = 2_000
"""Lines of a download that are in memory at once."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A record that was found, and why."""

    innovation: Innovation
    hit: Hit


@dataclass(frozen=True, slots=True)
class ShorterSearch:
    """A search with one word less that does find something."""

    text: str
    dropped: str
    total: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: one page of results, and what to say about it.

    `counts` are by the facets of the page. `emptied_by` and `fewer` are there only when nothing
    was found. `problem` says why the index could not be used; then results come from plain SQL.
    """

    results: Sequence[ResultRow]
    total: int
    page: int = 1
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    understood: QuestionReading = field(default_factory=QuestionReading)
    suggestion: str | None = None
    relaxed: tuple[str, ...] = ()
    emptied_by: Mapping[str, int] = field(default_factory=dict)
    fewer: ShorterSearch | None = None
    problem: str = ""


def find(actor: Actor, wanted: SearchQuery, choices: Choices) -> SearchResult:
    """Return a page of what the actor may see and asked for."""
    try:
        return _Search(actor, wanted, choices).page()
    except SearchError as problem:
        return _plainly(actor, wanted, _reason(problem))


def find_all(
    actor: Actor, wanted: SearchQuery, choices: Choices
) -> tuple[int, Iterator[ResultLine]]:
    """Return how many records the actor may see and asked for, and each of them in order: for
    downloads. They are read as they are sent, so many at a time, and then forgotten."""
    try:
        ids = _Search(actor, wanted, choices).every_id()
    except SearchError:
        ids = list(db.session.scalars(queries.plainly(actor, wanted, today())))
    findable = set(queries.findable_ids(actor))
    seen = [one for one in ids if one in findable]
    return len(seen), _each(actor, seen)


def _each(actor: Actor, ids: Sequence[int]) -> Iterator[ResultLine]:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = lines(actor, some, today())
        yield from (rows[one] for one in some if one in rows)


def every_id(actor: Actor, wanted: SearchQuery, choices: Choices) -> list[int] | None:
    """Return the ids of all results in order; None when the index cannot be asked now.

    Not in plain SQL then: what that finds besides would be taken for news.
    """
    try:
        return _Search(actor, wanted, choices).every_id()
    except SearchError:
        return None


def suggest(actor: Actor, prefix: str) -> list[Suggestion]:
    """Return how what is typed may go on: names that stand on records the actor may see.

    The index may be behind, so SQL looks whether the record is still theirs to see and still
    has that name. Nothing is suggested when the index cannot be asked.
    """
    audience = labels_of_reader(actor)
    try:
        offered = with_index(
            lambda index: index.suggest(prefix, limit=SUGGESTIONS, audience=audience)
        )
    except SearchError:
        return []
    rows = suggesting.named(actor, {one.id for one in offered})
    held = [one for one in offered if one.id in rows and _stands(one, rows[one.id])]
    by_kind = groupby(sorted(held, key=lambda one: _KINDS.index(one.field)), lambda one: one.field)
    return [one for _, of_kind in by_kind for one in islice(of_kind, MAX_SUGGESTIONS_PER_KIND)]


_KINDS = ("name", "organisation", "conditions")


def _stands(one: Suggestion, row: suggesting.NameRow) -> bool:
    today_called = {"name": row.name, "organisation": row.organisation}
    return one.text == today_called.get(one.field, one.text)


def _reason(problem: SearchError) -> str:
    return str(problem) if isinstance(problem, IndexUnusable) else "The search index is busy."


class _Search:
    """One question of one reader."""

    def __init__(self, actor: Actor, wanted: SearchQuery, choices: Choices) -> None:
        self.actor = actor
        self.wanted = wanted
        self.on = today()
        self.query = Query(
            text=wanted.text,
            filters=_filters(wanted, choices, self.on),
            audience=labels_of_reader(actor),
            # A change that hides a record may still wait to be indexed: then, and only then, the
            # ids that SQL lets through are given to the index, so that no count tells of it.
            allowed=queries.findable_ids(actor) if queries.has_hidden_changes(actor) else None,
            limit=PER_PAGE,
            facets=("proven_until", *list(FACETS)[1:]),
            passages=PER_PAGE,
        )

    def page(self) -> SearchResult:
        """Return the page asked for, or the last one when it lies beyond."""
        if self._is_ranked:
            answer = self._ask(offset=(self.wanted.page - 1) * PER_PAGE)
            number = _page_within(answer.total, self.wanted.page)
            if number != self.wanted.page:
                answer = self._ask(offset=(number - 1) * PER_PAGE)
            return self._found(answer, answer.hits, number)
        every = queries.ordered_ids(self.wanted.order, self.on)
        if self._is_everything:
            answer = self._ask(limit=0, passages=0)
            if answer.total == len(every):
                return self._page_of(answer, every)
        answer = self._ask(limit=None, passages=0)
        return self._page_of(answer, _in_order(answer.hits, every))

    def _page_of(self, answer: Answer, ids: Sequence[int]) -> SearchResult:
        number = _page_within(len(ids), self.wanted.page)
        shown = ids[(number - 1) * PER_PAGE : number * PER_PAGE]
        return self._found(replace(answer, total=len(ids)), self._explained(shown), number)

    def every_id(self) -> list[int]:
        """Return the ids of all results, in order."""
        hits = self._ask(limit=None, passages=0, facets=()).hits
        if self._is_ranked:
            return [hit.id for hit in hits]
        return _in_order(hits, queries.ordered_ids(self.wanted.order, self.on))

    @property
    def _is_ranked(self) -> bool:
        return bool(self.wanted.text) and self.wanted.order is Order.BEST

    @property
    def _is_everything(self) -> bool:
        """Whether all records are asked for by somebody who may see them all."""
        wanted = self.wanted
        return self.actor.is_staff and not wanted.text and not any(wanted.filters.values())

    def _ask(self, **changes: object) -> Answer:
        query = replace(self.query, **changes)  # type: ignore[arg-type]  # its own fields
        return with_index(lambda index: index.search(query))

    def _explained(self, ids: Sequence[int]) -> list[Hit]:
        """The hits of these ids in their order, with the reasons if words were asked for."""
        if not self.wanted.text or not ids:
            return [Hit(one, 0.0) for one in ids]
        hits = {hit.id: hit for hit in self._ask(only=ids, facets=()).hits}
        return [hits[one] for one in ids if one in hits]

    def _found(self, answer: Answer, hits: Sequence[Hit], number: int) -> SearchResult:
        rows = queries.cards(self.actor, [hit.id for hit in hits])
        return SearchResult(
            results=[ResultRow(rows[hit.id], hit) for hit in hits if hit.id in rows],
            total=answer.total,
            page=number,
            counts=self._counts(answer),
            understood=answer.understood,
            suggestion=answer.suggestion,
            relaxed=answer.relaxed,
            emptied_by={_named(name): n for name, n in answer.emptied_by.items() if n},
            fewer=None if answer.total else self._fewer(answer.understood),
        )

    def _counts(self, answer: Answer) -> dict[str, Mapping[str, int]]:
        counts = dict(answer.facets)
        by_day = counts.pop("proven_until", {})
        return {"proven": proven_counts(by_day, self.on), **counts}

    def _fewer(self, understood: QuestionReading) -> ShorterSearch | None:
        """The search without the word whose absence finds the fewest, so most of it is kept."""
        words = self.query.text.split()
        if len(words) < 2 or understood.required or understood.excluded:
            return None
        tried = []
        for place, word in enumerate(words[:MAX_DROPPED_WORDS]):
            text = " ".join(words[:place] + words[place + 1 :])
            answer = self._ask(text=text, limit=0, offset=0, passages=0, facets=())
            if answer.total:
                tried.append(ShorterSearch(text, word, answer.total))
        return min(tried, key=lambda one: one.total, default=None)


def _in_order(hits: Iterable[Hit], every: Iterable[int]) -> list[int]:
    found = {hit.id for hit in hits}
    return [one for one in every if one in found]


def _filters(wanted: SearchQuery, choices: Choices, on: date) -> dict[str, frozenset[str]]:
    filters = {name: frozenset(values) for name, values in wanted.filters.items() if values}
    chosen = filters.pop("proven", frozenset())
    if values := proven_values(sorted(chosen), choices.proven_days, on):
        filters["proven_until"] = values
    return filters


def _named(facet: str) -> str:
    return "proven" if facet == "proven_until" else facet


def _page_within(total: int, asked: int) -> int:
    return min(asked, max(1, -(-total // PER_PAGE)))


def _plainly(actor: Actor, wanted: SearchQuery, problem: str) -> SearchResult:
    found = queries.plainly(actor, wanted, today())
    counted = select(func.count()).select_from(found.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    number = _page_within(total, wanted.page)
    ids = list(db.session.scalars(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE)))
    rows = queries.cards(actor, ids)
    results = [ResultRow(rows[one], Hit(one, 0.0)) for one in ids if one in rows]
    return SearchResult(results, total, number, problem=problem)
