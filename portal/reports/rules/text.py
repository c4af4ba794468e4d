"""The text of a section: a safe subset of Markdown with references to numbers. Pure.

Paragraphs, headings, lists, quotations, bold, italic and links; no HTML. A number
is written as a reference: `{figure:companies}`, `{value:PF001}`, or, where it is nowhere in the
portal, `{typed:600|where it is from}`. A figure takes options: `area=HI-WM quarter=2026-27-Q1
group=… round=100`. What stands after a | is a footnote: `{figure:companies|Without
those of trials.}`. A paragraph that is nothing but `{chart:companies by=group}` is a chart, or
a map (`by=map`); `{diagram:ADHD}` is the driver diagram of a programme, `{study:12}` a case study
of the Exchange, `{photo:3}` a photograph of the report.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from portal import markdown

_REFERENCE = re.compile(
    r"\{(figure|value|typed|chart|diagram|study|photo):([^{}|\n]+)(?:\|([^{}\n]*))?\}"
)
_OPTIONS = {"area", "quarter", "group", "round"}
_OPTIONS_OF_CHARTS = {"area", "quarter", "by"}
BY = ("group", "network", "quarter", "map")
"""What the bars of a chart are; those of a map are networks."""
EXHIBITS = {"diagram": {"quarter"}, "study": set(), "photo": set()}
"""What is shown and is no number, each with the options that it takes."""
ALONE = "Write it in a paragraph of its own"


@dataclass(frozen=True, slots=True)
class Reference:
    """A number that a text quotes."""

    kind: str
    """"figure", "value" (of a programme), "typed", "chart", or one of `EXHIBITS`."""
    code: str
    """The code of the figure, value or programme, or the number of what is shown; of a typed one
    the number as it was typed."""
    area: str = ""
    """The code of a network, "england", or "" for the area of the report."""
    quarter: str = ""
    """The code of a quarter, or "" for that of the report."""
    group: str = ""
    step: int = 0
    """To which multiple it is rounded down, as "more than"; 0 shows it as it is."""
    source: str = ""
    """Of a typed one: where it is from."""
    note: str = ""
    """Of a figure, value or chart: the footnote that stands with it."""
    by: str = ""
    """Of a chart: what its bars are, one of `BY`."""
    problem: str = ""
    """What is wrong with how it is written; "" where nothing is."""

    @property
    def key(self) -> str:
        """Return what tells one number from another: rounding does not."""
        return " ".join(
            word
            for word in (self.kind, self.code, self.area, self.quarter, self.group, self.by)
            if word
        )


@dataclass(frozen=True, slots=True)
class Run(markdown.Run):
    """A stretch of text of one look, or one number."""

    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item of a list or quotation."""

    kind: str
    """"paragraph", "heading", "bullet", "number", "quote", "chart" or one of `EXHIBITS`."""
    runs: tuple[Run, ...]
    level: int = 0
    """Of a heading: 1 to 3."""

    @property
    def plain(self) -> str:
        """Return its words, a reference as it was typed."""
        return "".join(_words(run) for run in self.runs)


def _words(run: Run) -> str:
    return f"[{run.reference.code}]" if run.reference else run.text


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text, in their order."""
    found = (
        Block(one.kind, tuple(part for run in one.runs for part in _split(run)), one.level)
        for one in markdown.blocks(text)
    )
    kept = (one for one in found if one.plain.strip())
    return [_shown(one) for one in kept]


def _shown(block: Block) -> Block:
    """Return a block as the chart or exhibit that it is, if it is nothing else."""
    kinds = [run.reference.kind if run.reference else "" for run in block.runs]
    if block.kind == "paragraph" and len(kinds) == 1 and kinds[0] in {"chart", *EXHIBITS}:
        return replace(block, kind=kinds[0])
    return replace(block, runs=tuple(map(_inside, block.runs)))


def _inside(run: Run) -> Run:
    """Return a run as it stands among words: an exhibit is wrong there."""
    if run.reference is None or run.reference.kind not in EXHIBITS:
        return run
    return replace(run, reference=replace(run.reference, problem=ALONE))


def _split(run: markdown.Run) -> Iterator[Run]:
    """Divide a run at the references in it."""
    words, end = run.text, 0
    look: dict[str, Any] = {"bold": run.bold, "italic": run.italic, "href": run.href}
    for found in _REFERENCE.finditer(words):
        if found.start() > end:
            yield Run(words[end : found.start()], **look)
        yield Run(reference=_reference(*found.groups(default="")), **look)
        end = found.end()
    if end < len(words):
        yield Run(words[end:], **look)


def _reference(kind: str, said: str, source: str) -> Reference:
    if kind == "typed":
        problem = "" if source.strip() else "Say where this number is from, after a |"
        return Reference(kind, said.strip(), source=source.strip(), problem=problem)
    code, *words = said.split()
    options = dict(word.partition("=")[::2] for word in words)
    taken = {"chart": _OPTIONS_OF_CHARTS, **EXHIBITS}.get(kind, _OPTIONS)
    if unknown := set(options) - taken:
        return Reference(kind, code, problem=f"“{sorted(unknown)[0]}” is no option of a number")
    if kind == "chart" and options.get("by", BY[0]) not in BY:
        return Reference(
            kind, code, problem="A chart is by=group, by=network, by=quarter or by=map"
        )
    step = options.get("round", "")
    if step and not (step.isascii() and step.isdecimal() and 0 < int(step[:10]) <= 10**9):
        return Reference(kind, code, problem="Round to a whole number such as 100")
    return Reference(
        kind,
        code,
        area=options.get("area", ""),
        quarter=options.get("quarter", ""),
        group=options.get("group", ""),
        step=int(step or 0),
        by=options.get("by", BY[0]) if kind == "chart" else "",
        note=source.strip(),
    )


def references(text: str) -> list[Reference]:
    """Return the numbers that a text quotes, in their order."""
    return [run.reference for block in blocks(text) for run in block.runs if run.reference]
