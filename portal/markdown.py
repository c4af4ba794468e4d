"""Text with a safe subset of Markdown: paragraphs, headings, lists, quotations, bold, italic and
links. Pure.

No HTML and no pictures: a text becomes blocks of runs, which templates draw, so that nothing that
was typed is ever markup. Links lead to addresses of the web alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("zero").enable(
    ["heading", "list", "blockquote", "emphasis", "link", "escape", "newline"]
)
MAX_LEVEL = 3
"""Headings of a text stand below those of its page: at most so many levels."""
LISTS = {"bullet", "number"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item of a list or quotation."""

    kind: str
    """"paragraph", "heading", "bullet", "number" or "quote"."""
    runs: tuple[Run, ...]
    level: int = 0
    """Of a heading: 1 to 3."""

    @property
    def plain(self) -> str:
        """Return its words."""
        return "".join(run.text for run in self.runs)


def blocks(text: str) -> list[Block]:
    """Return the blocks of a text, in their order."""
    return [block for block in _walk(_MARKDOWN.parse(text)) if block.plain.strip()]


def grouped(found: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Return blocks as pages draw them: the items of a list together, all else by itself."""
    groups: list[tuple[str, list[Block]]] = []
    for kind, some in groupby(found, key=lambda block: block.kind):
        together = list(some)
        groups += [(kind, together)] if kind in LISTS else [(kind, [one]) for one in together]
    return groups


def prose(text: str) -> list[tuple[str, list[Block]]]:
    """Return a text as the macro `prose` draws it."""
    return grouped(blocks(text))


def plain(text: str) -> str:
    """Return the words of a text without its marks, a line for each block."""
    return "\n".join(block.plain for block in blocks(text))


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
            yield replace(look, text=token.content)


def _web(address: str) -> str:
    """Return an address of the web, "" for any other: no page leads to a script or a file."""
    return address if urlsplit(address).scheme in {"http", "https"} else ""
