"""What a report shows beside words and charts, as plain data that is kept: driver diagrams, case
studies, photographs. Pure.

Their words are quoted: each number in them is listed with the numbers of the report, and the
diagram or case study is its source.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from portal.exchange.models import ContentItem, ContentResult
from portal.improvement.rules.comparing import said
from portal.improvement.rules.drawing import Drawing, drawings
from portal.improvement.rules.outline import Branch, nodes
from portal.reports.models import ReportPhoto
from portal.reports.rules.text import Reference
from portal.reports.rules.typed import typed_numbers
from portal.reports.rules.words import number_words
from portal.wording import day_words

QUOTED = "quoted"
"""The kind of a number that stands in the words of an exhibit."""
Exhibit = Mapping[str, Any]
"""`kind`, `title`, `about` (whose and of when), `source` of its numbers, `lines` (each with
`depth`, `label` and `words`), `address` where it stands, `drawings` of a
diagram, `photo` of a photograph."""


def diagram(name: str, address: str, on: date, aims: Sequence[Branch]) -> Exhibit:
    """Return a driver diagram as it stood on a day: its outline, and the pictures of it."""
    title = f"Driver diagram: {name}"
    return {
        "kind": "diagram",
        "title": title,
        "about": f"As it stood on {day_words(on)}.",
        "source": f"{title}, {day_words(on)}",
        "address": address,
        "lines": [
            {"depth": one.depth, "label": one.label, "words": said(one.row)} for one in nodes(aims)
        ],
        "drawings": [_drawing(one) for one in drawings(aims)],
    }


def _drawing(one: Drawing) -> Exhibit:
    boxes = [
        asdict(box) | {"kind": {"value": box.kind.value}, "lines": list(box.lines)}
        for box in one.boxes
    ]
    heads = [list(head) for head in one.heads]
    kept = {key: value for key, value in asdict(one).items() if key != "lines"}
    return kept | {"boxes": boxes, "heads": heads, "paths": [line.path for line in one.lines]}


def study(item: ContentItem, address: str) -> Exhibit:
    """Return a case study of the Exchange: its summary and the results that it claims."""
    whose = item.hin.name if item.hin else "The Health Innovation Networks together"
    return {
        "kind": "study",
        "title": item.title,
        "about": f"{whose}. {item.licence.label}.",
        "source": f"Case study: {item.title}",
        "address": address,
        "lines": [
            {"depth": 0, "label": "", "words": item.summary},
            *({"depth": 1, "label": "", "words": _result(one)} for one in item.results),
        ],
    }


def _result(one: ContentResult) -> str:
    period = f", {one.period}" if one.period else ""
    return f"{number_words(one.value, one.unit)} {one.what}{period}. Worked out: {one.method}"


def photo(row: ReportPhoto) -> Exhibit:
    """Return a photograph: what it shows, whose it is, and its SHA-256."""
    return {
        "kind": "photo",
        "title": "",
        "about": f"Photograph: {row.credit}. {row.licence.label}.",
        "source": "",
        "lines": [],
        "photo": {
            "id": row.id,
            "alt": row.alt,
            "sha256": row.digest,
            "width": row.width,
            "height": row.height,
            "media_type": row.media_type,
        },
    }


def parts_of(words: str, source: str) -> Iterator[tuple[str, Reference | None]]:
    """Yield the pieces of quoted words, each number with the reference that lists it."""
    end = 0
    for start, until in typed_numbers(words):
        if start > end:
            yield words[end:start], None
        number = words[start:until]
        yield number, Reference(QUOTED, number, source=source)
        end = until
    if end < len(words):
        yield words[end:], None


def numbers_in(shown: Exhibit) -> list[Reference]:
    """Return the references of the numbers in the words of an exhibit, each once."""
    said_of = [shown["title"], *(line["words"] for line in shown["lines"])]
    found = (one for words in said_of for _, one in parts_of(words, shown["source"]))
    return list(dict.fromkeys(one for one in found if one is not None))
