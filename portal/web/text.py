"""Cleaning of what people type: Unicode form, invisible characters, line ends. Pure."""

import re
import unicodedata

# Marks that only steer the direction of display: pasted from phones and office programs, and
# able to make a name read differently from what it is. Left-to-right and right-to-left *marks*,
# joiners of emoji and of Persian words stay.
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
# NUL breaks PostgreSQL, the others break XML and CSV; none can be seen or typed on purpose.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\u2028\u2029]")


def has_control_characters(text: str) -> bool:
    """Say whether ``text`` holds characters that nobody can see and no store should keep."""
    return bool(_CONTROL.search(_LINE_END.sub("\n", text)))


def clean(text: str, *, lines: bool = False) -> str:
    """Return ``text`` in NFC, trimmed, without invisible characters.

    With ``lines`` line ends become "\\n" and stay; without, they and tabs become spaces.
    """
    plain = _CONTROL.sub("", _STEERING.sub("", _LINE_END.sub("\n", text)))
    if not lines:
        plain = re.sub("[\t\n]+", " ", plain)
    return unicodedata.normalize("NFC", plain).strip()
