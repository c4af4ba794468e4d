"""A file of the national directory, and what reading it did."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from portal.clock import today
from portal.reference.rules.ods import OdsReport, RowWrong, is_header

EXAMPLES = 10
Rows = Callable[[], Iterable[list[str]]]
"""The rows of the file, from its beginning each time."""


@dataclass
class OdsFile:
    """One file, and how it is to be read."""

    report: OdsReport
    rows: Rows
    name: str
    on: date = field(default_factory=today)
    """The day whose state it tells."""
    is_part: bool = False
    """It holds only what changed lately."""
    may_shrink: bool = False
    """Somebody said that fewer rows than last time are right."""

    def without_header(self) -> Iterator[list[str]]:
        """Yield its rows; raises RowWrong for a header that is not this report's."""
        for number, row in enumerate(self.rows()):
            if number or not is_header(row, self.report):
                yield row

    def header_problem(self) -> str:
        """Return what is wrong with its header, "" where nothing is."""
        try:
            next(self.without_header(), None)
        except RowWrong as problem:
            return str(problem)
        return ""


@dataclass
class LoadResult:
    """What a file did: how many of each, and the first of them by name."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, what: str, example: str = "") -> None:
        """Count one."""
        self.counts[what] += 1
        known = self.examples.setdefault(what, [])
        if example and len(known) < EXAMPLES:
            known.append(example)

    def lines(self) -> Iterator[str]:
        """Yield a line for everything that was counted, with its first examples."""
        for what in (word for word in WORDS if self.counts[word]):
            yield f"  {self.counts[what]:,} {WORDS[what]}"
            yield from (f"      {example}" for example in self.examples.get(what, ()))


WORDS = {
    "added": "new here",
    "opened": "opened since the last file",
    "closed": "closed",
    "reopened": "open again",
    "renamed": "renamed",
    "moved": "moved: another ICS, or run by another",
    "changed": "with another address or day",
    "linked": "relations added or ended",
    "same": "as before",
    "outside": "outside England or no place: left out",
    "elsewhere": "told by another report: left as they are",
    "unknown_icb": "in an ICB that the portal does not know: kept without an ICS",
    "unknown_parent": "run or commissioned by a code that no file has told of",
    "unknown_status": "with a status that is not known: taken by their days",
    "gone": "not in the file any more: left as they are",
    "unknown_place": "relations that name a place no file has told of",
    "twice": "twice in the file: the first row counts",
    "wrong": "rows that do not fit: left out",
}
"""What is counted, in the order in which it is told."""
