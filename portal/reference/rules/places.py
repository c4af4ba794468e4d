"""The words by which a place is found, and how what was found is put in order. Pure."""

from portal.reference.rules import folded_label

MAX_WORDS = 8
"""So many of the typed words count."""
MAX_WORD = 40


def words_of(*texts: str) -> set[str]:
    """Return the words of some texts, folded; a postcode's two halves and both as one."""
    found = {word[:MAX_WORD] for text in texts for word in folded_label(text).split()}
    return found | {folded_label(text).replace(" ", "") for text in texts[2:3] if text}


def typed_words(typed: str) -> list[str]:
    """Return the words that somebody typed, each once, the longest first."""
    words = dict.fromkeys(word[:MAX_WORD] for word in folded_label(typed).split())
    return sorted(words, key=len, reverse=True)[:MAX_WORDS]
