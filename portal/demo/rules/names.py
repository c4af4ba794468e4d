"""Names for invented people: put together from lists, so any likeness is chance."""

from collections.abc import Iterator, Sequence


def names(first: Sequence[str], last: Sequence[str]) -> Iterator[str]:
    """Yield names, none twice: as many as there are pairs of the two lists."""
    for turn in range(len(last)):
        for place, name in enumerate(first):
            yield f"{name} {last[(place * 7 + turn) % len(last)]}"


def address(name: str) -> str:
    """Return the email address of an invented person, in a domain that nobody can own."""
    return f"{name.lower().replace(' ', '.')}@demo.example"
