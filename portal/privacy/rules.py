"""Whether words name a person, and the words without them. Pure."""

import io
import json
import re
import zipfile
from dataclasses import dataclass, replace
from typing import Any

from portal.text import folded

NO_ADDRESS = "(an email address)"
REMOVED = "A file that was removed"
COPIES = "copies"
"""The room of the kept files that are copies for people."""
MAX_UNPACKED = 50 * 1024 * 1024
"""Bytes: a document that unpacks to more is not read."""
_PLAIN = frozenset({"text/plain", "text/csv"})


def erased_address(user_id: int) -> str:
    """Return what stands in the place of an address: unique, and nobody's mailbox."""
    return f"erased-{user_id}@invalid"


def label_of(organisation: str) -> str:
    """Return how a person is called once they are erased."""
    return f"a former member of {organisation}" if organisation else "a former user"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be erased, as they stand in words."""

    user_id: int
    name: str
    address: str
    label: str
    """What stands in the place of the name: "a former member of Acme"."""
    is_name_theirs: bool = True
    """Whether the name tells this person from everybody else: it has two words or more, and no
    other account has it. Otherwise it is rewritten only in rows that refer to them by id."""

    def in_own_row(self) -> "Person":
        """Return the person as they stand in a row that refers to them by id."""
        return replace(self, is_name_theirs=bool(self.name))

    @property
    def needles(self) -> list[str]:
        """What to look for."""
        return [self.address, *([self.name] if self.is_name_theirs and self.name else [])]

    def rewritten(self, value: Any) -> Any:
        """Return a text, or a JSON value of texts, without the person."""
        if isinstance(value, str):
            return self._rewritten(value)
        if isinstance(value, dict):
            return {key: self.rewritten(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.rewritten(one) for one in value]
        return value

    def _rewritten(self, text: str) -> str:
        without = _address(self.address).sub(NO_ADDRESS, text)
        if not self.is_name_theirs or not self.name:
            return without
        if folded(without) == folded(self.name):
            return self.label[:1].upper() + self.label[1:]
        return _whole(self.name).sub(self.label, without)


def _whole(words: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def _address(address: str) -> re.Pattern[str]:
    """Return what finds an address that is not the end or the beginning of a longer one."""
    return re.compile(rf"(?<![\w.+'-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)


def is_telling(name: str) -> bool:
    """Whether a name can be looked for in texts: one word alone is in too many."""
    return len(name.split()) > 1


def in_json(needle: str) -> str:
    """Return a text as it stands inside a stored JSON value."""
    return json.dumps(needle)[1:-1]


def names_in_file(data: bytes, media_type: str, person: Person) -> bool | None:
    """Whether a file's readable text names the person; None for what cannot be read here (PDF and
    pictures)."""
    if media_type in _PLAIN:
        return _names(data.decode("utf-8", "replace"), person)
    if "officedocument" not in media_type:
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = [one for one in archive.infolist() if one.filename.endswith((".xml", ".rels"))]
        if sum(one.file_size for one in listed) > MAX_UNPACKED:
            return None
        parts = [one.filename for one in listed]
        texts = (archive.read(name).decode("utf-8", "replace") for name in parts)
        return any(_names(re.sub(r"<[^>]+>", "", text) + text, person) for text in texts)


def _names(text: str, person: Person) -> bool:
    return bool(person.rewritten(text) != text)
