"""One search over columns: score, choose, count, explain."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np

from search_index import answering, best, themes
from search_index.answering import FieldMatch, Scored
from search_index.arrays import Array
from search_index.interface import Answer, Hit, Query, Suggestion
from search_index.passages import Match
from search_index.planning import Plan, ReaderPlan, plan
from search_index.ranking import Settings
from search_index.readers import Reader, Snapshot
from search_index.segments import Mask, Segment
from search_index.text import fold

_EXACT = 1e6
_Ranked = tuple[int, float, bool, int, Segment]
"""A result: its id, its score, whether its name was typed, its row and its segment."""
_BARE = np.float32(1)  # what a record scores where nothing but filters was asked


def search(snapshot: Snapshot, query: Query, settings: Settings) -> Answer:
    """Answer a query; see ``interface.Index``."""
    reader = snapshot.reader(query)
    asked = reader.asked(query.text, lambda: _asked(snapshot, reader, query, settings))

    def answer(softer: Plan) -> Answer:
        return _answer(reader, query, asked.softer(softer), settings)

    return answering.or_nearest(query, asked.plan, answer)


class _Part:
    """What one segment answers: ``scores`` before filters (0 for no hit), ``passing`` a mask for
    each filter, ``exact`` the rows whose name was typed; ``results`` are the hits that pass every
    filter and ``ranked`` their scores, 0 for what is none."""

    def __init__(
        self, segment: Segment, scores: Array, passing: Mapping[str, Mask], exact: Array
    ) -> None:
        self.segment = segment
        self.scores = scores
        self.passing = passing
        self.exact = exact
        self.results = self.under()
        self.total = int(np.count_nonzero(self.results))
        self.ranked: Array = scores * self.results if passing else scores

    def under(self, but: str = "") -> Mask:
        """The hits that pass every filter but one."""
        hits: Mask = self.scores > 0
        for name, mask in self.passing.items():
            if name != but:
                hits &= mask
        return hits


def _asked(snapshot: Snapshot, reader: Reader, query: Query, settings: Settings) -> ReaderPlan:
    made = plan(query, reader, settings)
    weights = [reader.idf(term.stem) * term.importance for term in made.terms]
    if snapshot.space is None or not snapshot.space.term_themes.shape[1]:
        return ReaderPlan(made, weights, None, 0.0)
    words = sum(term.stem[0] != "#" for term in made.terms)
    portion = themes.share(words, snapshot.space.averages, settings)
    if not portion:
        return ReaderPlan(made, weights, None, 0.0)
    directions = themes.of_terms([term.stem for term in made.terms], snapshot.space)
    return ReaderPlan(made, weights, themes.of_question(weights, directions), portion)


def _answer(reader: Reader, query: Query, asked: ReaderPlan, settings: Settings) -> Answer:
    parts = list(_parts(reader, query, asked, settings))
    total = sum(part.total for part in parts)
    ranked = _ranked(parts, query, asked)
    return Answer(
        hits=tuple(_hits(ranked, query, asked.plan, reader, settings)),
        total=total,
        facets=_counts(parts, query.facets) if query.facets else {},
        suggestion=asked.plan.suggestion,
        emptied_by={} if total else _emptied_by(parts, query),
        understood=asked.plan.understood,
    )


def _parts(
    reader: Reader, query: Query, question: ReaderPlan, settings: Settings
) -> Iterator[_Part]:
    asked = question.plan
    lifts = reader.lifts(settings.standing)
    for (segment, readable), lift in zip(reader.parts, lifts, strict=True):
        named = segment.named(asked.name_key)
        if asked.asks():
            scores = segment.scores(asked, question.weights, named, lift, settings)
        else:
            scores = (segment.columns.standing + _BARE) * readable
        if query.only is not None:
            scores *= segment.among(query.only)
        for condition in asked.required:
            scores *= segment.meeting(condition)
        for condition in asked.excluded:
            scores *= ~segment.meeting(condition)
        passing = segment.chosen(query.filters) if query.filters else {}
        yield _Part(segment, scores, passing, named)


def _ranked(parts: Sequence[_Part], query: Query, asked: ReaderPlan) -> list[_Ranked]:
    """The page asked for, best first."""
    wanted = query.last()
    top = max((float(part.ranked.max()) for part in parts), default=0.0) if asked.portion else 0.0
    found: list[_Ranked] = []
    for part in parts:
        rows, values = _candidates(part, wanted, asked, top)
        ids = part.segment.columns.ids[rows]
        kept = best.order(values, ids, len(rows) if wanted is None else wanted)
        scores = values[kept] if asked.plan.asks() else values[kept] - _BARE
        exact = scores >= _EXACT
        columns = (ids[kept], scores - _EXACT * exact, exact, rows[kept])
        found += zip(*(column.tolist() for column in columns), repeat(part.segment), strict=False)
    if len(parts) > 1:
        found.sort(key=lambda item: (-item[2], -item[1], item[0]))
    return found[query.offset : wanted]


def _candidates(
    part: _Part, wanted: int | None, asked: ReaderPlan, top: float
) -> tuple[Array, Array]:
    """The rows that may be shown and their scores, themes included."""
    scores = part.ranked
    rows = best.candidates(scores, wanted, asked.portion, top)
    if len(part.exact):
        rows = np.union1d(rows, part.exact[scores[part.exact] > 0])
    values: Array = scores[rows].astype(np.float64)
    if asked.place is not None:
        held = part.segment.columns.row_themes
        values = themes.blend(values, rows, held, asked.place, asked.portion, top)
    if len(part.exact):
        values[np.isin(rows, part.exact)] += _EXACT
    return rows, values


def _hits(
    ranked: Sequence[_Ranked], query: Query, asked: Plan, reader: Reader, settings: Settings
) -> list[Hit]:
    explained = ranked[: query.passages] if asked.asks() else []
    hits: list[Hit] = []
    if explained:
        stems = asked.stems()
        telling = answering.weights(asked, {stem: reader.idf(stem) for stem in stems})
        found: dict[int, list[FieldMatch]] = {}
        for segment in {id(one[4]): one[4] for one in explained}.values():
            rows = [row for *_, row, held in explained if held is segment]
            found.update(_found(segment, rows, stems))
        for one, score, exact, _, _ in explained:
            scored = Scored(one, score, exact)
            hits.append(answering.hit(scored, found.get(one, []), telling, settings))
    hits += [Hit(one, round(score, 6), exact) for one, score, exact, *_ in ranked[len(explained) :]]
    return hits


def _found(
    segment: Segment, rows: Sequence[int], stems: frozenset[str]
) -> dict[int, list[FieldMatch]]:
    """By id, the fields of rows that hold any of the stems, with where."""
    columns = segment.columns
    names = {columns.term(stem): stem for stem in stems}
    names.pop(-1, None)
    tokens, sections = columns.tokens_of(np.array(sorted(rows)))
    terms = columns.terms_of(tokens)
    held = np.logical_or.reduce([terms == number for number in names])
    tokens, sections, terms = tokens[held], sections[held], terms[held]
    starts = columns.token_start[tokens]
    ends = starts + columns.token_length[tokens]
    matches = list(
        map(Match, starts.tolist(), ends.tolist(), [names[term] for term in terms.tolist()])
    )
    # Matches come section by section: where each begins, and what it is.
    firsts = np.flatnonzero(np.diff(sections, prepend=-1))
    here = sections[firsts]
    ids = columns.ids[np.searchsorted(columns.sections, here, side="right") - 1]
    edges = [*firsts.tolist(), len(matches)]
    fields = columns.section_field[here].tolist()
    found: dict[int, list[FieldMatch]] = {}
    for number, (section, one, field) in enumerate(
        zip(here.tolist(), ids.tolist(), fields, strict=True)
    ):
        written = columns.field_text(section)
        inside = matches[edges[number] : edges[number + 1]]
        found.setdefault(one, []).append(FieldMatch(columns.field_names[field], written, inside))
    return found


def _counts(parts: Sequence[_Part], facets: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many results have each value of each facet, under every filter but its own."""
    if len(parts) == 1:
        return _part_counts(parts[0], facets)
    counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
    for part in parts:
        for name, held in _part_counts(part, facets).items():
            counts[name].update(held)
    return {
        name: dict(sorted(held.items(), key=lambda item: (-item[1], item[0])))
        for name, held in counts.items()
    }


