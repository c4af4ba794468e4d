"""What the doctor finds in one respect."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Settings = Mapping[str, Any]


class Grade(enum.StrEnum):
    """How a set-up stands in one respect."""

    GOOD = "ok"
    MIND = "mind"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one respect, and what to do about it."""

    grade: Grade
    what: str
    words: str
