"""Closing by itself: its reasons in words, the questions of the survey, when figures are shown."""

from portal.support.models import ClosingReason, Engagement

GIVEN = frozenset({ClosingReason.HANDED_OVER, ClosingReason.ARCHIVED})
REASONS = tuple(reason for reason in ClosingReason if reason not in GIVEN)
"""What a person chooses from; the others follow from what somebody did."""
QUESTIONS = {
    "reach": "How easy was it to get help when you needed it?",
    "use": "How useful was the help?",
    "gain": "How important was the help for how far you have come?",
}
"""The first three questions; the fourth asks for words."""
SCORES = {1: "1: not at all", 2: "2: a little", 3: "3: fairly", 4: "4: quite", 5: "5: very"}
"""Each fits each question: easy, useful, important."""
SCORE_OF_CONTENT = 4
MIN_ANSWERS = 5
"""A network reads its own averages only from so many answers on: fewer would tell who said what.
The national team reads each network's; it does not know who was asked."""


def was_supported(engagement: Engagement) -> bool:
    """Whether the HIN ever engaged: who was only read about has no support to tell of."""
    return engagement.level is not None
