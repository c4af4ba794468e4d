"""What can complete a word while it is typed."""

from collections.abc import Iterator

from search_index.interface import Document
from search_index.ranking import Settings

_MARKS = " -/("
MAX_COMPLETION_LENGTH = 120


def completions(document: Document, settings: Settings) -> Iterator[tuple[str, str]]:
    """The values of a document that may complete what is typed, with their field or facet."""
    for name in settings.suggest:
        if name in document.facets:
            yield from ((name, value) for value in set(document.facets[name]) if value)
        elif document.fields.get(name):
            yield name, document.fields[name]


def word_starts(folded: str) -> Iterator[str]:
    """A folded value from each of its words on, the whole of it first."""
    yield folded[:MAX_COMPLETION_LENGTH]
    for place, letter in enumerate(folded[:MAX_COMPLETION_LENGTH]):
        if letter in _MARKS and place + 1 < len(folded) and folded[place + 1] not in _MARKS:
            yield folded[place + 1 : place + 1 + MAX_COMPLETION_LENGTH]


def starts_a_word(start: str, folded: str) -> bool:
    """Whether a folded value has a word that starts like this."""
    return any(one.startswith(start) for one in word_starts(folded))
