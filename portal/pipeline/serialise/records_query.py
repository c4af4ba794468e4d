"""`RecordsQuery` as it stands in an address, and back: every number links to exactly its
records."""

import re
from dataclasses import fields
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from portal.clock import months_after, today
from portal.errors import Invalid
from portal.pipeline.rules.records_query import Grouping, Move, RecordsQuery
from portal.reference.rules import Quarter

Args = MultiDict[str, str]
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_HINS = 99
MAX_ID = 2**31 - 1
MAX_CODE_LENGTH = 80
FIRST_DAY = date(2000, 1, 1)
"""Nothing of ours is older."""


def day_of(args: Args, name: str, default: date) -> date:
    """Return the day asked for, or the default where none is.

    Raises Invalid for what is no day, a day to come, or one before 2000: figures of another day
    than the one asked for would be taken for right.
    """
    text = args.get(name, "").strip()
    if not text:
        return default
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day < FIRST_DAY:
        raise Invalid("Enter a real date, such as 2026-06-30, from the year 2000 on", field=name)
    if day > today():
        raise Invalid("Enter a date that is not in the future", field=name)
    return day


def period_of(args: Args) -> tuple[date, date]:
    """Return the two days of a flow: from the end of the last quarter to today unless told.

    Raises Invalid when the second day is not after the first.
    """
    on = day_of(args, "on", today())
    since = day_of(args, "since", Quarter.of(on).previous.last)
    if since >= on:
        raise Invalid("The second date must be after the first", field="on")
    return since, on


def grouping_of(args: Args) -> Grouping:
    """Return what the stages are broken down by: HINs unless told."""
    asked = args.get("by", "")
    return Grouping(asked) if asked in set(Grouping) else Grouping.HIN


def asked_of(args: Args) -> RecordsQuery:
    """Return which records an address asks for; raises Invalid for days that are none."""
    on = day_of(args, "on", today())
    move = args.get("move", "")
    given: dict[str, Any] = {name: args.get(name, "")[:MAX_CODE_LENGTH] for name in _TEXTS}
    given |= {name: args.get(name) == "yes" for name in _YES}
    return RecordsQuery(
        on=on,
        **given,
        move=Move(move) if move in set(Move) else None,
        since=day_of(args, "since", months_after(on, -3)) if args.get("since") or move else None,
        hins=_whole(args, "hins", MAX_HINS),
        organisation=_whole(args, "organisation", MAX_ID) or 0,
        pair=tuple(code[:MAX_CODE_LENGTH] for code in args.get("with", "").split(",")[:2] if code),
    )


def _whole(args: Args, name: str, most: int) -> int | None:
    text = args.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return min(int(text), most) if is_number else None


_TEXTS = (
    *("stage", "hin", "category", "condition_group", "care_setting"),
    *("stage_before", "proved_in", "used_in", "left", "came"),
)
_YES = (
    *("proven", "stale", "added", "worked_with", "several", "ours_and_others", "also_elsewhere"),
    *("mine", "changes", "helped", "our_network", "neighbours"),
)
_NAMES = {"pair": "with"}


def query_of(query: RecordsQuery) -> dict[str, Any]:
    """Return the keys of the address that asks for these records, without empty ones."""
    found: dict[str, Any] = {}
    for field in fields(query):
        value = getattr(query, field.name)
        if value or (field.name == "hins" and value is not None):
            found[_NAMES.get(field.name, field.name)] = _text(value)
    return found


def _text(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if value is True:
        return "yes"
    return ",".join(value) if isinstance(value, tuple) else value


def records_url(query: RecordsQuery) -> str:
    """Return the address of the list of these records."""
    return url_for("pipeline.records", **query_of(query))
