"""The query language: plain words, and operators for those who want them.

Whoosh's query parser reads the operators: ``"exact phrase"``, ``word*`` (starts with), ``word~``
(or spelt alike), ``name:word`` (in one field), ``sites:>3`` and ``submitted:[2024 TO 2025]`` (a
number or day in a range), ``-word`` or ``NOT word`` (without), ``+word`` (must have), ``AND``,
``OR`` and brackets. A question without any of these never meets the parser. Anything else is
words; nothing that is typed is an error.
"""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from whoosh.qparser import plugins, syntax
from whoosh.qparser.common import QueryParserError
from whoosh.qparser.default import QueryParser

MAX_QUESTION_LENGTH = 1_000
MAX_CLAUSES = 60
_DEEPEST = 20

_OPERATORS = re.compile(
    r"""["“”()~<>\[\]{}]|\S\*(?=[\s)]|$)|(?:^|[\s(])[+\-]\S|\b(?:AND|OR|NOT)\b|\w:\S"""
)
_HAS_WORD = re.compile(r"[^\W_]")
_FIELD = re.compile(r"\b\w+(?=:)")
_NOT_PLAIN = str.maketrans({"“": '"', "”": '"', "\x00": " "})


class Kind(StrEnum):
    """What a clause asks of a record."""

    WORDS = "words"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FUZZY = "fuzzy"


class Clause(NamedTuple):
    """Words to find, in one field when ``field`` names one."""

    text: str
    kind: Kind = Kind.WORDS
    field: str = ""
    at: int = 0

    def written(self) -> str:
        """The clause as one would type it."""
        quoted = f"“{self.text}”" if self.kind is Kind.PHRASE else self.text
        mark = {Kind.PREFIX: "*", Kind.FUZZY: "~"}.get(self.kind, "")
        return f"{self.field + ':' if self.field else ''}{quoted}{mark}"


class Range(NamedTuple):
    """Values of a field from ``low`` to ``high``, either of which may be empty for no limit.

    ``above`` and ``below`` say that the limit itself is left out.
    """

    field: str
    low: str = ""
    high: str = ""
    above: bool = False
    below: bool = False

    def written(self) -> str:
        """The range as one would type it."""
        if self.low == self.high:
            return f"{self.field}:{self.low}"
        if self.low and self.high:
            return f"{self.field}:{self.low} to {self.high}"
        sign = ("<" if self.below else "<=") if self.high else (">" if self.above else ">=")
        return f"{self.field}:{sign}{self.low or self.high}"

    def holds(self, value: str) -> bool:
        """Whether a value lies in the range: numbers by size, days by as much as is given.

        So "2025" is the whole year at either end. What begins with no digit is in no range.
        """
        given = [one for one in (value, self.low, self.high) if one]
        if not all(one[0].isdigit() for one in given):
            return False
        low, at_low = _alike(value, self.low)
        high, at_high = _alike(value, self.high)
        is_over = at_low > low if self.above and self.low else at_low >= low
        is_under = at_high < high if self.below and self.high else at_high <= high
        return bool(is_over and is_under)


class Join(StrEnum):
    """How the parts of a group stand to each other."""

    ALL = "AND"
    ANY = "OR"
    NOT = "NOT"


class Group(NamedTuple):
    """Parts that a record must hold all of, any of, or (of one part) not hold."""

    join: Join
    parts: "tuple[Node, ...]"

    def written(self) -> str:
        """The group as one would type it."""
        inside = [
            f"({one.written()})" if isinstance(one, Group) and len(one.parts) > 1 else one.written()
            for one in self.parts
        ]
        return f"NOT {inside[0]}" if self.join is Join.NOT else f" {self.join} ".join(inside)


Node = Clause | Range | Group


class Parsed(NamedTuple):
    """A question: ``words`` count towards the score, in the order in which they were typed.

    Each node of ``required`` must hold for a record, none of ``excluded`` may. ``shortened`` says
    that the question was too long to use whole.
    """

    words: tuple[Clause, ...]
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()
    shortened: bool = False


def parse(text: str, fields: Collection[str], ranges: Collection[str] = ()) -> Parsed:
    """Read a question.

    ``fields`` are the names that may stand before a colon; those of ``ranges`` hold numbers or
    days.
    """
    shortened = len(text) > MAX_QUESTION_LENGTH
    text = text[:MAX_QUESTION_LENGTH]
    # Where everything is in capitals, AND and OR are no operators.
    if not _OPERATORS.search(text.lower() if text.isupper() else text):
        return Parsed((Clause(text),) if _HAS_WORD.search(text) else (), shortened=shortened)
    text = text.translate(_NOT_PLAIN)
    root = _tree(text.lower() if text.isupper() else text, frozenset((*fields, *ranges)))
    if root is None:
        return Parsed((Clause(text),) if _HAS_WORD.search(text) else (), shortened=shortened)
    reader = _Reader(frozenset(ranges))
    reader.loose(root)
    return reader.parsed(shortened)


class _Words(syntax.GroupNode):  # type: ignore[misc]  # Whoosh has no types
    """Parts with no operator between them."""


