"""How dates, amounts and lists read: NHS style, England's time."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from flask import Flask
from markupsafe import Markup, escape

from portal.clock import PartialDate, in_london, now
from portal.wording import (
    day_words,
    due_words,
    is_overdue,
    moment_words,
    time_words,
    unit_words,
)

MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365
"""Days."""


def nhs_date(value: date | PartialDate | None) -> str:
    """Return "5 November 2026", or "" for None; a datetime gives its day in England, a date known
    only to the month or year gives that."""
    return "" if value is None else day_words(value)


def nhs_time(value: datetime | None) -> str:
    """Return "2:30pm", "2pm", "midday" or "midnight" in England's time, or "" for None."""
    return "" if value is None else time_words(value)


def nhs_datetime(value: datetime | None) -> str:
    """Return "5 November 2026 at 2:30pm" in England's time, or "" for None."""
    return "" if value is None else moment_words(value)


def ago(value: datetime | None, at: datetime | None = None) -> str:
    """Return "just now", "5 minutes ago", "yesterday" … or, after a week, the date."""
    if value is None:
        return ""
    current = in_london(at or now())
    moment = in_london(value)
    seconds = (current - moment).total_seconds()
    days = (current.date() - moment.date()).days
    if seconds < MINUTE:
        return "just now" if seconds > -MINUTE else nhs_datetime(value)
    if seconds < HOUR:
        return f"{plural(int(seconds // MINUTE), 'minute')} ago"
    if days == 0:
        return f"{plural(int(seconds // HOUR), 'hour')} ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 7 else nhs_date(value)


def money(value: Decimal | int | None) -> str:
    """Return pounds: "£1,200" for whole pounds, "£1,200.50" otherwise, "" for None."""
    if value is None:
        return ""
    amount = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    whole = amount == amount.to_integral_value()
    sign = "−" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.0f}" if whole else f"{sign}£{abs(amount):,.2f}"


def number(value: Decimal | float | None) -> str:
    """Return a number with thousands separators and no trailing zeros, or "" for None."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 site" or "1,200 sites"; ``many`` for words that do not just take an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def time_kept(days: int) -> str:
    """Return a number of days as people say it: "30 days", "6 years" for whole years of 365."""
    years, rest = divmod(days, YEAR)
    return plural(days, "day") if rest else plural(years, "year")


def file_size(count: int) -> str:
    """Return a number of bytes as people say it: "303 bytes", "12 kB" or "1.3 MB"."""
    if count < 1_000:
        return plural(count, "byte")
    if count < 999_500:
        return f"{round(count / 1_000)} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".0 ", " ")


def paragraphs(text: str | None) -> Markup:
    """Return ``text`` escaped, blank lines as paragraphs and line ends as breaks."""
    blocks = re.split(r"\n\s*\n", (text or "").replace("\r\n", "\n").strip())
    lines = (Markup("<br>").join(block.split("\n")) for block in blocks if block)
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)


def listing(items: Iterable[object], last: str = "and") -> Markup:
    """Return "a, b and c", each item escaped unless it is markup already."""
    parts = [escape(item) for item in items]
    if len(parts) < 2:
        return parts[0] if parts else Markup("")
    return Markup("{} {} {}").format(Markup(", ").join(parts[:-1]), last, parts[-1])


def upper_first(text: str) -> str:
    """Return a text that begins with a capital: what is said of a cell stands by itself."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a heading as it reads inside a sentence: "NHS trust" and "GP" keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def init_app(app: Flask) -> None:
    """Make the formats available as template filters."""
    for filter_ in (
        nhs_date,
        nhs_time,
        nhs_datetime,
        is_overdue,
        due_words,
        ago,
        money,
        number,
        plural,
        time_kept,
        file_size,
        paragraphs,
        listing,
        lower_first,
        upper_first,
        unit_words,
    ):
        app.add_template_filter(filter_, filter_.__name__)
