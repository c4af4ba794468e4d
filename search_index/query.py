"""The query language: plain words, and operators for those who want them.

``"exact phrase"``, ``word*`` (starts with), ``name:word`` and ``name:"a phrase"`` (in one field),
``-word`` or ``NOT word`` (without), ``+word`` (must have), ``this AND that`` (both). Anything else
is words; nothing that is typed is an error.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

LONGEST = 1_000
MOST_CLAUSES = 60

_CLAUSE = re.compile(
    r"(?P<sign>[+\-](?=\S))?(?:(?P<field>[^\W\d]\w{0,30}):(?=\S))?"
    r"(?:[\"“”](?P<phrase>[^\"“”]*)[\"“”]|(?P<word>[^\s\"“”]+)|[\"“”])"
)
_HAS_WORD = re.compile(r"[^\W_]")


class Kind(StrEnum):
    """What a clause asks of a record."""

    WORDS = "words"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a question: ``sign`` is + for required, - for excluded, empty for neither."""

    text: str
    kind: Kind = Kind.WORDS
    field: str = ""
    sign: str = ""

    def written(self) -> str:
        """The clause as one would type it."""
        quoted = f"“{self.text}”" if self.kind is Kind.PHRASE else self.text
        star = "*" if self.kind is Kind.PREFIX else ""
        return f"{self.field + ':' if self.field else ''}{quoted}{star}"


@dataclass(frozen=True, slots=True)
class Parsed:
    """The clauses of a question; ``shortened`` says that it was too long to use whole."""

    clauses: tuple[Clause, ...]
    shortened: bool = False


def parse(text: str, fields: Collection[str]) -> Parsed:
    """Read a question; ``fields`` are the names that may stand before a colon."""
    found: list[Clause] = []
    pending = ""
    cut = text[:LONGEST].replace("\x00", " ")
    for match in _CLAUSE.finditer(cut):
        word = match["word"] or ""
        if word in {"AND", "NOT", "OR"} and not match["sign"] and not match["field"]:
            if word == "AND" and found and not found[-1].sign:
                found[-1] = replace(found[-1], sign="+")
            pending = {"AND": "+", "NOT": "-"}.get(word, "")
            continue
        clause = _clause(match, fields, pending)
        pending = ""
        if _HAS_WORD.search(clause.text):
            found.append(clause)
    shortened = len(text) > LONGEST or len(found) > MOST_CLAUSES
    return Parsed(tuple(found[:MOST_CLAUSES]), shortened)


def _clause(match: re.Match[str], fields: Collection[str], pending: str) -> Clause:
    sign, field = match["sign"] or pending, (match["field"] or "").lower()
    word, phrase = match["word"] or "", match["phrase"]
    if field and field not in fields:
        prefix = f"{match['field']} "
        return Clause(prefix + (phrase if phrase is not None else word), sign=sign)
    if phrase is not None:
        return Clause(phrase.strip(), Kind.PHRASE, field, sign)
    stripped = word.rstrip("*?")
    if stripped != word and word.endswith("*") and len(stripped) > 1:
        return Clause(stripped, Kind.PREFIX, field, sign)
    return Clause(word, Kind.WORDS, field, sign)
