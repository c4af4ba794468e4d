"""From what was found to what a page and a file show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request, url_for

from portal.innovations.models import Innovation
from portal.innovations.policy import is_proven
from portal.reference.models import Vocabulary
from portal.search.documents import FIELD_LABELS, in_use
from portal.search.indexing.asking import Found, Result
from portal.search.queries import Choices
from portal.search.rules import FACETS, NOT_PROVEN, PROVEN, Order, Wanted
from portal.web.downloads import Cell
from portal.web.filters import Filter, Filters, Option
from portal.web.format import listing, lower_first, plural
from portal.web.paging import page_number
from search_index.interface import Passage, Span

WORDS = "q"
PLACES_SHOWN = 2
ORDERS = {Order.BEST: "Best match", Order.NEWEST: "Newest", Order.NAME: "Name"}
ALREADY_SHOWN = {"name", "organisation", "summary"}
"""Fields that every card shows; what it says in others is worth a line."""


def filters_of(choices: Choices) -> Filters:
    """Return the state of the page's address: words and chosen filters, without counts."""
    filters = [
        Filter(name, heading, [Option(v, label) for v, label in choices.labels[name].items()])
        for name, heading in FACETS.items()
        if name in choices.labels
    ]
    return Filters(url_for("search.results"), request.args, filters, words=WORDS)


def wanted_of(filters: Filters) -> Wanted:
    """Return the search that an address asks for; what it does not know is left out."""
    asked = request.args.get("sort", "")
    order = Order(asked) if asked in set(Order) else Order.BEST
    return Wanted(filters.text, filters.chosen, order, page_number(request.args))


def counted(filters: Filters, found: Found) -> Filters:
    """Return the filters with how many results each value has, without values that have none."""
    if found.problem:
        shown = [one for one in filters.filters if one.name != "condition" or filters[one.name]]
        return replace(filters, filters=shown)
    return replace(
        filters,
        filters=[
            replace(one, options=_with_counts(one, filters[one.name], found.counts))
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


def sentence(wanted: Wanted, total: int, choices: Choices) -> str:
    """Return the search in words: "3 proven innovations for use in care homes"."""
    proven = set(wanted.filters.get("proven", ()))
    noun = "proven innovation" if proven == {PROVEN} else "innovation"
    parts = [plural(total, noun) if total else f"no {noun}s"]
    if proven == {NOT_PROVEN}:
        parts.append("not proven today")
    phrases = (
        ("category", "in the category"),
        ("stage", "at the stage"),
        ("care_setting", "for use in"),
        ("condition_group", "for"),
        ("condition", "for"),
        ("region", "from"),
        ("hin", "looked after by"),
    )
    for name, phrase in phrases:
        if values := wanted.filters.get(name):
            parts.append(f"{phrase} {_either(name, values, choices)}")
    if wanted.text:
        parts.append(
            f"that answer “{wanted.text}”" if total != 1 else f"that answers “{wanted.text}”"
        )
    return " ".join(parts)


def _either(name: str, values: Sequence[str], choices: Choices) -> str:
    labels = [choices.labels[name][value] for value in values]
    if name not in {"region", "hin", "stage"}:
        labels = [lower_first(label) for label in labels]
    return str(listing(labels, "or").unescape())


@dataclass(frozen=True, slots=True)
class Card:
    """A result as the page shows it; `summary` and `reasons` are spans, some of them marked."""

    name: str
    href: str
    maker: str
    stage: str
    category: str
    summary: Sequence[Span]
    proven_until: date | None
    places: Sequence[str]
    more_places: int
    reasons: Sequence[tuple[str, Sequence[Span]]]
    fields: Sequence[str]
    hits: int


def card(result: Result, today: date) -> Card:
    """Return what the page shows of a result."""
    innovation, hit = result.innovation, result.hit
    places = _places(innovation, today)
    beyond = [one for one in hit.passages if one.field not in ALREADY_SHOWN]
    return Card(
        name=innovation.name,
        href=record_url(innovation.id),
        maker=innovation.organisation.name,
        stage=innovation.stage.label if innovation.stage else "",
        category=innovation.category.label if innovation.category else "",
        summary=_summary(innovation, hit.passages),
        proven_until=innovation.is_proven_until if is_proven(innovation, today) else None,
        places=places[:PLACES_SHOWN],
        more_places=max(len(places) - PLACES_SHOWN, 0),
        reasons=[(_field(one.field), one.spans) for one in beyond[:1]],
        fields=[_field(name) for name in hit.matched_fields],
        hits=hit.hits,
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


def _places(innovation: Innovation, today: date) -> list[str]:
    uses = in_use(innovation.uses, today)
    return list(dict.fromkeys(use.organisation.name for use in uses))


HEADER = (
    *("Name", "Organisation", "Summary", "Proven until", "Stage of development", "Category"),
    *("Care settings", "Conditions", "Health Innovation Network", "In use at", "On since", "Link"),
)


def row(innovation: Innovation, today: date) -> Sequence[Cell]:
    """Return a record as a row of a download, by `HEADER`."""
    return (
        innovation.name,
        innovation.organisation.name,
        innovation.summary,
        innovation.is_proven_until if is_proven(innovation, today) else None,
        innovation.stage.label if innovation.stage else "",
        innovation.category.label if innovation.category else "",
        _terms(innovation, Vocabulary.CARE_SETTING),
        _terms(innovation, Vocabulary.CONDITION),
        innovation.hin.name if innovation.hin else "",
        "; ".join(_places(innovation, today)),
        innovation.submitted_at,
        _address(record_url(innovation.id)),
    )


def _address(path: str) -> str:
    return request.host_url.rstrip("/") + path


def _terms(innovation: Innovation, vocabulary: Vocabulary) -> str:
    return "; ".join(term.label for term in innovation.terms if term.vocabulary is vocabulary)


def about(wanted: Wanted, filters: Filters, total: int, choices: Choices) -> dict[str, Cell]:
    """Return what stands on the first sheet: the search in words and each filter."""
    said = sentence(wanted, total, choices)
    return {
        "Title": "Search of innovations",
        "Search": said[:1].upper() + said[1:],
        **filters.described(),
        "Sorted by": ORDERS[wanted.order],
        "Address": _address(filters.url_with()),
        "Who sees what": "Holds only records that the person who made this file may see.",
    }
