"""What is new in a record since somebody was told of it. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from portal.innovations.models.following import Followed

MAX_REMINDERS = 20
"""Days of one record that one person may keep at once."""
FILES = "files"
"""The question that holds the files of a piece of evidence."""


def mark(answers: Mapping[str, Any], hidden: Collection[str]) -> str:
    """Return a mark of the answers of a section but for the hidden ones and its files: the same
    for the same answers, and from which nobody reads them."""
    left_out = {*hidden, FILES}

    def shown(row: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key not in left_out}

    rows = answers.get("items")
    said = [shown(row) for row in rows] if isinstance(rows, list) else shown(answers)
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def news(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    wanted: Collection[Followed],
    titles: Mapping[str, str],
) -> list[str]:
    """Return a line for each thing that differs and is wanted; `titles` are those of sections.

    What is compared: `status` (words by name), `sections` (marks by section), `files` (names by
    number).
    """
    lines: list[str] = []
    if Followed.STATUS in wanted:
        was, is_now = before.get("status", {}), after["status"]
        lines += [
            f"{name}: {word}, before: {was.get(name, 'nothing')}"
            for name, word in is_now.items()
            if was.get(name) != word
        ]
    if Followed.SECTIONS in wanted:
        marks = before.get("sections", {})
        lines += [
            f"Answers changed: {titles[section]}"
            for section, one in after["sections"].items()
            if marks.get(section) != one
        ]
    if Followed.FILES in wanted:
        known = before.get("files", {})
        lines += [f"New file: {name}" for key, name in after["files"].items() if key not in known]
        lines += [f"File gone: {name}" for key, name in known.items() if key not in after["files"]]
    return lines
