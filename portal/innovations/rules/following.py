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
    number). Where records became one, or two again, one line says so: that all else differs follows
    from it.
    """
    if said := merging_words(before, after):
        return [said]
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


def merging_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what became of the record with others since, "" for nothing: `record` is the number of
    the one that is followed, `name` its name, `records` those that are one with it, itself too.

    Another record is not named: who follows this one may not know of it.
    """
    was, is_now = set(before.get("records", ())), set(after["records"])
    followed = before.get("record", after["record"])
    if followed != after["record"]:
        joined = f"“{before['name']}”, which you followed, and this record are one now"
        parted = f"This record stands by itself again: it was one with “{before['name']}”"
        return joined if followed in is_now else parted
    if not was or was == is_now:
        return ""
    if is_now - was:
        return "Another record of it became one with this one: its answers and files came along"
    return "It was one with another record: the two are apart again"
