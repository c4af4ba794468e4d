"""From what was found to what a page and a file show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qsl

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from portal.innovations.models import Innovation, RecordStatus
from portal.innovations.policy import is_proven
from portal.innovations.rules.deciding import strongest_type
from portal.innovations.rules.on_day import uses_on
from portal.search.documents import FIELD_LABELS
from portal.search.indexing.asking import ResultRow, SearchResult
from portal.search.queries import Choices
from portal.search.queries.lines import ResultLine
from portal.search.rules import FACETS, MAX_RANK_OF_NEWS, NOT_PROVEN, PROVEN, Order, SearchQuery
from portal.search.services.gaps import UnansweredSearch
from portal.web.downloads import Cell
from portal.web.filters import Filter, Filters, Option
from portal.web.format import listing, lower_first, plural
from portal.web.paging import page_number
from search_index.interface import Passage, Span, Suggestion
from search_index.query import MAX_QUESTION_LENGTH
from search_index.words import words

EVIDENCE_IN_FEW_WORDS = {
    "RCT": "randomised trial, peer-reviewed",
    "COMPARATIVE": "comparison, peer-reviewed",
    "NON_COMPARATIVE": "one group, peer-reviewed",
    "PUBLISHED": "published, not peer-reviewed",
    "CONFERENCE": "shown at a conference",
}
"""Types of study as a card says them; of others it says the label."""
PATH = "/search"
WORDS = "q"
KEPT = ("sort", "saved", "since")
"""What an address says besides words and filters: the order, and whose news to mark."""
KINDS = {"name": "Innovation", "organisation": "Organisation", "conditions": "Condition"}
MAX_SHOWN_PLACES = 2
MAX_BEFORE_MATCH = 40
"""Characters of a reason before its first match: the line that shows it must reach the match."""
ALREADY_SHOWN = {"name", "organisation", "summary"}
"""Fields that every card shows; what it says in others is worth a line."""
LISTS = {"conditions", "standards", "setting", "used_at"}
"""Fields that are lists of labels: a sentence tells more than they do."""


def filters_of(choices: Choices, kept: str | None = None) -> Filters:
    """Return the state of the page's address, or of a query string that was kept: words and
    chosen filters, without counts."""
    filters = [
        Filter(name, heading, [Option(v, label) for v, label in choices.labels[name].items()])
        for name, heading in FACETS.items()
        if name in choices.labels
    ]
    args = request.args if kept is None else MultiDict(parse_qsl(kept))
    return Filters(PATH, args, filters, words=WORDS, keep=KEPT, words_max=MAX_QUESTION_LENGTH)


def wanted_of(filters: Filters) -> SearchQuery:
    """Return the search that an address asks for; what it does not know is left out."""
    asked = filters.args.get("sort", "")
    order = Order(asked) if asked in set(Order) else Order.BEST
    return SearchQuery(filters.text, filters.chosen, order, page_number(filters.args))


def asked_of(filters: Filters) -> str:
    """Return the query string to keep: the search, without whose news the page marks."""
    return filters.url_with(saved=None, since=None).partition("?")[2]


def looked_for(filters: Filters) -> UnansweredSearch:
    """Return a search as a gap keeps it."""
    described = filters.described()
    narrowed = [f"{name}: {values}" for name, values in described.items() if name != "Words"]
    return UnansweredSearch(filters.text, "; ".join(narrowed), asked_of(filters))


def marked_by(filters: Filters) -> tuple[int, datetime] | None:
    """Return the saved search whose news the page marks, and since when, if the address says."""
    saved, since = filters.args.get("saved", ""), filters.args.get("since", "")
    if not (saved.isascii() and saved.isdigit() and len(saved) < _DIGITS_OF_ID):
        return None
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        return None
    return (int(saved), moment) if moment.tzinfo else None


_DIGITS_OF_ID = 10


def held_words(answer: SearchResult) -> list[str]:
    """Return the words of a search that the results of this page do have, as they were typed."""
    held = {
        token.stem
        for result in answer.results
        for word in result.hit.matched_words
        for token in words(word)
    }
    asked = dict.fromkeys(answer.understood.words)
    missing = answer.understood.unknown
    return [w for w in asked if w not in missing and {one.stem for one in words(w)} & held]


def newsworthy(wanted: SearchQuery, ids: Sequence[int]) -> Sequence[int]:
    """Return those results of which a new one is worth a message."""
    ranked = bool(wanted.text) and wanted.order is Order.BEST
    return ids[:MAX_RANK_OF_NEWS] if ranked else ids


def suggestions(offered: Sequence[Suggestion]) -> list[dict[str, str]]:
    """Return what the search box offers while somebody types, as JSON."""
    return [{"text": one.text, "kind": KINDS.get(one.field, "")} for one in offered]


def counted(filters: Filters, result: SearchResult) -> Filters:
    """Return the filters with how many results each value has, without values that have none."""
    if result.problem:
        shown = [one for one in filters.filters if one.name != "condition" or filters[one.name]]
        return replace(filters, filters=shown)
    return replace(
        filters,
        filters=[
            replace(one, options=_with_counts(one, filters[one.name], result.counts))
            for one in filters.filters
        ],
    )


def _with_counts(
    one: Filter, chosen: Sequence[str], counts: Mapping[str, Mapping[str, int]]
) -> list[Option]:
    here = counts.get(one.name, {})
    return [
        Option(option.value, option.label, here.get(option.value, 0))
        for option in one.options
        if here.get(option.value) or option.value in chosen
    ]


def sentence(wanted: SearchQuery, total: int, choices: Choices) -> str:
    """Return the search in words: "3 proven innovations for asthma", "3 results for “falls”"."""
    proven = set(wanted.filters.get("proven", ()))
    first, sort = ("proven " if proven == {PROVEN} else ""), _sort(wanted, choices)
    noun = f"{first}{sort}innovation"
    if wanted.text and not wanted.has_only_signs:
        return _results_for(wanted, total, f"{noun}s", choices)
    said = plural(total, noun) if total else f"no {noun}s"
    return said + _narrowed(wanted, choices)


def _results_for(wanted: SearchQuery, total: int, nouns: str, choices: Choices) -> str:
    """ "30 results for “falls” among proven innovations used in care homes"."""
    said = f"{plural(total, 'result') if total else 'no results'} for “{wanted.text}”"
    among = nouns + _narrowed(wanted, choices)
    return said if among == "innovations" else f"{said} among {among}"


def _narrowed(wanted: SearchQuery, choices: Choices) -> str:
    """What the filters leave, as it stands after the noun."""
    said = ""
    proven, sort = set(wanted.filters.get("proven", ())), _sort(wanted, choices)
    if proven == {NOT_PROVEN}:
        said += " not proven today"
    for name, phrase in _PHRASES:
        values = wanted.filters.get(name)
        if values and not (name == "category" and sort):
            said += f"{phrase} {_either(name, values, choices)}"
    return said


_PHRASES = (
    ("category", " in the category"),
    ("stage", " at the stage"),
    ("condition_group", " for"),
    ("condition", " for"),
    ("care_setting", " used in"),
    ("region", " from"),
    ("hin", " looked after by"),
)
_SHORT_SORT = 2


def _sort(wanted: SearchQuery, choices: Choices) -> str:
    """One category of at most two words as what stands before the noun: "digital "."""
    chosen = wanted.filters.get("category", ())
    if len(chosen) != 1:
        return ""
    label = choices.labels["category"][chosen[0]].partition(" (")[0]
    return f"{lower_first(label)} " if len(label.split()) <= _SHORT_SORT else ""


def upper_first(text: str) -> str:
    """Return a phrase as the start of a sentence."""
    return text[:1].upper() + text[1:]


def _either(name: str, values: Sequence[str], choices: Choices) -> str:
    labels = [choices.labels[name][value] for value in values]
    if name not in {"region", "hin", "stage"}:
        labels = [lower_first(label) for label in labels]
    return str(listing(labels, "or").unescape())


@dataclass(frozen=True, slots=True)
class Card:
    """A result as the page shows it; `summary` and `reasons` are spans, some of them marked."""

    id: int
    status: RecordStatus
    name: str
    href: str
    maker: str
    stage: str
    category: str
    summary: Sequence[Span]
    proven_until: date | None
    evidence: str
    places: Sequence[str]
    more_places: int
    reasons: Sequence[tuple[str, Sequence[Span]]]
    fields: Sequence[str]
    hits: int
    is_new: bool = False

    @property
    def short_reasons(self) -> Sequence[tuple[str, Sequence[Span]]]:
        """Return the reasons as a single line shows them: each begins close to its first match."""
        return [(label, _near_match(spans)) for label, spans in self.reasons]


def card(result: ResultRow, today: date, *, rank: int | None = None, is_new: bool = False) -> Card:
    """Return what the page shows of a result; with a `rank`, its link tells from where it came."""
    innovation, hit = result.innovation, result.hit
    places = _places(innovation, today)
    beyond = [one for one in hit.passages if one.field not in ALREADY_SHOWN]
    beyond.sort(key=lambda one: one.field in LISTS)
    return Card(
        id=innovation.id,
        status=innovation.status,
        name=innovation.name,
        href=record_url(innovation.id) + (f"?rank={rank}" if rank else ""),
        maker=innovation.organisation.name,
        stage=innovation.stage.label if innovation.stage else "",
        category=innovation.category.label if innovation.category else "",
        summary=_summary(innovation, hit.passages),
        proven_until=innovation.is_proven_until if is_proven(innovation, today) else None,
        evidence=_evidence(innovation),
        places=places[:MAX_SHOWN_PLACES],
        more_places=max(len(places) - MAX_SHOWN_PLACES, 0),
        reasons=[(_field(one.field), one.spans) for one in beyond[:1]],
        fields=[_field(name) for name in hit.matched_fields],
        hits=hit.hits,
        is_new=is_new,
    )


def record_url(innovation_id: int) -> str:
    """Return the address of the record's page."""
    return url_for("innovations.overview", innovation_id=innovation_id)


