"""What surveys ask: templates as data. Pure.

A template that is in use never changes: other questions are a template with a code of their own.
The questions are the portal's own; they measure no published scale, and say so where they are read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """One question, under the part of the survey to which it belongs."""

    code: str
    part: str
    short: str
    """What a chart calls it: it fits the width of a telephone."""
    words: str


@dataclass(frozen=True, slots=True)
class Template:
    """A survey to be held."""

    code: str
    name: str
    about: str
    answers: Sequence[str]
    """The answers in their order, from the least to the best; kept by their place, from 0."""
    good: int
    """From which answer on it counts as said: "agree", "everywhere"."""
    said: str
    """How that is called in a sentence: "agree"."""
    questions: Sequence[Question]
    open_question: str
    asks_people: bool
    """Whether everybody who works at a place is asked. Else the place answers once, as a place, and
    counts of places need no small-number rule."""

    @property
    def parts(self) -> list[str]:
        """Return its parts in their order."""
        return list(dict.fromkeys(one.part for one in self.questions))


def _asked(part: str, *told: tuple[str, str, str]) -> list[Question]:
    return [Question(code, part, short, words) for code, short, words in told]


CULTURE = Template(
    "culture-1",
    "Safety culture",
    "Everybody who works at a place says what it is like to work there: ten questions.",
    ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"),
    3,
    "agree",
    [
        *_asked(
            "Speaking up",
            (
                "speak",
                "Say what is not safe",
                "I can say that something is not safe, whoever does it",
            ),
            (
                "heard",
                "Worries are looked into",
                "When somebody raises a worry about safety, it is looked into",
            ),
        ),
        *_asked(
            "Learning",
            (
                "learn",
                "Ask how before who",
                "When something goes wrong, we ask how it came about before we ask who it was",
            ),
            (
                "told",
                "Hear what was changed",
                "I hear what was changed after something was reported",
            ),
            ("try", "Time to try a better way", "We have time to try a better way of doing things"),
        ),
        *_asked(
            "Working together",
            ("handover", "Learn enough at handover", "At handover I learn what I need to know"),
            (
                "help",
                "Help without being asked",
                "When it is busy, colleagues help each other without being asked",
            ),
        ),
        *_asked(
            "Leading",
            ("leader", "Leaders know the work", "Who leads us knows what the work is like"),
            (
                "first",
                "Safety before speed",
                "When safety and speed do not go together, safety comes first here",
            ),
            (
                "staff",
                "Enough of us on most days",
                "There are enough of us to work safely on most days",
            ),
        ),
    ],
    "What would make this place safer?",
    asks_people=True,
)
ASSESSMENT = Template(
    "deterioration-1",
    "Site assessment: detect, plan, act",
    "A place says once how far it has come with noticing when somebody becomes more ill.",
    ("Not yet", "Planned", "In part of the place", "Everywhere"),
    3,
    "everywhere",
    [
        *_asked(
            "Detect",
            (
                "signs",
                "Early signs are taught",
                "Staff are taught the early signs that a person is becoming more ill",
            ),
            (
                "score",
                "One score or tool",
                "The same score or tool is used to say how ill a person is",
            ),
            (
                "family",
                "Families can say so",
                "Families and carers know how to say that something has changed",
            ),
        ),
        *_asked(
            "Plan",
            ("usual", "What is usual is written", "What is usual for each person is written down"),
            (
                "wishes",
                "Wishes are found at night",
                "What each person wants to happen is written down, and found at night too",
            ),
            ("who", "Whom to call is written", "It is written down whom to call, and when"),
        ),
        *_asked(
            "Act",
            (
                "same",
                "Calls in the same words",
                "Calls for help are made in the same words by everybody",
            ),
            (
                "reach",
                "Answered in time",
                "Who is called comes or answers in the time that was agreed",
            ),
            (
                "review",
                "Looked at afterwards",
                "Afterwards it is looked at what went well and what did not",
            ),
        ),
    ],
    "What would help you most?",
    asks_people=False,
)
TEMPLATES: Mapping[str, Template] = {one.code: one for one in (CULTURE, ASSESSMENT)}
