"""Why a solution is suggested, in words that both sides used, and what it does not answer."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from portal.matching.engine.described import Written

MAX_SHARED_WORDS = 12
MAX_MISSING = 8
MIN_SHARE = 0.02


@dataclass(frozen=True)
class Shared:
    """A word or phrase that both sides use, as each writes it, and its share of the agreement in
    words (0 to 1)."""

    need: list[str]
    solution: list[str]
    weight: float
    is_related: bool = False
    """Whether the two are not the same but go together, as a condition and how it is treated."""


@dataclass(frozen=True)
class Reasons:
    """Everything a page needs to say why."""

    shared: list[Shared] = field(default_factory=list)
    """Heaviest first."""
    facets: dict[str, list[str]] = field(default_factory=dict)
    """Coded facts that agree, by part of the score."""
    parts: dict[str, float] = field(default_factory=dict)
    """What each part adds to the score."""
    likeness: float = 0.0
    """How alike the words are: the cosine of the two texts (0 to 1)."""
    coverage: float = 0.0
    """The share of the need's words, by weight, that the solution uses too (0 to 1)."""
    missing_words: list[str] = field(default_factory=list)
    """The heaviest concepts that the need names and the solution does not, as written."""
    missing_facets: dict[str, list[str]] = field(default_factory=dict)
    """Coded facts of the need that the solution does not have."""
    people: int | None = None
    """How many people a year the solution says it is for, where the need says how many it has."""

    def as_json(self) -> dict[str, Any]:
        """Return plain lists and dictionaries, to be stored."""
        # Not `asdict`: its deep copies took as long as all the matching.
        return {**vars(self), "shared": [vars(one) for one in self.shared]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Reasons":
        """Return what `as_json` stored."""
        shared = [Shared(**one) for one in stored["shared"]]
        return cls(**{**stored, "shared": shared})


def shared_words(
    need: Written,
    offered: Written,
    contributions: Mapping[str, float],
    origins: Mapping[str, str],
    is_everyday: Callable[[str, Sequence[str]], bool],
) -> list[Shared]:
    """Return the words and phrases that make two texts alike, heaviest first.

    `contributions` is what each shared stem adds. A word inside a shared phrase counts with it; a
    related concept is told by the words of the need that it comes from (`origins`). Single words
    that are everyday English here (by stem and spellings) count, and are not told.
    """
    total = sum(contributions.values()) or 1.0
    need = {**need, **{stem: need[origin] for stem, origin in origins.items()}}
    weights = _folded_into_phrases(contributions, need)
    heaviest = sorted(weights, key=lambda stem: -weights[stem])[:MAX_SHARED_WORDS]
    return [
        Shared(
            list(need[stem]), list(offered[stem]), round(weights[stem] / total, 4), stem in origins
        )
        for stem in heaviest
        if weights[stem] / total >= MIN_SHARE
        and (_is_phrase(stem) or stem in origins or not is_everyday(stem, need[stem]))
    ]


def _is_phrase(stem: str) -> bool:
    """Return whether the analysis made this "stem" of a phrase that names a concept."""
    return stem.startswith("#")


def _folded_into_phrases(contributions: Mapping[str, float], written: Written) -> dict[str, float]:
    """Give the weight of every word that stands only inside a shared phrase to the phrase."""
    weights = {stem: weight for stem, weight in contributions.items() if _is_phrase(stem)}
    phrases = {stem: " ".join(written[stem]).casefold() for stem in weights}
    for stem, weight in contributions.items():
        if _is_phrase(stem):
            continue
        inside = [p for p, text in phrases.items() if _all_inside(written[stem], text)]
        home = inside[0] if inside else stem
        weights[home] = weights.get(home, 0.0) + weight
    return weights


def _all_inside(spellings: Sequence[str], phrase: str) -> bool:
    return all(spelling.casefold() in phrase for spelling in spellings)


def missing_words(
    named: Mapping[str, str], has: Collection[str], weights: Mapping[str, float]
) -> list[str]:
    """Return the heaviest concepts that a need names (`named`) and a solution has not, as written.

    Single words are left out: which of them matter nobody knows, and a list of "nobody", "behind"
    and "come" tells nothing. A phrase inside a longer one is told by that.
    """
    heaviest = sorted(named, key=lambda stem: -weights.get(stem, 0.0))
    absent = [named[stem].casefold() for stem in heaviest if stem not in has]
    told = dict.fromkeys(
        one for one in absent if not any(one in other for other in absent if other != one)
    )
    written = {phrase.casefold(): phrase for phrase in named.values()}
    return [written[one] for one in islice(told, MAX_MISSING)]
