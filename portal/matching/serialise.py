"""Stored reasons in plain words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from portal.accounts.models import Actor
from portal.clock import day_of
from portal.innovations.models import Innovation, StandardStatus, Use
from portal.innovations.policy import is_verified
from portal.innovations.rules.deciding import NO_NUMBER, best_result, price, tells_number
from portal.innovations.rules.on_day import trials_on, uses_on
from portal.matching.engine.reasons import Reasons, Shared
from portal.matching.models import Feedback, Suggestion, UnmetNeed, Verdict
from portal.matching.queries.judging import Acceptance
from portal.matching.rules import (
    PARTS,
    STRENGTHS,
    WORTH_TELLING,
    Share,
    Strength,
    learned,
    strength,
)
from portal.reference.models import Vocabulary
from portal.web.format import listing

MAX_SHOWN_WORDS = 4
"""So many shared words are named; the rest would tell nobody anything."""
TOLD = 4
"""So many concepts that are not covered are named."""
LEAST_TOLD = 0.06
"""A shared word is named if it makes at least this share of the agreement in words."""


@dataclass(frozen=True)
class PairExplanation:
    """Why a pair is suggested, and what is not covered, ready to be read."""

    strength: Strength
    sentence: Markup
    """Why, in one sentence."""
    words: list[str]
    """Shared words: "discharge", or "A&E (they say: emergency department)" where they differ."""
    facts: list[str]
    """Coded facts that agree: "Care setting: Care homes"."""
    people: int | None
    """How many people a year the innovation says it is for, where the challenge says how many."""
    missing_words: list[str]
    missing_facts: list[str]
    need_words: list[str]
    """Every spelling to mark in the challenge's text."""
    solution_words: list[str]
    """Every spelling to mark in the innovation's text."""


def explained(stored: Mapping[str, Any]) -> PairExplanation:
    """Return what a page says of stored reasons."""
    reasons = Reasons.from_json(stored)
    words = _told(reasons.shared)
    return PairExplanation(
        strength=strength(reasons.likeness),
        sentence=_sentence(words, reasons.facets),
        words=words,
        facts=_facts(reasons.facets),
        people=reasons.people,
        missing_words=reasons.missing_words[:TOLD],
        missing_facts=_facts(reasons.missing_facets),
        need_words=[word for shared in reasons.shared for word in shared.need],
        solution_words=[word for shared in reasons.shared for word in shared.solution],
    )


def _sentence(words: Sequence[str], facets: Mapping[str, list[str]]) -> Markup:
    """Return "Both speak of falls and care homes, and both are marked Care homes."."""
    labels = [label for part in _told_parts(facets) for label in facets[part]]
    if words and labels:
        both = Markup("Both speak of {}, and both are marked {}.")
        return both.format(listing(words), listing(labels))
    if words:
        return Markup("Both speak of {}.").format(listing(words))
    if labels:
        return Markup("Both are marked {}.").format(listing(labels))
    return Markup("What it is about often goes with what the challenge is about.")


def _told(found: Iterable[Shared]) -> list[str]:
    """Return the shared words worth naming: what both sides say, no word of a phrase again.

    What only goes together is left out: a reader would take it for a mistake.
    """
    same = [one for one in found if not one.is_related]
    told = [one for one in same if one.weight >= LEAST_TOLD] or same[:1]
    names: dict[str, str] = {}
    for one in told:
        own = one.need[0].casefold()
        if not any(own in other for other in names):
            names[own] = _both(one)
    return list(names.values())[:MAX_SHOWN_WORDS]


def _both(shared: Shared) -> str:
    """Return a shared word, with how the innovation puts it where that is another word."""
    own = shared.need[0]
    alike = {_start(word) for word in shared.need} & {_start(word) for word in shared.solution}
    return own if alike else f"{own} (they say: {shared.solution[0]})"


def _start(word: str) -> str:
    """Return the part that forms of one word have in common: "discharg" of "discharged"."""
    return word.casefold()[:4]


def _facts(facets: Mapping[str, list[str]]) -> list[str]:
    """Return the coded facts with their headings; a group says nothing beside its condition."""
    return [f"{PARTS[part]}: {', '.join(facets[part])}" for part in _told_parts(facets)]


def _told_parts(facets: Mapping[str, list[str]]) -> list[str]:
    """Return the coded parts worth naming; a group says nothing beside its condition."""
    shown = [part for part in PARTS if part in facets]
    if "condition" in shown and "condition_group" in shown:
        shown.remove("condition_group")
    return shown


