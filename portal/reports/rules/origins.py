"""Where each part of a report comes from: rows of the portal, published values, words. Pure."""

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from portal.reports.rules.document import Content, numbers_of


class Origin(enum.Enum):
    """From what a part of a report is filled."""

    ROWS = "Rows of the portal"
    PUBLISHED = "Published values"
    TYPED = "Typed, with its source"
    QUOTED = "Words of diagrams and case studies"
    WORDS = "Words only"
    PARTS = "Heading of other parts"
    LEFT_OUT = "Left out"
    NOTHING = "Nothing yet"


BY_KIND = {
    "figure": Origin.ROWS,
    "value": Origin.PUBLISHED,
    "typed": Origin.TYPED,
    "quoted": Origin.QUOTED,
}
"""What a reference leads to, by how it begins."""


@dataclass(frozen=True, slots=True)
class PartOrigin:
    """A part of a report, and from what it is filled."""

    number: str
    heading: str
    counts: dict[Origin, int]
    """How many numbers it quotes of each origin; without numbers the one origin it has, with 0."""
    why: str
    """Why it is left out, "" where it is not."""

    @property
    def words(self) -> str:
        """Return it in words: "Rows of the portal: 2 numbers; Published values: 1 number"."""
        return "; ".join(_said(origin, count) for origin, count in self.counts.items())


def _said(origin: Origin, count: int) -> str:
    if not count:
        return origin.value
    return f"{origin.value}: {count} {'number' if count == 1 else 'numbers'}"


def origins(content: Content) -> Iterator[PartOrigin]:
    """Yield each part of a document, in its order."""
    kinds = {one["number"]: one["reference"].partition(" ")[0] for one in content["figures"]}
    for section in content["sections"]:
        numbers = [one["figure"] for block in section["blocks"] for one in numbers_of(block)]
        counted = Counter(BY_KIND[kinds[number]] for number in numbers)
        counts = {origin: counted[origin] for origin in BY_KIND.values() if counted[origin]}
        yield PartOrigin(
            section["number"],
            section["heading"],
            counts or {_without_numbers(section): 0},
            section["left_out"],
        )


def _without_numbers(section: Content) -> Origin:
    if section["blocks"]:
        return Origin.WORDS
    if section["left_out"]:
        return Origin.LEFT_OUT
    return Origin.PARTS if section["has_parts"] else Origin.NOTHING


def summary(parts: list[PartOrigin]) -> dict[str, int]:
    """Return how many parts have each origin, in the order of `Origin`; a part with numbers of two
    counts under both."""
    found = Counter(origin for part in parts for origin in part.counts)
    return {origin.value: found[origin] for origin in Origin if found[origin]}