def _field(name: str) -> str:
    return FIELD_LABELS.get(name, name)


def _summary(innovation: Innovation, passages: Sequence[Passage]) -> Sequence[Span]:
    """The summary with its matches marked, when the index holds the very text that is true now."""
    found = next((one.spans for one in passages if one.field == "summary"), ())
    is_true = "".join(span.text for span in found) == innovation.summary
    return found if found and is_true else (Span(innovation.summary),)


def _near_match(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans without most of what stands before the first match."""
    first = spans[0] if spans else None
    if first is None or first.is_match or len(first.text) <= MAX_BEFORE_MATCH:
        return spans
    kept = first.text[-MAX_BEFORE_MATCH:].partition(" ")[2]
    return (Span(f"… {kept}"), *spans[1:])


def _evidence(innovation: Innovation) -> str:
    """How much evidence the record names, and of what kind the strongest is."""
    count, kind = len(innovation.evidence), strongest_type(innovation.evidence)
    if not count:
        return "No evidence on the record yet"
    if kind is None:
        return plural(count, "piece of evidence", "pieces of evidence")
    said = EVIDENCE_IN_FEW_WORDS.get(kind.code, lower_first(kind.label))
    return f"Evidence: {said}{f' (best of {count:,})' if count > 1 else ''}"


def _places(innovation: Innovation, today: date) -> list[str]:
    uses = uses_on(innovation.uses, today)
    return list(dict.fromkeys(use.place for use in uses))


HEADER = (
    *("Name", "Organisation", "Summary", "Proven until", "Stage of development", "Category"),
    *("Care settings", "Conditions", "Health Innovation Network", "In use at", "On since", "Link"),
)


CSV_HEADER = (*HEADER, "Search", "Made on")
"""A CSV file has no first sheet: each row says what was asked, and on which day."""


def csv_row(line: ResultLine, today: date, said: str) -> Sequence[Cell]:
    """Return a record as a row of a CSV file, by `CSV_HEADER`."""
    return (*row(line), said, today)


def row(line: ResultLine) -> Sequence[Cell]:
    """Return a record as a row of a download, by `HEADER`."""
    return (
        *(line.name, line.organisation, line.summary, line.proven_until),
        *(line.stage, line.category),
        *("; ".join(words) for words in (line.care_settings, line.conditions)),
        line.network,
        "; ".join(line.places),
        line.submitted_at,
        _address(record_url(line.id)),
    )


def _address(path: str) -> str:
    return request.host_url.rstrip("/") + path


def about(wanted: SearchQuery, filters: Filters, total: int, choices: Choices) -> dict[str, Cell]:
    """Return what stands on the first sheet: the search in words and each filter."""
    return {
        "Title": "Search of innovations",
        "Search": upper_first(sentence(wanted, total, choices)),
        **filters.described(),
        "Sorted by": wanted.order.label,
        "Address": _address(f"{PATH}?{asked_of(filters)}"),
        "Who sees what": "Holds only records that the person who made this file may see.",
    }