def explained_suggestion(suggestion: Suggestion) -> PairExplanation:
    """Return what a page says of a stored suggestion."""
    return explained(suggestion.reasons)


def strength_of(suggestion: Suggestion) -> Strength:
    """Return how much the pair of a suggestion has in common."""
    return strength(suggestion.reasons["likeness"])


def in_order(
    suggestions: Sequence[Suggestion], verdicts: Mapping[int, Feedback]
) -> list[Suggestion]:
    """Return suggestions as an organisation that judged some is shown them: by what it liked and
    disliked (`rules.learned`), and what it rejected last."""
    if not verdicts:
        return list(suggestions)
    shares = {row.innovation_id: _shares(row) for row in suggestions}
    seen = {one: row.verdict for one, row in verdicts.items() if one in shares}
    factor = learned(shares, seen)
    return sorted(
        suggestions,
        key=lambda row: (
            seen.get(row.innovation_id) is Verdict.REJECTED,
            -row.score * factor[row.innovation_id],
            row.rank,
        ),
    )


def _shares(suggestion: Suggestion) -> dict[str, float]:
    shared = Reasons.from_json(suggestion.reasons).shared
    return {one.need[0].casefold(): one.weight for one in shared}


def strengths(suggestions: Sequence[Suggestion]) -> list[tuple[Strength, int]]:
    """Return how many suggestions have how much in common, the strongest first; what none has is
    left out."""
    counts = Counter(strength_of(row) for row in suggestions)
    return [(one, counts[one]) for one in STRENGTHS if counts[one]]


def shortlist(
    suggestions: Sequence[Suggestion], verdicts: Mapping[int, Feedback]
) -> list[Innovation]:
    """Return the innovations among the suggestions that the organisation shortlisted."""
    liked = {one for one, row in verdicts.items() if row.verdict is Verdict.SHORTLISTED}
    return [row.innovation for row in suggestions if row.innovation_id in liked]


@dataclass(frozen=True)
class Card:
    """What a card says of an innovation beside why it matches, ready to be read."""

    evidence: list[str]
    """Titles of its evidence."""
    own_use: Markup
    """That the reader's organisation or system uses it already; empty where it does not."""
    in_use: list[str]
    on_trial: list[str]
    origin: str
    """From the reader's area, or from where it would be imported; empty where nobody said."""


def card(innovation: Innovation, *, actor: Actor, hin_id: int | None, on: date) -> Card:
    """Return an innovation's card for a challenge in the area of a HIN, on a day."""
    return Card(
        [item.title for item in innovation.evidence],
        _own_use(actor, uses_on(innovation.uses, on)),
        _places(uses_on(innovation.uses, on)),
        _places(trials_on(innovation.uses, on)),
        _origin(innovation, hin_id),
    )


def _own_use(actor: Actor, uses: Iterable[Use]) -> Markup:
    """Return what a reader wants to know first: we have it already."""
    found = list(uses)
    if any(use.organisation_id == actor.organisation_id for use in found if use.organisation_id):
        return Markup("You use this already.")
    near = [use for use in found if actor.ics_id and use.ics_id == actor.ics_id]
    told = Markup("Used in your system already: {}.")
    return told.format(listing(_places(near))) if near else Markup("")


def _places(uses: Iterable[Use]) -> list[str]:
    return list(dict.fromkeys(use.place for use in uses))


def _origin(innovation: Innovation, hin_id: int | None) -> str:
    if innovation.hin is None:
        return ""
    if hin_id is None:
        return innovation.hin.name
    if innovation.hin_id == hin_id:
        return f"The same area as the challenge: {innovation.hin.name}"
    return f"Another area: it would be imported from {innovation.hin.name}"


def is_close(suggestion: Suggestion) -> bool:
    """Return whether a pair has at least something in common: worth telling somebody of."""
    likeness: float = suggestion.reasons["likeness"]
    return likeness >= WORTH_TELLING


def close_ones(suggestions: Sequence[Suggestion]) -> int:
    """Return how many suggestions look close."""
    return sum(map(is_close, suggestions))


