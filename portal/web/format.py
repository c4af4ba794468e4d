"""How dates, amounts and lists read: NHS style, England's time."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

LONDON = ZoneInfo("Europe/London")
MINUTE, HOUR, DAY = 60, 3600, 86400


def _in_london(moment: datetime) -> datetime:
    """Return ``moment`` in England's time; a moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(LONDON)


def nhs_date(value: date | None) -> str:
    """Return "5 November 2026", or "" for None; a datetime gives its day in England."""
    if value is None:
        return ""
    day = _in_london(value) if isinstance(value, datetime) else value
    return f"{day.day} {day:%B} {day.year}"


def nhs_time(value: datetime | None) -> str:
    """Return "2:30pm", "2pm", "midday" or "midnight" in England's time, or "" for None."""
    if value is None:
        return ""
    moment = _in_london(value)
    named = {(0, 0): "midnight", (12, 0): "midday"}
    if (moment.hour, moment.minute) in named:
        return named[moment.hour, moment.minute]
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def nhs_datetime(value: datetime | None) -> str:
    """Return "5 November 2026 at 2:30pm" in England's time, or "" for None."""
    return "" if value is None else f"{nhs_date(value)} at {nhs_time(value)}"


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """Return "just now", "5 minutes ago", "yesterday" … or, after a week, the date."""
    if value is None:
        return ""
    current = _in_london(now or datetime.now(UTC))
    moment = _in_london(value)
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


def lower_first(text: str) -> str:
    """Return a heading as it reads inside a sentence: "NHS trust" and "GP" keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def init_app(app: Flask) -> None:
    """Make the formats available as template filters."""
    for filter_ in (
        nhs_date,
        nhs_time,
        nhs_datetime,
        ago,
        money,
        number,
        plural,
        paragraphs,
        listing,
        lower_first,
    ):
        app.add_template_filter(filter_, filter_.__name__)
