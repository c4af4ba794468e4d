"""The text of a section: a safe subset of Markdown with references to numbers. Pure.

Paragraphs, headings, lists, quotations, bold, italic and links; no HTML and no pictures. A number
is written as a reference: `{figure:companies}`, `{value:PF001}`, or, where it is nowhere in the
portal, `{typed:600|where it is from}`. A figure takes options: `area=HI-WM quarter=2026-27-Q1
group=… round=100`. A paragraph that is nothing but `{chart:companies by=group}` is a chart.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("zero").enable(
    ["heading", "list", "blockquote", "emphasis", "link", "escape", "newline"]
)
_REFERENCE = re.compile(r"\{(figure|value|typed|chart):([^{}|\n]+)(?:\|([^{}\n]*))?\}")
_OPTIONS = {"area", "quarter", "group", "round"}
_OPTIONS_OF_CHARTS = {"area", "quarter", "by"}
BY = ("group", "network", "quarter")
"""What the bars of a chart are."""
MAX_LEVEL = 3
"""A section's own headings stand below its heading: at most so many levels."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A number that a text quotes."""

    kind: str
    """"figure", "value" (of a programme), "typed" or "chart"."""
    code: str
    """The code of the figure or value; of a typed one the number as it was typed."""
    area: str = ""
    """The code of a network, "england", or "" for the area of the report."""
    quarter: str = ""
    """The code of a quarter, or "" for that of the report."""
    group: str = ""
    step: int = 0
    """To which multiple it is rounded down, as "more than"; 0 shows it as it is."""
    source: str = ""
    """Of a typed number: where it is from."""
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
class Run:
    """A stretch of text of one look, or one number."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item of a list or quotation."""

    kind: str
    """"paragraph", "heading", "bullet", "number", "quote" or "chart"."""
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
    found = [block for block in _walk(_MARKDOWN.parse(text)) if block.plain.strip()]
    return [replace(one, kind="chart") if _is_chart(one) else one for one in found]


def _is_chart(block: Block) -> bool:
    kinds = [run.reference.kind if run.reference else "" for run in block.runs]
    return block.kind == "paragraph" and kinds == ["chart"]


def _walk(tokens: Sequence[Token]) -> Iterator[Block]:
    lists: list[str] = []
    quotes, level = 0, 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append("bullet" if token.type.startswith("bullet") else "number")
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type.startswith("blockquote"):
            quotes += token.nesting
        elif token.type == "heading_open":
            level = min(int(token.tag[1:]), MAX_LEVEL)
        elif token.type == "inline":
            kind = "heading" if level else lists[-1] if lists else "quote" if quotes else ""
            yield Block(kind or "paragraph", tuple(_runs(token.children or ())), level)
            level = 0


def _runs(tokens: Iterable[Token]) -> Iterator[Run]:
    look = Run()
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            look = replace(look, bold=token.nesting > 0)
        elif token.type in {"em_open", "em_close"}:
            look = replace(look, italic=token.nesting > 0)
        elif token.type == "link_open":
            look = replace(look, href=_web(str(token.attrGet("href") or "")))
        elif token.type == "link_close":
            look = replace(look, href="")
        elif token.type in {"softbreak", "hardbreak"}:
            yield replace(look, text=" ")
        elif token.content:
            yield from _split(token.content, look)


def _web(address: str) -> str:
    """Return an address of the web, "" for any other: no page leads to a script or a file."""
    return address if urlsplit(address).scheme in {"http", "https"} else ""


def _split(words: str, look: Run) -> Iterator[Run]:
    """Divide words at the references in them."""
    end = 0
    for found in _REFERENCE.finditer(words):
        if found.start() > end:
            yield replace(look, text=words[end : found.start()])
        yield replace(look, reference=_reference(*found.groups(default="")))
        end = found.end()
    if end < len(words):
        yield replace(look, text=words[end:])


def _reference(kind: str, said: str, source: str) -> Reference:
    if kind == "typed":
        problem = "" if source.strip() else "Say where this number is from, after a |"
        return Reference(kind, said.strip(), source=source.strip(), problem=problem)
    code, *words = said.split()
    options = dict(word.partition("=")[::2] for word in words)
    if unknown := set(options) - (_OPTIONS_OF_CHARTS if kind == "chart" else _OPTIONS):
        return Reference(kind, code, problem=f"“{sorted(unknown)[0]}” is no option of a number")
    if kind == "chart" and options.get("by", BY[0]) not in BY:
        return Reference(kind, code, problem="A chart is by=group, by=network or by=quarter")
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
    )


def references(text: str) -> list[Reference]:
    """Return the numbers that a text quotes, in their order."""
    return [run.reference for block in blocks(text) for run in block.runs if run.reference]