def parted(
    suggestions: Sequence[Suggestion], verdicts: Mapping[int, Feedback]
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Return the suggestions that a page shows as cards, and those that it folds to one line each:
    unlikely ones that nobody of the organisation judged."""
    is_open = [is_close(row) or row.innovation_id in verdicts for row in suggestions]
    return (
        [row for row, shown in zip(suggestions, is_open, strict=True) if shown],
        [row for row, shown in zip(suggestions, is_open, strict=True) if not shown],
    )


def unsaid(habits: Mapping[Vocabulary, Share]) -> list[str]:
    """Return what most open challenges name, as sentences, of what this one does not (`habits`)."""
    return [
        f"Most people add the {PARTS[vocabulary.value].lower()}: "
        f"{share.count} of {share.of} open challenges do."
        for vocabulary, share in sorted(habits.items())
        if share.is_most and vocabulary.value in PARTS
    ]


UNMET_HEADER = ("Stated on", "Organisation", "Challenge", "What would fit", "Closed", "Outcome")


def unmet_rows(needs: Iterable[UnmetNeed]) -> Iterator[tuple[str | date, ...]]:
    """Yield unmet needs as lines of a file, under `UNMET_HEADER`."""
    for one in needs:
        closed = day_of(one.closed_at) if one.closed_at else ""
        yield (
            day_of(one.at),
            one.organisation.name,
            one.challenge.title,
            one.note,
            closed,
            one.closing_note,
        )


ACCEPTANCE_HEADER = (
    "Counted by",
    "Value",
    "Shortlisted",
    "Not for us",
    "Acceptance",
    "Unmet needs",
)


def acceptance_rows(acceptance: Acceptance) -> Iterator[tuple[str | int | float | None, ...]]:
    """Yield the counts as lines of a file, under `ACCEPTANCE_HEADER`; acceptance is 0 to 1, and
    unmet needs have no rank."""
    for name, rows in (
        ("Rank", acceptance.by_rank),
        ("Region", acceptance.by_region),
        ("Month", acceptance.by_month),
    ):
        for row in rows:
            share = None if row.share is None else round(row.share, 4)
            unmet = None if name == "Rank" else row.unmet
            yield name, row.name, row.shortlisted, row.rejected, share, unmet


def comparison(innovations: Sequence[Innovation], *, on: date) -> list[tuple[str, list[str]]]:
    """Return what a page of innovations side by side shows on a day: a heading and a text for
    each."""
    return [
        ("Made by", [one.organisation.name for one in innovations]),
        ("Proven", [_proven_words(one, on) for one in innovations]),
        (
            "Stage of development",
            [one.stage.label if one.stage else NOT_GIVEN for one in innovations],
        ),
        ("Cost", [price(one) for one in innovations]),
        ("Standards", [_standards(one, on) for one in innovations]),
        ("Best result", [_result(one) for one in innovations]),
        ("What it is", [one.category.label if one.category else "" for one in innovations]),
        ("Summary", [one.summary for one in innovations]),
        ("The need it meets", [one.need for one in innovations]),
        ("Who it is for", [one.who_for for one in innovations]),
        ("Benefits", [one.benefits_note for one in innovations]),
        *(
            (name, [_terms(one, part) for one in innovations])
            for part, name in COMPARED_TERMS.items()
        ),
        ("Evidence", ["; ".join(item.title for item in one.evidence) for one in innovations]),
        ("In use at", [", ".join(_places(uses_on(one.uses, on))) for one in innovations]),
        ("On trial at", [", ".join(_places(trials_on(one.uses, on))) for one in innovations]),
    ]


NOT_GIVEN = "Not given"


def _proven_words(innovation: Innovation, on: date) -> str:
    until = innovation.is_proven_until
    if until is None or not innovation.counts_as_proven(on):
        return "Not yet proven"
    return f"Until {until.day} {until:%B %Y}"


def _standards(innovation: Innovation, on: date) -> str:
    """Return the standards that are met, each with whether HIN staff have checked it."""
    held = [
        f"{row.standard.label} ({'checked' if is_verified(row, on) else 'self-declared'})"
        for row in innovation.standards
        if row.status is StandardStatus.YES
    ]
    return ", ".join(held) or NOT_GIVEN


def _result(innovation: Innovation) -> str:
    best = best_result(innovation.evidence)
    if best is None:
        return NOT_GIVEN
    return best.result if tells_number(best) else f"{NO_NUMBER} {best.result}"


COMPARED_TERMS = {
    Vocabulary.CARE_SETTING: "Care settings",
    Vocabulary.CONDITION: "Conditions",
    Vocabulary.AREA: "Areas",
}


def _terms(innovation: Innovation, vocabulary: Vocabulary) -> str:
    return ", ".join(term.label for term in innovation.terms if term.vocabulary is vocabulary)
