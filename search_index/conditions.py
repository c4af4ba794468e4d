"""What a record must or must not hold to be a result, as every backend checks it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordSequence:
    """Words: each position of ``steps`` offers alternative stems.

    One step is a word (or any word with a prefix), several are a phrase. ``gaps`` are the
    distances of each step from the first, in words. ``field`` may be empty for any field.
    """

    steps: tuple[frozenset[str], ...]
    gaps: tuple[int, ...]
    field: str
    written: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of some values of a facet."""

    facet: str
    values: frozenset[str]
    written: str


@dataclass(frozen=True, slots=True)
class All:
    """Every one of its parts."""

    parts: "tuple[Condition, ...]"
    written: str


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of its parts."""

    parts: "tuple[Condition, ...]"
    written: str


@dataclass(frozen=True, slots=True)
class Not:
    """Not its part."""

    part: "Condition"
    written: str


Condition = WordSequence | OneOf | All | Any | Not


def stems(condition: Condition) -> Iterator[str]:
    """The stems that a record may hold to meet a condition; nothing that it must not hold."""
    if isinstance(condition, WordSequence):
        for step in condition.steps:
            yield from step
    elif isinstance(condition, All | Any):
        for part in condition.parts:
            yield from stems(part)
