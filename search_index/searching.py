"""One search over columns: score, choose, count, explain."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search_index import answering, themes
from search_index.answering import Found, Scored
from search_index.arrays import Array
from search_index.interface import Answer, Hit, Query, Suggestion
from search_index.passages import Match
from search_index.planning import Plan, plan
from search_index.ranking import Settings
from search_index.readers import Reader, Snapshot
from search_index.segments import Mask, Segment
from search_index.text import fold

_EXACT = 1e6


def search(snapshot: Snapshot, query: Query, settings: Settings) -> Answer:
    """Answer a query; see ``interface.Index``."""
    reader = snapshot.reader(query)
    asked = plan(query, reader, settings)

    def answer(softer: Plan) -> Answer:
        return _answer(snapshot, reader, query, softer, settings)

    return answering.or_nearest(query, asked, answer)


@dataclass(frozen=True)
class _Part:
    """What one segment answers: ``hits`` before filters, ``passing`` a mask for each filter."""

    segment: Segment
    scores: Array
    hits: Mask
    passing: Mapping[str, Mask]
    exact: Array

    def under(self, but: str = "") -> Mask:
        """The hits that pass every filter but one."""
        masks = [mask for name, mask in self.passing.items() if name != but]
        return np.logical_and.reduce([self.hits, *masks]) if masks else self.hits

    @cached_property
    def results(self) -> Mask:
        """The hits that pass every filter."""
        return self.under()

    @cached_property
    def rows(self) -> Array:
        """The rows of the results."""
        return np.flatnonzero(self.results)

    @cached_property
    def values(self) -> Array:
        """The score of each of ``rows``; themes are added to it."""
        scores: Array = self.scores[self.rows].astype(np.float64)
        return scores


def _answer(
    snapshot: Snapshot, reader: Reader, query: Query, asked: Plan, settings: Settings
) -> Answer:
    weights = [reader.idf(term.stem) * term.importance for term in asked.terms]
    parts = [_part(one, mask, query, asked, weights, settings) for one, mask in reader.parts]
    total = sum(len(part.rows) for part in parts)
    telling = answering.weights(asked, {stem: reader.idf(stem) for stem in asked.stems()})
    _add_themes(parts, snapshot, query, asked, weights, settings)
    ranked = _ranked(parts, query, total)
    return Answer(
        hits=tuple(_hits(ranked, query, asked, telling, settings)),
        total=total,
        facets={name: _counts(parts, name) for name in query.facets},
        suggestion=asked.suggestion,
        emptied_by={} if total else _emptied_by(parts, query),
        understood=asked.understood,
    )


def _part(
    segment: Segment,
    readable: Mask,
    query: Query,
    asked: Plan,
    weights: Sequence[float],
    settings: Settings,
) -> _Part:
    hits = readable if query.only is None else readable & segment.among(query.only)
    for condition in asked.required:
        hits = hits & segment.meeting(condition)
    for condition in asked.excluded:
        hits = hits & ~segment.meeting(condition)
    exact = segment.named(asked.name_key)
    if not asked.asks():
        scores = segment.columns.standing
    else:
        scores, enough = segment.scores(asked, weights, settings)
        enough[exact] = True
        hits = hits & enough
    return _Part(segment, scores, hits, segment.chosen(query.filters), exact)


def _add_themes(
    parts: Sequence[_Part],
    snapshot: Snapshot,
    query: Query,
    asked: Plan,
    weights: Sequence[float],
    settings: Settings,
) -> None:
    words = sum(term.stem[0] != "#" for term in asked.terms)
    portion = themes.share(words, settings)
    if snapshot.space is None or not snapshot.space.term_themes.shape[1] or not portion:
        return
    by_stem = {term.stem: weight for term, weight in zip(asked.terms, weights, strict=True)}
    directions = themes.of_terms(by_stem, snapshot.space)
    question = themes.of_question(list(by_stem.values()), directions)
    top = max((float(part.values.max()) for part in parts if len(part.values)), default=0.0)
    for part in parts:
        held = part.segment.columns.row_themes
        part.values[:] = themes.blend(
            part.values, part.rows, held, question, portion, top, query.last()
        )


def _ranked(parts: Sequence[_Part], query: Query, total: int) -> list[tuple[Segment, int, Scored]]:
    """The page asked for, best first."""
    wanted = query.last()
    last = total if wanted is None else min(wanted, total)
    found: list[tuple[Segment, int, Scored]] = []
    for part in parts:
        values = part.values
        if len(part.exact):
            values[np.isin(part.rows, part.exact)] += _EXACT
        kept = _best(values, part.segment.columns.ids, part.rows, last)
        rows, values = part.rows[kept], values[kept]
        ids = part.segment.columns.ids[rows].tolist()
        for row, one, value in zip(rows.tolist(), ids, values.tolist(), strict=True):
            exact = value >= _EXACT
            found.append((part.segment, row, Scored(one, value - _EXACT * exact, exact)))
    found.sort(key=lambda item: (-item[2].exact_name, -item[2].score, item[2].id))
    return found[query.offset : last]


def _best(values: Array, ids: Array, rows: Array, wanted: int) -> Array:
    """The places of the best values of rows in order, the smaller id first among equals."""
    kept = np.arange(len(values))
    if wanted < len(values):
        least = np.partition(values, len(values) - wanted)[len(values) - wanted] if wanted else 0
        kept = np.flatnonzero(values >= least)
    ordered: Array = kept[np.lexsort((ids[rows[kept]], -values[kept]))][:wanted]
    return ordered


def _hits(
    ranked: Sequence[tuple[Segment, int, Scored]],
    query: Query,
    asked: Plan,
    telling: Mapping[str, float],
    settings: Settings,
) -> Iterator[Hit]:
    explained = ranked[: query.passages] if asked.asks() else []
    found: dict[int, list[Found]] = {}
    for segment in {id(segment): segment for segment, _, _ in explained}.values():
        rows = [row for held, row, _ in explained if held is segment]
        found.update(_found(segment, rows, asked.stems()))
    for _, _, scored in explained:
        yield answering.hit(scored, found.get(scored.id, []), telling, settings)
    for _, _, scored in ranked[len(explained) :]:
        yield answering.plain_hit(scored)


def _found(segment: Segment, rows: Sequence[int], stems: frozenset[str]) -> dict[int, list[Found]]:
    """By id, the fields of rows that hold any of the stems, with where."""
    columns = segment.columns
    names = {columns.term(stem): stem for stem in stems}
    names.pop(-1, None)
    wanted = np.zeros(len(columns.terms) + 1, dtype=np.bool_)
    wanted[list(names)] = True
    tokens, sections = columns.tokens_of(np.array(sorted(rows)))
    terms = columns.terms_of(tokens)
    held = wanted[terms]
    tokens, sections, terms = tokens[held], sections[held], terms[held]
    starts = columns.token_start[tokens]
    matches: dict[int, list[Match]] = {}
    for section, start, length, term in zip(
        sections.tolist(),
        starts.tolist(),
        columns.token_length[tokens].tolist(),
        terms.tolist(),
        strict=True,
    ):
        matches.setdefault(section, []).append(Match(start, start + length, names[term]))
    found: dict[int, list[Found]] = {}
    for section, here in matches.items():
        row = int(np.searchsorted(columns.sections, section, side="right")) - 1
        name = columns.field_names[columns.section_field[section]]
        field = Found(name, columns.field_text(section), here)
        found.setdefault(int(columns.ids[row]), []).append(field)
    return found


def _counts(parts: Sequence[_Part], facet: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for part in parts:
        mask = part.under(facet) if facet in part.passing else part.results
        counts.update(part.segment.counts(facet, mask))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


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
