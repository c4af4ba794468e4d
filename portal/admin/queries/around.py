"""What stands around the database: the worker, the search index, the mail server, clock, proxy."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

import config
from portal.admin.queries.findings import Finding, Grade, Settings
from portal.admin.queries.gauges import worker_heard_at
from portal.audit.models import AuditEvent
from portal.clock import now
from portal.db import db
from portal.search.indexing.opening import problem_now
from portal.search.models import IndexChange

SILENT = timedelta(minutes=15)
"""A worker that lives has a job every five minutes."""
AHEAD = timedelta(minutes=2)
"""More than so much is no two machines that differ a little."""
MAIL_SECONDS = 5


def worker(_settings: Settings) -> Iterator[Finding]:
    """Whether a worker was at work of late."""
    heard = worker_heard_at()
    if heard is None:
        words = "none was ever at work here: start “flask jobs work”"
        yield Finding(Grade.MIND, "heartbeat", words)
    elif heard < now() - SILENT:
        minutes = int((now() - heard).total_seconds() // 60)
        words = f"no worker was at work for {minutes} minutes: start “flask jobs work”"
        yield Finding(Grade.WRONG, "heartbeat", words)
    else:
        yield Finding(Grade.GOOD, "heartbeat", "a worker was at work a moment ago")


def index(_settings: Settings) -> Iterator[Finding]:
    """Whether the search index can be read, and follows the database."""
    if problem := problem_now():
        yield Finding(Grade.WRONG, "search index", problem)
        return
    oldest = db.session.scalar(select(func.min(IndexChange.at)))
    if oldest is not None and oldest < now() - SILENT:
        minutes = int((now() - oldest).total_seconds() // 60)
        words = f"is {minutes} minutes behind: is “flask jobs work” running?"
        yield Finding(Grade.WRONG, "search index", words)
    else:
        yield Finding(Grade.GOOD, "search index", "can be read, and follows the database")


def clock(_settings: Settings) -> Iterator[Finding]:
    """Whether this machine's clock is that of the database, and was never set back."""
    newest = db.session.scalar(select(func.max(AuditEvent.at)))
    theirs = _clock_of_database()
    if theirs is not None and abs(theirs - now()) > AHEAD:
        words = f"differs from the database's by {_seconds(theirs)} seconds: set it by NTP"
        yield Finding(Grade.WRONG, "clock", words)
    elif newest is not None and newest - now() > AHEAD:
        words = f"is {_seconds(newest)} seconds behind what was written last: set it by NTP"
        yield Finding(Grade.WRONG, "clock", words)
    else:
        yield Finding(Grade.GOOD, "clock", "goes with what was written last")


def _seconds(other: datetime) -> int:
    return int(abs((other - now()).total_seconds()))


def _clock_of_database() -> datetime | None:
    if db.engine.dialect.name != "postgresql":
        return None
    found = db.session.scalar(select(func.clock_timestamp()))
    return found.astimezone(UTC) if isinstance(found, datetime) else None


def mail_server(settings: Settings) -> Iterator[Finding]:
    """Whether the mail server takes what is sent: connection, TLS, name and password."""
    if settings["MAIL_BACKEND"] == config.NOTIFY:
        words = "emails leave by GOV.UK Notify, which is asked when there is one: see “mail”"
        yield Finding(Grade.GOOD, "mail server", words)
        return
    if settings["MAIL_BACKEND"] != "smtp":
        words = f"nothing leaves this machine: MAIL_BACKEND is {settings['MAIL_BACKEND']}"
        grade = Grade.WRONG if settings["PRODUCTION"] else Grade.MIND
        yield Finding(grade, "mail server", words)
        return
    place = str(settings["MAIL_SERVER"]), int(settings["MAIL_PORT"])
    name = f"{place[0]}:{place[1]}"
    problem = _mail_problem(place, settings)
    grade = Grade.WRONG if problem else Grade.GOOD
    yield Finding(grade, "mail server", f"{name} {problem or 'answers, and lets the portal in'}")


def _mail_problem(place: tuple[str, int], settings: Settings) -> str:
    """Return why the mail server would take no email of ours, in words; "" where it does."""
    own = str(settings["SERVER_NAME"] or "localhost").partition(":")[0]
    try:
        with smtplib.SMTP(*place, local_hostname=own, timeout=MAIL_SECONDS) as server:
            if settings["MAIL_USE_TLS"]:
                server.starttls()
            if settings["MAIL_USERNAME"] and settings["MAIL_PASSWORD"]:
                server.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"])
    except smtplib.SMTPAuthenticationError as no:
        return f"refuses MAIL_USERNAME and MAIL_PASSWORD: {no.smtp_code}"
    except smtplib.SMTPNotSupportedError:
        return "knows no such sign-in: look at MAIL_USE_TLS and MAIL_PORT (mostly 1 and 587)"
    except smtplib.SMTPException as no:
        code = getattr(no, "smtp_code", 0)
        said = f"refuses the portal with {code}" if code > 0 else "is no mail server"
        return f"{said}: look at MAIL_SERVER and MAIL_PORT"
    except OSError as no:
        return f"cannot be reached: {no}. Look at MAIL_SERVER and MAIL_PORT"
    return ""


def proxy(settings: Settings) -> Iterator[Finding]:
    """Whether the settings fit a proxy with TLS in front, which production must have."""
    if not settings["PRODUCTION"]:
        return
    if settings["TRUSTED_PROXIES"] < 1:
        words = (
            "TRUSTED_PROXIES is 0: forms are refused behind TLS, and all visitors look like one."
            " Set it to how many proxies of yours stand in front"
        )
        yield Finding(Grade.WRONG, "proxy", words)
    else:
        count = settings["TRUSTED_PROXIES"]
        yield Finding(Grade.GOOD, "proxy", f"the headers of {count} in front are believed")
