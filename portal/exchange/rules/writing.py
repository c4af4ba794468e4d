"""What a person writes into an item, and how it is kept: as JSON that can be read again. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from portal.exchange.models import ContentItem, Licence
from portal.exchange.rules.kinds import kind_of

NAMES: Mapping[str, str] = {
    "title": "Title",
    "summary": "Summary",
    "link": "Link",
    "opens_on": "First day",
    "closes_on": "Last day",
    "starts_at": "Begins",
    "ends_at": "Ends",
    "time_zone": "Time zone",
    "hin_id": "Network",
    "ics_id": "Integrated care system",
    "innovation_id": "Innovation",
    "challenge_id": "Challenge",
    "programme_id": "Programme",
    "licence": "Licence",
    "source": "Source",
    "review_on": "Review day",
    "term_ids": "Topics",
    "site_ids": "Places of the directory",
}
"""What each field is called where versions are compared."""


@dataclass(frozen=True, slots=True)
class ItemDetails:
    """All that a person writes into an item, but for results and pictures."""

    title: str
    summary: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    time_zone: str = "Europe/London"
    hin_id: int | None = None
    ics_id: int | None = None
    innovation_id: int | None = None
    challenge_id: int | None = None
    programme_id: int | None = None
    licence: Licence = Licence.OGL
    source: str = ""
    review_on: date | None = None
    term_ids: Sequence[int] = ()
    site_ids: Sequence[int] = ()
    """The places of the national directory where it was done."""


_APART = {"answers", "term_ids", "site_ids"}
_SAME = [one.name for one in fields(ItemDetails) if one.name not in _APART]
COLUMNS = (*_SAME, "answers")
"""What is a column of the item."""
_DAYS = {"opens_on", "closes_on", "review_on"}
_MOMENTS = {"starts_at", "ends_at"}


def written_in(item: ContentItem) -> ItemDetails:
    """Return what an item says now."""
    same = {name: getattr(item, name) for name in _SAME}
    return ItemDetails(
        **same,
        answers=dict(item.answers),
        term_ids=[term.id for term in item.terms],
        site_ids=[site.id for site in item.sites],
    )


def written_last(item: ContentItem) -> ItemDetails:
    """Return what was written last: the change that waits or, without one, what an item says."""
    return from_json(item.pending) if item.pending else written_in(item)


def as_json(written: ItemDetails) -> dict[str, Any]:
    """Return it as a row keeps it."""
    found: dict[str, Any] = {
        "answers": dict(written.answers),
        "term_ids": list(written.term_ids),
        "site_ids": list(written.site_ids),
    }
    for name in _SAME:
        value = getattr(written, name)
        is_day = isinstance(value, date)
        found[name] = value.isoformat() if is_day else str(value) if name == "licence" else value
    return found


def from_json(kept: Mapping[str, Any]) -> ItemDetails:
    """Return what a row keeps."""
    known = {one.name for one in fields(ItemDetails)}
    found = {name: value for name, value in kept.items() if name in known}
    for name in _DAYS:
        found[name] = date.fromisoformat(found[name]) if found.get(name) else None
    for name in _MOMENTS:
        found[name] = datetime.fromisoformat(found[name]) if found.get(name) else None
    found["licence"] = Licence(found["licence"])
    return ItemDetails(**found)


def snapshot(item: ContentItem) -> dict[str, Any]:
    """Return all that an item says, results too, as a version keeps it."""
    rows = [[one.what, one.value, one.unit, one.period, one.method] for one in item.results]
    return {**as_json(written_in(item)), "results": rows}


def differences(
    item: ContentItem, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return the fields that differ between two versions: what it is called, before, after."""
    labels = {one.code: one.label for one in kind_of(item.kind).questions}
    old = {**before, **{f"answers {k}": v for k, v in before.get("answers", {}).items()}}
    new = {**after, **{f"answers {k}": v for k, v in after.get("answers", {}).items()}}
    called = {**NAMES, "results": "Results"}
    called |= {f"answers {code}": label for code, label in labels.items()}
    return [
        (label, _said(old.get(name)), _said(new.get(name)))
        for name, label in called.items()
        if _said(old.get(name)) != _said(new.get(name))
    ]


def _said(value: Any) -> str:
    if not value:
        return ""
    if isinstance(value, list):
        lines = [one if isinstance(one, list) else [one] for one in value]
        return "\n".join(", ".join(str(part) for part in line if part != "") for line in lines)
    return str(value)
