"""What changed from one text of a section to another: by paragraphs. Pure."""

from collections.abc import Iterator
from difflib import SequenceMatcher


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield ("same" | "gone" | "new", paragraph), in the order of the texts."""
    old, new = _paragraphs(before), _paragraphs(after)
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (("same", words) for words in old[i1:i2])
        else:
            yield from (("gone", words) for words in old[i1:i2])
            yield from (("new", words) for words in new[j1:j2])


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
