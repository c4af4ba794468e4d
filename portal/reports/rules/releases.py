"""When a version is public, who reads it before, and what changed from one to another. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from portal.clock import LONDON
from portal.reports.models import ReportEarlyReader, ReportRelease
from portal.reports.rules.document import Content

HOUR = time(9, 30)
"""When official statistics are published in England: https://code.statisticsauthority.gov.uk."""

PDFS = "report-pdfs"
"""Under which name the PDFs of versions lie."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that another version printed otherwise; "" where it did not have it."""

    label: str
    before: str
    after: str


def moment_of(day: date) -> datetime:
    """Return when a version is published on a day, in UTC."""
    return datetime.combine(day, HOUR, LONDON).astimezone(UTC)


def is_public(release: ReportRelease, at: datetime) -> bool:
    """Whether everybody reads a version at a moment."""
    return release.published_at <= at


def may_read_early(reader: ReportEarlyReader, day: date) -> bool:
    """Whether a person on the list still reads the version before it is published."""
    return reader.ended_at is None and (reader.until_on is None or day <= reader.until_on)


def is_provisional(content: Content) -> bool:
    """Whether any number of a version can still move."""
    return any(not one["is_frozen"] for one in content["figures"])


def is_announced(release: ReportRelease) -> bool:
    """Whether a version said that numbers in it would become final: only such is revised."""
    return release.final_on is not None or is_provisional(release.content)


def changed_numbers(before: Content, after: Content) -> Iterator[Changed]:
    """Yield the numbers that a later version prints otherwise, in its order, then those gone.

    The n-th number of a reference in a section is compared with the n-th of the other version.
    """
    old, new = _numbers(before["figures"]), _numbers(after["figures"])
    for key, one in new.items():
        was = old[key]["shown"] if key in old else ""
        if was != one["shown"]:
            yield Changed(_name(one), was, one["shown"])
    for key, one in old.items():
        if key not in new:
            yield Changed(_name(one), one["shown"], "")


def _numbers(figures: Sequence[Content]) -> dict[tuple[str, str, int], Content]:
    found: dict[tuple[str, str, int], Content] = {}
    for one in figures:
        name = (one["section"], one["reference"])
        place = sum(key[:2] == name for key in found)
        found[*name, place] = one
    return found


def _name(one: Content) -> str:
    return ", ".join(word for word in (one["label"], one["area"], one["period"]) if word)
