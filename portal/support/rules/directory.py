"""How an innovator is told to whom they were pointed. Pure."""

from collections.abc import Iterable

from portal.support.models import DirectoryEntry


def referral(entry: DirectoryEntry) -> str:
    """Return whom to ask and how one comes to them: "NICE: … https://…"."""
    return " ".join(filter(None, (f"{entry.title}: {entry.refer}.", entry.link)))


def with_referrals(words: str, entries: Iterable[DirectoryEntry]) -> str:
    """Return words, followed by how one comes to each entry."""
    return "\n\n".join(filter(None, (words, *map(referral, entries))))
