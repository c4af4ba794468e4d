"""A report as a document that is kept: plain data, its hash, and how its blocks are grouped. Pure.

The document is what pages and files are made from, so that all of them say the same.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from portal.reports.rules.exhibits import parts_of
from portal.reports.rules.quoted import Quoted, each_number
from portal.reports.rules.text import EXHIBITS, Block, Reference, Run
from portal.reports.rules.typed import typed_numbers

LISTS = {"bullet", "number"}
Content = dict[str, Any]


def digest_of(content: Content) -> str:
    """Return the SHA-256 of a document in hexadecimal digits: of its JSON with sorted keys, without
    spaces, in UTF-8."""
    words = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def whole(value: float | None) -> float | int | None:
    """Return a number as JSON keeps it in any database: a whole one without places."""
    return int(value) if value is not None and float(value).is_integer() else value


class Figures:
    """The numbers of a document, in the order in which it quotes them."""

    def __init__(self, quoted: Mapping[Reference, Quoted]) -> None:
        """Take what each reference leads to."""
        self.quoted = {**quoted, **{one.reference: one for one in each_number(quoted.values())}}
        self.used: list[tuple[str, Quoted]] = []
        self.photos = 0
        """How many photographs it shows."""
        self.footnotes: list[str] = []
        """In the order in which they are first named."""

    def add(self, heading: str, reference: Reference) -> tuple[int, str]:
        """Quote a number in a section; returns its number and how it is printed."""
        found = self.quoted[reference]
        self.used.append((heading, found))
        return len(self.used), found.printed

    def footnote(self, words: str) -> int:
        """Return the number of a footnote: the same words are one."""
        if words not in self.footnotes:
            self.footnotes.append(words)
        return self.footnotes.index(words) + 1

    @property
    def listed(self) -> list[Content]:
        """Return what the document says of each of its numbers."""
        return [_figure(place, *used) for place, used in enumerate(self.used, start=1)]


def _figure(place: int, heading: str, one: Quoted) -> Content:
    return {
        "number": place,
        "section": heading,
        "reference": one.key,
        "shown": one.printed,
        "label": one.label,
        "area": one.area,
        "period": one.period,
        "value": whole(one.value),
        "unit": one.unit,
        "definition": one.definition,
        "source": one.source,
        "as_at": one.as_at.isoformat(),
        "is_frozen": one.is_frozen,
    }


def section(
    number: str,
    heading: str,
    found: Iterable[Block],
    figures: Figures,
    *,
    left_out: str = "",
    has_parts: bool = False,
) -> Content:
    """Return a section as plain data; `has_parts` where others stand in it."""
    return {
        "number": number,
        "heading": heading,
        "level": number.count(".") + 2,
        "left_out": left_out,
        "has_parts": has_parts,
        "blocks": [_block(one, heading, figures) for one in found],
    }


def _block(one: Block, heading: str, figures: Figures) -> Content:
    reference = one.runs[0].reference if one.kind in {"chart", *EXHIBITS} else None
    shown = figures.quoted[reference] if reference is not None else None
    if shown is not None and not shown.problem:
        draw = _chart if one.kind == "chart" else _exhibit
        return draw(shown, heading, figures)
    return {
        "kind": one.kind,
        "level": one.level,
        "runs": [_run(part, heading, figures) for run in one.runs for part in _parts(run)],
    }


def _chart(chart: Quoted, heading: str, figures: Figures) -> Content:
    """Return a chart as plain data: every bar is a number of the document."""
    bars = []
    for part in chart.parts:
        number, shown = figures.add(heading, part.reference)
        value = whole(part.value)
        bar = {"label": part.bar, "value": value, "shown": shown, "figure": number}
        bars.append(bar | ({"place": list(part.place)} if part.place else {}))
    about: Content = {
        "title": chart.label,
        "sentence": chart.shown,
        "unit": chart.unit,
        "bars": bars,
    }
    if chart.reference.note:
        about["footnote"] = figures.footnote(chart.reference.note)
    return {"kind": "chart", "level": 0, "runs": [], "chart": about}


def _exhibit(one: Quoted, heading: str, figures: Figures) -> Content:
    """Return a diagram or case study as plain data: every number in its words is one of the
    document."""
    shown = {key: value for key, value in one.exhibit.items() if key not in {"kind", "source"}}
    source = one.exhibit["source"]
    if "photo" in shown:
        figures.photos += 1
        shown["photo"] = {"place": figures.photos, **shown["photo"]}
    shown["title"] = _quoted_runs(shown["title"], source, heading, figures)
    shown["lines"] = [
        {
            "depth": line["depth"],
            "label": line["label"],
            "runs": _quoted_runs(line["words"], source, heading, figures),
        }
        for line in shown["lines"]
    ]
    return {"kind": one.reference.kind, "level": 0, "runs": [], "exhibit": shown}


def _quoted_runs(words: str, source: str, heading: str, figures: Figures) -> list[Content]:
    """Return words of somebody else, each number in them listed."""
    return [
        _run(Run(text, reference=number), heading, figures)
        for text, number in parts_of(words, source)
    ]


def _listed_lines(block: Content) -> list[Content]:
    """Return the runs of the words of an exhibit."""
    shown = block["exhibit"]
    return [*shown["title"], *(run for line in shown["lines"] for run in line["runs"])]


def numbers_of(block: Content) -> list[Content]:
    """Return what quotes a number in a block: runs, and bars of a chart."""
    bars = block["chart"]["bars"] if "chart" in block else ()
    lines = _listed_lines(block) if "exhibit" in block else ()
    return [one for one in (*block["runs"], *bars, *lines) if one.get("figure")]


def photos(content: Content) -> list[Content]:
    """Return the photographs of a document, in their order."""
    every = (block for one in content["sections"] for block in one["blocks"])
    return [b["exhibit"]["photo"] for b in every if "photo" in b.get("exhibit", ())]


def charts(content: Content) -> list[tuple[Content, Content]]:
    """Return the charts of a document in their order, each with its section."""
    return [
        (section, block["chart"])
        for section in content["sections"]
        for block in section["blocks"]
        if "chart" in block
    ]


def _parts(run: Run) -> Iterator[Run]:
    """Divide a stretch of text at the numbers that are typed in it."""
    end = 0
    for start, until in [*typed_numbers(run.text), (len(run.text), len(run.text))]:
        if start > end:
            yield replace(run, text=run.text[end:start])
        if until > start:
            yield replace(run, text=run.text[start:until])
        end = until
    if run.reference:
        yield run


def _run(run: Run, heading: str, figures: Figures) -> Content:
    found: Content = {"text": run.text, "bold": run.bold, "italic": run.italic, "href": run.href}
    if any(typed_numbers(run.text)):
        found["is_typed"] = True  # the text of no published report has one
    if run.reference:
        found["figure"], found["text"] = figures.add(heading, run.reference)
        if run.reference.note:
            found["footnote"] = figures.footnote(run.reference.note)
    return found


def groups(found: Sequence[Content]) -> Iterator[tuple[str, list[Content]]]:
    """Yield the blocks of a section so that the items of a list stand together: kind, blocks."""
    for kind, some in groupby(found, key=lambda one: one["kind"]):
        if kind in LISTS:
            yield kind, list(some)
        else:
            for one in some:
                yield kind, [one]


def drawn(content: Content) -> list[tuple[Content, list[tuple[str, list[Content]]]]]:
    """Return the sections of a document that are printed, each with its grouped blocks, for pages:
    those with a text, those in which such a one stands, and those that are to be written."""
    written = [one["number"] for one in content["sections"] if one["blocks"]]
    return [
        (one, list(groups(one["blocks"])))
        for one in content["sections"]
        if is_printed(one, written)
    ]


def is_printed(one: Content, written: Iterable[str]) -> bool:
    """Whether a section has its place in the text; `written` are the numbers of those with one."""
    number = one["number"]
    has = any(other == number or other.startswith(f"{number}.") for other in written)
    return has or not (one["left_out"] or one["has_parts"])


def plain(block: Content) -> str:
    """Return the words of a block."""
    return "".join(run["text"] for run in block["runs"])