def _part_counts(part: _Part, facets: Sequence[str]) -> dict[str, dict[str, int]]:
    found = part.segment.counts([one for one in facets if one not in part.passing], part.results)
    for name in facets:
        if name in part.passing:
            found.update(part.segment.counts([name], part.under(name)))
    return found


def _emptied_by(parts: Sequence[_Part], query: Query) -> dict[str, int]:
    """For each filter, how many results there would be without it."""
    return {
        name: sum(int(np.count_nonzero(part.under(name))) for part in parts)
        for name, chosen in query.filters.items()
        if chosen
    }


def suggest(
    snapshot: Snapshot, prefix: str, limit: int, audience: frozenset[str] | None, settings: Settings
) -> list[Suggestion]:
    """Complete what is being typed; see ``interface.Index``."""
    start = fold(prefix).strip()
    found: dict[tuple[str, str], tuple[bool, int, Suggestion]] = {}
    for segment, readable in snapshot.reader(Query(audience=audience)).parts if start else ():
        columns = segment.columns
        for number in columns.completions.starting(start):
            value = int(columns.complete_value[number])
            rows = columns.shown_rows[
                columns.shown_row_ends[value] : columns.shown_row_ends[value + 1]
            ]
            rows = rows[readable[rows]]
            if len(rows):
                place = int(columns.shown_field[value])
                shown, field = columns.shown.at(value), settings.suggest[place]
                one = Suggestion(shown, field, int(columns.ids[rows].min()))
                inner = not fold(shown).startswith(start)
                held = found.get((field, fold(shown)))
                # Written in several ways: as the reader's first record writes it.
                if held is None or one.id < held[2].id:
                    found[field, fold(shown)] = (inner, place, one)
    ranked = sorted(found.values(), key=lambda f: (f[0], f[1], fold(f[2].text)))
    return [suggestion for _, _, suggestion in ranked[:limit]]
