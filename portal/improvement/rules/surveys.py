"""What the answers to a survey come to, as they may be shown. Pure.

Where people are asked, counts are shown by the small-number rule (`programmes/rules/numbers.py`),
to everybody: the network that holds the survey works with the people who answered. Where places
answer for themselves, counts are counts of places and are shown as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.improvement.rules.survey_templates import Question, Template
from portal.programmes.rules.numbers import (
    FEWEST,
    Share,
    disclosed_share,
    disclosed_whole,
    disclosed_words,
)

Counts = Mapping[tuple[str, int], int]
"""How many at a place gave an answer, by question and answer."""
HIDDEN = f"Fewer than {FEWEST} of them"


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """How many gave the better answers to a question."""

    question: Question
    share: Share | None
    """None where nobody answered it or too few did to be shown."""
    by_answer: Sequence[int] = ()
    """How many places gave each answer; empty where people were asked."""

    @property
    def words(self) -> str:
        """Return it in words."""
        return self.share.words if self.share else "Not shown"


def people_words(responses: int, template: Template) -> str:
    """Return how many answered at a place: "about 10", "1 to 7", "none"."""
    if not template.asks_people:
        return "Answered" if responses else "Not yet"
    if not responses:
        return "None"
    return f"1 to {FEWEST - 1}" if responses < FEWEST else f"About {disclosed_words(responses)}"


def said_at(template: Template, counts: Counts) -> list[QuestionResult]:
    """Return what was said at one place, question by question."""
    found = []
    for one in template.questions:
        good, base = _good(template, one, counts), _base(template, one, counts)
        if template.asks_people:
            share = disclosed_share(good, base)
        else:
            share = Share(good, base) if base else None
        found.append(QuestionResult(one, share, _by_answer(template, one, counts)))
    return found


def answer_given(template: Template, counts: Counts) -> list[tuple[str, str]]:
    """Return question and answer of a place that answered for itself."""
    return [
        (one.words, answer)
        for one in template.questions
        for at, answer in enumerate(template.answers)
        if counts.get((one.code, at))
    ]


def said_everywhere(template: Template, places: Sequence[Counts]) -> list[QuestionResult]:
    """Return what was said at all places together: sums of counts, never means of shares."""
    return [_everywhere(template, one, places) for one in template.questions]


def _everywhere(template: Template, one: Question, places: Sequence[Counts]) -> QuestionResult:
    goods = [_good(template, one, counts) for counts in places]
    bases = [_base(template, one, counts) for counts in places]
    if not template.asks_people:
        answers = [_by_answer(template, one, counts) for counts in places]
        together = [sum(column) for column in zip(*answers, strict=True)]
        return QuestionResult(one, Share(sum(goods), sum(bases)) if sum(bases) else None, together)
    good, base = (disclosed_whole(sum(parts), parts)[0] for parts in (goods, bases))
    is_shown = good is not None and base
    return QuestionResult(one, Share(good or 0.0, base or 0.0) if is_shown else None)


def _good(template: Template, one: Question, counts: Counts) -> int:
    return sum(counts.get((one.code, at), 0) for at in range(template.good, len(template.answers)))


def _base(template: Template, one: Question, counts: Counts) -> int:
    return sum(_by_answer(template, one, counts, everyone=True))


def _by_answer(
    template: Template, one: Question, counts: Counts, *, everyone: bool = False
) -> list[int]:
    """Return how many gave each answer; nothing where people were asked, unless for a sum."""
    if template.asks_people and not everyone:
        return []
    return [counts.get((one.code, at), 0) for at in range(len(template.answers))]
