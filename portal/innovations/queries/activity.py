"""What happened to a record, for one reader, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select

from portal.accounts.models import Actor
from portal.audit.models import AuditEvent
from portal.audit.queries import readable_by, timeline
from portal.clock import PartialDate
from portal.innovations import policy
from portal.innovations.models import Innovation, Section
from portal.innovations.queries import merged_ids
from portal.innovations.queries.reading import QuestionValue, Reader
from portal.innovations.sections.answers import is_blank
from portal.innovations.sections.questions import PARTS, Question
from portal.wording import day_words

MAX_TIMELINE_TEXT = 160
"""Longer texts are cut on the timeline: the record itself shows them whole."""
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became another, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An event as a sentence with what changed."""

    event: AuditEvent
    changes: tuple[Change, ...]

    @property
    def sentence(self) -> str:
        """The event's own words, as the start of a line."""
        return self.event.summary[:1].upper() + self.event.summary[1:]

    @property
    def who(self) -> str:
        """Who did it, and for whom."""
        organisation = self.event.organisation_name
        return f"{self.event.actor_name}, {organisation}" if organisation else self.event.actor_name


def activity(actor: Actor, innovation: Innovation) -> Select[AuditEvent]:
    """Return the events of the record, and of those that became part of it, that the actor may
    read, newest first."""
    readable = readable_by(
        organisation_id=actor.organisation_id, audiences=policy.audiences(actor, innovation)
    )
    return timeline("innovation", merged_ids(innovation.id), readable=readable)


def told(events: Sequence[AuditEvent]) -> list[ActivityRow]:
    """Return events in words; all codes in them are looked up together."""
    reader = Reader(asked for event in events for asked in _asked(event))
    return [
        ActivityRow(event, tuple(_change(key, pair, reader) for key, pair in _shown(event)))
        for event in events
    ]


def changes_of(
    asked: Sequence[tuple[AuditEvent, Section]],
) -> list[tuple[Change, ...]]:
    """Return what each event changed in one section, in words; all codes are looked up together."""
    reader = Reader(one for event, _ in asked for one in _asked(event))
    return [
        tuple(
            _change(key, pair, reader)
            for key, pair in _shown(event)
            if key.partition(".")[0] == section
        )
        for event, section in asked
    ]


def _shown(event: AuditEvent) -> Iterator[tuple[str, Sequence[Any]]]:
    """The changes that say something to a reader: not which row a column points to, nor how
    exactly a day is known."""
    hidden = ("_id", "_precision")
    return ((key, pair) for key, pair in event.changes.items() if not key.endswith(hidden))


def _asked(event: AuditEvent) -> Iterator[QuestionValue]:
    for key, pair in _shown(event):
        question = _question(key)
        if question is not None:
            yield from ((question, value) for value in pair if not _is_marked(value))


def _question(key: str) -> Question | None:
    """The question behind "section.name"; None for a change of something else."""
    section, _, name = key.partition(".")
    if section not in set(Section) or Section(section) not in PARTS:
        return None
    questions = {q.name: q for q in PARTS[Section(section)].questions}
    return questions.get(name)


def _is_marked(value: Any) -> bool:
    """Whether words stand in the place of the answer, as for what is in confidence."""
    return isinstance(value, str) and value.startswith("(")


def _change(key: str, pair: Sequence[Any], reader: Reader) -> Change:
    question = _question(key)
    before, after = (_words(question, value, reader) for value in pair)
    return Change(question.heading if question else _label(key), before, after)


def _label(key: str) -> str:
    section, _, name = key.partition(".")
    if name == "items" and section in set(Section):
        return PARTS[Section(section)].title
    return RENAMED.get(key, name or section).replace("_", " ").capitalize()


RENAMED = {"life": "status"}
"""What the trail, which never changes, calls by a name of before."""


def _words(question: Question | None, value: Any, reader: Reader) -> str:
    if question is not None and not _is_marked(value):
        value = reader.shown(question, value).value
    if is_blank(value):
        return NOTHING
    if isinstance(value, list):
        return _listed(value)
    if isinstance(value, Decimal):
        return f"£{value:,}"
    value = _as_date(value)
    text = day_words(value) if isinstance(value, date | PartialDate) else str(value)
    return text if len(text) <= MAX_TIMELINE_TEXT else text[:MAX_TIMELINE_TEXT].rstrip() + "…"


def _as_date(value: Any) -> Any:
    """A date as the trail keeps it becomes one again; anything else stays."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def _listed(values: list[Any]) -> str:
    """Words of a list; rows of a list section are only counted."""
    if any(isinstance(value, dict) for value in values):
        return f"{len(values)} given"
    return ", ".join(map(str, values))