class _Signs(plugins.PlusMinusPlugin):  # type: ignore[misc]  # Whoosh has no types
    """``+word`` and ``-word`` where a word begins, so that "pre-op" has neither."""

    def __init__(self) -> None:
        super().__init__(r"(?<![^\s(])\+(?=\S)", r"(?<![^\s(])-(?=\S)")

    def do_plusminus(self, parser: QueryParser, group: Any) -> Any:
        """Wrap what follows a sign; Whoosh's own way forgets what was a group."""
        signed = group.empty_copy()
        sign: type[Any] | None = None
        for node in group:
            if isinstance(node, self.Plus | self.Minus):
                sign = syntax.AndGroup if isinstance(node, self.Plus) else syntax.NotGroup
                continue
            inner = self.do_plusminus(parser, node) if isinstance(node, syntax.GroupNode) else node
            signed.append(sign([inner]) if sign else inner)
            sign = None
        return signed


@lru_cache(maxsize=8)
def _parser(fields: frozenset[str]) -> QueryParser:
    # Only whether a field is known is asked of the schema: analysis is our own.
    made = [
        plugins.FieldsPlugin(),
        plugins.PhrasePlugin(),
        plugins.PrefixPlugin(),
        plugins.FuzzyTermPlugin(),
        plugins.RangePlugin(),
        plugins.GtLtPlugin(),
        plugins.GroupPlugin(),
        _Signs(),
        plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
    ]
    return QueryParser("", fields, plugins=made, group=_Words)


def _tree(text: str, fields: frozenset[str]) -> Any:
    """What Whoosh makes of a question; nothing when it cannot make anything of it."""
    if text.count("(") > _DEEPEST or text.count(")") > _DEEPEST:
        return None
    known = _FIELD.sub(lambda m: m[0].lower() if m[0].lower() in fields else m[0], text)
    try:
        return _parser(fields).process(known)
    except (QueryParserError, LookupError, TypeError, ValueError, AttributeError):
        return None


class _Reader:
    """Gathers what a question asks from Whoosh's tree."""

    def __init__(self, ranges: frozenset[str]) -> None:
        self._ranges = ranges
        self._words: list[Clause] = []
        self._required: list[Node] = []
        self._excluded: list[Node] = []

    def parsed(self, shortened: bool) -> Parsed:
        """What was gathered, within limits."""
        words = sorted(self._words, key=lambda one: one.at)
        many = max(len(words), len(self._required), len(self._excluded)) > MAX_CLAUSES
        return Parsed(
            tuple(words[:MAX_CLAUSES]),
            tuple(self._required[:MAX_CLAUSES]),
            tuple(self._excluded[:MAX_CLAUSES]),
            shortened or many,
        )

    def loose(self, group: Any) -> None:
        """Read parts of which none is needed unless it says so."""
        for node in group:
            if isinstance(node, _Words):
                self.loose(node)
                continue
            made = self._strict(node)
            if isinstance(made, Group) and made.join is Join.NOT:
                self._excluded.extend(made.parts)
            elif isinstance(made, Clause) and made.kind is Kind.WORDS and not made.field:
                if not isinstance(node, syntax.AndGroup):
                    self._words.append(made)
                    continue
                self._require(made)
            elif made is not None:
                self._require(made)

    def _require(self, node: Node) -> None:
        if isinstance(node, Group) and node.join is Join.ALL:
            for part in node.parts:
                if isinstance(part, Group) and part.join is Join.NOT:
                    self._excluded.extend(part.parts)
                else:
                    self._require(part)
            return
        self._required.append(node)
        self._words.extend(one for one in positive(node) if one.kind is Kind.WORDS)

    def _strict(self, node: Any) -> Node | None:
        """A part as a condition; nothing for what holds no word."""
        if isinstance(node, syntax.GroupNode):
            return self._group(node)
        field = node.fieldname or ""
        if isinstance(node, syntax.RangeNode):
            return self._range(node, field)
        text = (node.text or "").strip()
        if not _HAS_WORD.search(text):
            return None
        if field in self._ranges:
            return Range(field, text, text)
        return Clause(text, _KINDS.get(type(node), Kind.WORDS), field, node.startchar or 0)

    def _group(self, node: Any) -> Node | None:
        made = tuple(one for one in map(self._strict, node) if one is not None)
        if not made:
            return None
        if isinstance(node, syntax.NotGroup):
            return Group(Join.NOT, made[:1])
        if len(made) == 1:
            return made[0]
        return Group(Join.ANY if isinstance(node, syntax.OrGroup) else Join.ALL, made)

    def _range(self, node: Any, field: str) -> Node | None:
        low, high = ((one or "").strip() for one in (node.start, node.end))
        if field in self._ranges and (low or high):
            return Range(field, low, high, bool(node.startexcl), bool(node.endexcl))
        words = f"{low} {high}".strip()
        return Clause(words, at=node.startchar or 0) if _HAS_WORD.search(words) else None


_KINDS = {
    plugins.PhrasePlugin.PhraseNode: Kind.PHRASE,
    plugins.PrefixPlugin.PrefixNode: Kind.PREFIX,
    plugins.FuzzyTermPlugin.FuzzyTermNode: Kind.FUZZY,
}


def positive(node: Node) -> Iterator[Clause]:
    """The clauses of a node that a record may hold; what is under a NOT is left out."""
    if isinstance(node, Clause):
        yield node
    elif isinstance(node, Group) and node.join is not Join.NOT:
        for part in node.parts:
            yield from positive(part)


def _alike(value: str, limit: str) -> tuple[Any, Any]:
    """A limit and a value as two numbers or as two texts of one length; two alike for no limit."""
    if not limit:
        return value, value
    try:
        return float(limit), float(value)
    except ValueError:
        return limit, value[: len(limit)]
