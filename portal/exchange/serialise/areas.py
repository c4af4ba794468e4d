"""What is published of an area, as its page shows it; and the list of areas as a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.exchange.models.areas import AreaFact, Confidence, FactKind
from portal.exchange.queries.areas_listed import ListedArea
from portal.exchange.rules.areas import number_words
from portal.wording import day_words, unit_words

HEADER = (
    "Code",
    "Integrated care system",
    "NHS region",
    "Health Innovation Network",
    "Open challenges that anybody may read",
    "Published innovations in use",
)


def area_rows(areas: Iterable[ListedArea]) -> Iterator[tuple[str | int, ...]]:
    """Yield the list of areas as lines of a file, under `HEADER`."""
    for one in areas:
        ics = one.ics
        yield ics.code, ics.name, ics.region.name, one.hin, one.challenges, one.in_use


@dataclass(frozen=True, slots=True)
class SaidFact:
    """A fact with the words that stand beside it."""

    fact: AreaFact
    horizon: str
    """"2023 to 2025", "until 2025", or ""."""
    number: str
    """"more than 60 %", or ""."""
    mark: str
    """Who says it where the source below the list does not: "its own word, 3 November 2026"."""


@dataclass(frozen=True, slots=True)
class Section:
    """The facts of one kind, and the sources of those that are not the area's own word."""

    kind: FactKind
    facts: Sequence[SaidFact]
    sources: Sequence[str]

    @property
    def named(self) -> list[tuple[str, list[SaidFact]]]:
        """Return the facts by their names, in order: several numbers of one work together."""
        found: dict[str, list[SaidFact]] = {}
        for one in self.facts:
            found.setdefault(one.fact.words, []).append(one)
        return list(found.items())


def sections(facts: Iterable[AreaFact]) -> dict[str, Section]:
    """Return what is published by kind; a kind of which nothing is said has an empty section."""
    found = {kind: list(rows) for kind, rows in groupby(facts, key=lambda fact: fact.kind)}
    return {
        kind.value: Section(
            kind, [said_fact(one) for one in found.get(kind, ())], _sources(found.get(kind, ()))
        )
        for kind in FactKind
    }


def said_fact(fact: AreaFact) -> SaidFact:
    """Return a fact with its words."""
    return SaidFact(fact, _horizon(fact), _number(fact), mark_of(fact))


def mark_of(fact: AreaFact) -> str:
    """Return who says a fact, where that is not said for all of its kind: the area itself, or a
    source that is not sure."""
    if fact.is_own:
        return f"its own word, {day_words(fact.published)}" if fact.published else "its own word"
    unsure = fact.confidence not in (None, Confidence.HIGH)
    return fact.confidence.label.lower() if unsure and fact.confidence else ""


def source_of(fact: AreaFact) -> str:
    """Return where a fact was published and when: "Report X, 2023"."""
    return f"{fact.source}, {day_words(fact.published)}" if fact.published else fact.source


def _sources(facts: Iterable[AreaFact]) -> list[str]:
    return list(dict.fromkeys(source_of(fact) for fact in facts if not fact.is_own))


def _horizon(fact: AreaFact) -> str:
    begins, ends = fact.begins, fact.ends
    if begins and ends:
        return f"{day_words(begins)} to {day_words(ends)}"
    if ends:
        return f"until {day_words(ends)}"
    return f"from {day_words(begins)}" if begins else ""


def _number(fact: AreaFact) -> str:
    if fact.value is None:
        return ""
    number = number_words(fact.value)
    shown = (
        f"{fact.unit}{number}" if fact.unit == "£" else f"{number} {unit_words(number, fact.unit)}"
    )
    return f"{fact.qualifier} {shown}".strip()
