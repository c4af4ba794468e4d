"""Messages to many: words with placeholders, filled for each innovation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.support.models import Engagement
from portal.wording import day_words

PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
PLACEHOLDERS: Mapping[str, str] = {
    "innovation": "the name of the innovation",
    "organisation": "the organisation behind it",
    "owner": "who looks after the record",
    "network": "your network",
    "lead": "the lead person at your network",
    "level": "the support level",
    "due": "the day by which your network's next step is due",
}
"""What may stand between braces, and what each stands for."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """A subject and a body, with placeholders or filled."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Starter:
    """A template that every HIN finds there."""

    code: str
    name: str
    words: MessageText


STARTERS: tuple[Starter, ...] = (
    Starter(
        "update",
        "Ask for an update",
        MessageText(
            "How is {innovation} getting on?",
            "Dear {owner},\n\nit is some time since we last spoke about {innovation}. Is the "
            "record still right, and is there anything that we can help with now?\n\n"
            "{lead}\n{network}",
        ),
    ),
    Starter(
        "reading",
        "We are still reading",
        MessageText(
            "We are still looking at {innovation}",
            "Dear {owner},\n\nthank you for your patience. We are still reading what you sent "
            "about {innovation} and will tell you what comes next by {due}.\n\n{network}",
        ),
    ),
    Starter(
        "event",
        "Invitation to an event",
        MessageText(
            "An invitation for {organisation}",
            "Dear {owner},\n\nwe would like to invite you to …\n\nIt may help with {innovation}. "
            "Please tell us whether you can come.\n\n{lead}\n{network}",
        ),
    ),
)


def unknown(words: MessageText) -> list[str]:
    """Return what stands between braces and is no placeholder, in order."""
    found = PLACEHOLDER.findall(f"{words.subject}\n{words.body}")
    return [name for name in dict.fromkeys(found) if name not in PLACEHOLDERS]


def fill(words: MessageText, engagement: Engagement) -> MessageText:
    """Return the words with every placeholder filled for one innovation.

    What is filled in is not read again: a name with braces stays as it is.
    """
    values = values_of(engagement)
    subject, body = (
        PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
        for text in (words.subject, words.body)
    )
    return MessageText(" ".join(subject.split()), body)


def values_of(engagement: Engagement) -> dict[str, str]:
    """Return what each placeholder stands for; words of its own where there is nothing yet."""
    innovation = engagement.innovation
    return {
        "innovation": innovation.name,
        "organisation": innovation.organisation.name,
        "owner": innovation.owner.name if innovation.owner else innovation.organisation.name,
        "network": engagement.hin.name,
        "lead": engagement.lead.name if engagement.lead else engagement.hin.name,
        "level": f"level {engagement.level}" if engagement.level else "no level yet",
        "due": day_words(engagement.due_on) if engagement.due_on else "a day that we will tell you",
    }


def placeholder_words(names: Iterable[str]) -> str:
    """Return names between braces, as they are typed: "{innovation}, {owner}"."""
    return ", ".join(f"{{{name}}}" for name in names)
