"""The query language: plain words, and operators for those who want them.

``"exact phrase"``, ``word*`` (starts with), ``name:word`` and ``name:"a phrase"`` (in one field),
``-word`` or ``NOT word`` (without), ``+word`` (must have), ``this AND that`` (both). Anything else
is words; nothing that is typed is an error.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

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


# Looking a member up in an enum costs more than all else that is done with a plain word.
WORDS, PHRASE, PREFIX = Kind.WORDS, Kind.PHRASE, Kind.PREFIX


class Clause(NamedTuple):
    """One part of a question: ``sign`` is + for required, - for excluded, empty for neither."""

    text: str
    kind: Kind = WORDS
    field: str = ""
    sign: str = ""

    def written(self) -> str:
        """The clause as one would type it."""
        quoted = f"“{self.text}”" if self.kind is PHRASE else self.text
        star = "*" if self.kind is PREFIX else ""
        return f"{self.field + ':' if self.field else ''}{quoted}{star}"


class Parsed(NamedTuple):
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
                found[-1] = found[-1]._replace(sign="+")
            pending = {"AND": "+", "NOT": "-"}.get(word, "")
            continue
        clause = _clause(match, fields, pending)
        pending = ""
        if _HAS_WORD.search(clause.text):
            found.append(clause)
    shortened = len(text) > LONGEST or len(found) > MOST_CLAUSES
    return Parsed(tuple(found[:MOST_CLAUSES]), shortened)


def _clause(match: re.Match[str], fields: Collection[str], pending: str) -> Clause:
    typed, field, phrase, word = match.groups("")
    sign = typed or pending
    if field and field.lower() not in fields:
        return Clause(f"{field} {phrase or word}", sign=sign)
    field = field.lower()
    if phrase:
        return Clause(phrase.strip(), PHRASE, field, sign)
    stripped = word.rstrip("*?")
    if stripped != word and word.endswith("*") and len(stripped) > 1:
        return Clause(stripped, PREFIX, field, sign)
    return Clause(word, WORDS, field, sign)
