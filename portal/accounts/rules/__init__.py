"""What accounts know by themselves: tokens, passwords, who may join what."""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from zxcvbn import zxcvbn

from portal.accounts.models import OrganisationKind, Role

INVITATION_LIFETIME = timedelta(days=14)
RECOVERY_CODES = 10
"""How many codes somebody gets to keep for when the telephone is lost."""
MAX_ALIKE = 3
"""Emails of one kind that strangers may cause to one mailbox within an hour."""
SEEN_EVERY = timedelta(minutes=5)
"""How exact "last used" is: a write for every page would be too many."""
TOKEN_SEEN_EVERY = timedelta(minutes=1)
"""How exact "last used" of a token is: reading is no reason to write every time."""
MAX_TOKENS = 20
"""Tokens of the API that one person may have at once."""
TOKEN_DAYS = {30: "30 days", 90: "90 days", 365: "One year"}
MAX_TOKEN_DAYS = max(TOKEN_DAYS)
TOKEN_MARK = "iex_"  # noqa: S105 - no secret: by it people and scanners know what they have found
PROVED_FOR = timedelta(minutes=15)
"""How long a proof of who one is lasts for changes of security."""
STAFF = (Role.ICS, Role.HIN, Role.NATIONAL)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a browser stays signed in unused, and at most, for each kind of person.

    The strictest of a person's roles counts, as they may change over at any time.
    """

    idle: Mapping[str, timedelta]
    longest: Mapping[str, timedelta]


def factor_due_at(
    asked_at: datetime, roles: Mapping[Role, datetime], required: Collection[str], grace: timedelta
) -> datetime | None:
    """Return until when a second factor must be set up, None when no role asks for one.

    `asked_at` is the first sign-in at which it was asked for, `roles` since when the person has
    each role: the days count from the later of the two.
    """
    since = [at for role, at in roles.items() if role.value in required]
    return max(asked_at, min(since)) + grace if since else None


MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200
MIN_PASSWORD_SCORE = 3
"""Of zxcvbn's 0 to 4: 3 means more than 10^8 guesses."""
MIN_UNPERSONAL_CHARACTERS = 6
"""Characters that must be left without the person's own name and address."""
HOUSE_WORDS = ("nhs", "health", "innovation", "exchange", "pipeline", "portal")
MAX_SCORED_LENGTH = 72
"""zxcvbn refuses longer texts; what is strong in its first 72 characters is strong."""

INNOVATOR_KINDS = (
    OrganisationKind.COMPANY,
    OrganisationKind.CHARITY,
    OrganisationKind.UNIVERSITY,
    OrganisationKind.NHS_TRUST,
)
"""What a person who signs up may create, or ask to join."""

_ROLES: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.ICS: (Role.ICS,),
    OrganisationKind.HIN: (Role.HIN,),
    OrganisationKind.NATIONAL: (Role.NATIONAL, Role.ADMINISTRATOR),
}

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def new_token() -> str:
    """Return a token for a session or an invitation: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """Return a token of the API: 256 random bits behind a mark that says what it is."""
    return TOKEN_MARK + new_token()


def hashed(token: str) -> str:
    """Return what is stored of a token; a reader of the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_recovery_code() -> str:
    """Return a recovery code as it is shown once: 112 random bits in groups of four digits, so
    many that a quick hash keeps them (ASVS 5.0, 6.5.2)."""
    digits = secrets.token_hex(14)
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def hashed_recovery_code(user_id: int, code: str) -> str:
    """Return what is stored of a person's recovery code, however it was typed."""
    plain = re.sub(r"[^0-9a-z]", "", code.lower())
    return hashed(f"{user_id}:{plain}")


def normal_email(typed: str) -> str:
    """Return the address as it is stored and looked up: people mix its case."""
    return typed.strip().lower()


def roles_of(kind: OrganisationKind) -> tuple[Role, ...]:
    """Return the roles that a person can have in an organisation of this kind."""
    return _ROLES.get(kind, (Role.INNOVATOR,))


def weakness_of(password: str, about: Iterable[str] = ()) -> str | None:
    """Return why the password must not be used, as a sentence, or None when it may.

    Source: NCSC, "Password administration for system owners": length and a list of common
    passwords, no rules of composition, no regular changes. `about` are words that belong to the
    person (name, address): passwords made of them are weak.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        return f"Password must be {MIN_PASSWORD_LENGTH} characters or more"
    words = {w.lower() for text in about for w in re.split(r"[\s@._-]+", text) if len(w) > 2}
    rest = password.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    score = zxcvbn(password[:MAX_SCORED_LENGTH], user_inputs=[*words, *HOUSE_WORDS])["score"]
    if score >= MIN_PASSWORD_SCORE and len(rest) >= MIN_UNPERSONAL_CHARACTERS:
        return None
    return "Enter a password that is harder to guess, for example three random words"


def device_of(user_agent: str) -> str:
    """Return a browser as people call it: "Firefox on Windows"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser
