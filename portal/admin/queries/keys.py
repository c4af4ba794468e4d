"""Whether the secrets are those that the database was written with."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from portal import clock
from portal.accounts.queries.factors import app_secrets, sessions_since_before
from portal.accounts.rules import SessionLimits
from portal.accounts.rules.factor_keys import FIRST_TAG, tag_in, wallet_of
from portal.admin.queries.findings import Finding, Grade, Settings
from portal.audit import rules as audit
from portal.audit.queries.seals import last_seal
from portal.backups.rules import SECRETS, fingerprints, is_kept, new_salt
from portal.connections import keep_private

FINGERPRINTS = "fingerprints.json"
"""In the instance folder: what each secret was when the doctor first looked."""
CHANGED = "changed"
"""In that file: when a secret was first seen to be a new one, whose older one still holds."""
OLDER = "older SECRET_KEY"
REPLACED = ("SECRET_KEY", "TWO_FACTOR_SECRET")
"""What can be set anew with the older one beside it, in `…_FALLBACKS`."""
ON_APPS = "older TWO_FACTOR_SECRET"
MISSING = "list it in TWO_FACTOR_SECRET_FALLBACKS, or they sign in with recovery codes"
ENDING = "ends of emails, links of surveys and webhooks of then work no more without it"
UNSURE = (
    "were stored by an older release and count as encrypted with the last of the fallbacks, which "
    "“flask accounts renew-secrets” cannot be sure of. A right code renews each; or set the secret "
    "of then alone, run it, and begin again"
)
RENEW = "run “flask accounts renew-secrets”, or wait until they have signed in"


def sealed(settings: Settings) -> Iterator[Finding]:
    """Whether the audit trail's newest seal was made with the key that is set."""
    seal = last_seal()
    if seal is None:
        return
    if audit.is_signed(str(settings["AUDIT_KEY"]), seal):
        yield Finding(Grade.GOOD, "audit key", "signed the newest seal of the audit trail")
    else:
        words = f"AUDIT_KEY did not sign the newest seal: {SECRETS['AUDIT_KEY']}"
        yield Finding(Grade.WRONG, "audit key", words)


def unchanged(settings: Settings) -> Iterator[Finding]:
    """Whether every secret is what it was when this was first looked at; the first look notes a
    fingerprint of each, which tells nobody what they are.

    To open a stored secret would not tell: what authenticator apps share is encrypted without a
    check, and a wrong key opens it to nonsense.
    """
    path = Path(settings["INSTANCE"], FINGERPRINTS)
    if not path.exists():
        yield _noted(path, settings)
        return
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        now, were = fingerprints(settings, kept["salt"]), kept["fingerprints"]
    except (OSError, ValueError, KeyError, TypeError):
        yield Finding(Grade.WRONG, "secrets", f"{path} cannot be read: remove it, then look again")
        return
    others = [name for name in SECRETS if now[name] != were.get(name)]
    lost = [
        f"{name} ({SECRETS[name]})"
        for name in others
        if not is_kept(name, str(were.get(name)), settings, kept["salt"])
    ]
    if lost:
        kept_by = [f"{name}_FALLBACKS" for name in REPLACED if name in others]
        back = f", or name it in {' and '.join(kept_by)}" if kept_by else ""
        words = f"not what they were: {', '.join(lost)}. Set the one of before again{back}"
        words += f"; if a new one is meant, remove {path}"
        yield Finding(Grade.WRONG, "secrets", words)
    elif others:
        since = {**kept.get(CHANGED, {}), **dict.fromkeys(others, clock.now().isoformat())}
        yield _written(path, {**kept, "fingerprints": now, CHANGED: since})
    else:
        yield Finding(Grade.GOOD, "secrets", "the same as when the doctor first looked")


def _noted(path: Path, settings: Settings) -> Finding:
    salt = new_salt()
    return _written(path, {"salt": salt, "fingerprints": fingerprints(settings, salt)})


def _written(path: Path, made: dict[str, Any]) -> Finding:
    try:
        path.write_text(json.dumps(made), encoding="utf-8")
    except OSError as problem:
        return Finding(Grade.MIND, "secrets", f"their fingerprints cannot be noted: {problem}")
    keep_private(str(path))
    return Finding(Grade.GOOD, "secrets", f"their fingerprints are noted in {path}")


def separate(settings: Settings) -> Iterator[Finding]:
    """Whether each secret of production has one purpose: who learns one must not have two."""
    names: dict[str, list[str]] = {}
    for name in SECRETS:
        names.setdefault(str(settings[name]), []).append(name)
    for same in names.values():
        if settings["PRODUCTION"] and len(same) > 1:
            mend = [name for name in same if name in REPLACED]
            how = f"replace {' and '.join(mend)} as docs/operating/keys.md says" if mend else ""
            words = f"{' and '.join(same)} are the same: whoever learns one has both. {how}"
            yield Finding(Grade.WRONG if mend else Grade.MIND, "separate secrets", words.strip())


Source = Callable[[datetime | None], Iterable[str]]
"""Says what of a room hangs on an older SECRET_KEY, of what was made before a moment (None: not
known when)."""

_sources: tuple[Source, ...] = ()


def come_from(sources: Iterable[Source]) -> None:
    """Ask these from now on: the rooms' own, named in `rooms.py`."""
    global _sources  # noqa: PLW0603  # set once, at start
    _sources = tuple(sources)


def older_signing(settings: Settings) -> Iterator[Finding]:
    """What still hangs on older keys that sign, and from when on nobody is signed in by them; and
    what no longer does, where they were taken out before that."""
    if not settings.get("SECRET_KEY_FALLBACKS"):
        yield from _taken_out(settings)
        return
    since = _changed_at(settings)
    longest = settings["SESSION_LONGEST"]
    also = "".join(f"; {words}" for count in _sources for words in count(since))
    if since is None:
        days = max(longest.values()).days
        words = f"still holds. {days} days after the change nobody is signed in by it; {ENDING}"
        yield Finding(Grade.MIND, OLDER, f"{words}{also}")
        return
    count = sessions_since_before(since, SessionLimits(settings["SESSION_IDLE"], longest))
    until = (since + max(longest.values())).date()
    signed_in = f"up to {count} browsers are signed in since before {since.date()}"
    words = f"still holds: {signed_in}, none after {until}; {ENDING}{also}"
    yield Finding(Grade.MIND, OLDER, words)


def _taken_out(settings: Settings) -> Iterator[Finding]:
    since, longest = _changed_at(settings), settings["SESSION_LONGEST"]
    if since is None or clock.now() > (until := since + max(longest.values())):
        return
    if count := sessions_since_before(since, SessionLimits(settings["SESSION_IDLE"], longest)):
        words = f"up to {count} browsers signed in before {since.date()} are signed out by that"
        words = f"is not among SECRET_KEY_FALLBACKS any more: {words}; {ENDING}. If that was not"
        yield Finding(Grade.MIND, OLDER, f"{words} meant, put it back until {until.date()}")


def _changed_at(settings: Settings) -> datetime | None:
    """Return when the doctor first saw the newest SECRET_KEY in the place of another."""
    try:
        kept = json.loads(Path(settings["INSTANCE"], FINGERPRINTS).read_text(encoding="utf-8"))
        return datetime.fromisoformat(kept[CHANGED]["SECRET_KEY"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def factors(settings: Settings) -> Iterator[Finding]:
    """Which of the set secrets encrypts what authenticator apps share, and what none opens."""
    older = settings.get("TWO_FACTOR_SECRET_FALLBACKS") or ()
    newest = str(settings["TWO_FACTOR_SECRET"])
    tags = Counter(tag_in(secret) for _, secret in app_secrets())
    known = wallet_of(newest, older)
    lost = sum(count for tag, count in tags.items() if tag not in known)
    if lost:
        words = f"{lost} of {tags.total()} are encrypted with a secret that is not set: {MISSING}"
        yield Finding(Grade.WRONG, ON_APPS, words)
    if not older:
        return
    unsure = tags[FIRST_TAG]
    waiting = sum(tags[tag] for tag, secret in known.items() if secret != newest) - unsure
    if unsure:
        yield Finding(Grade.MIND, ON_APPS, f"{unsure} of {tags.total()} apps {UNSURE}")
    if waiting:
        words = f"still opens {waiting} of {tags.total()} authenticator apps: {RENEW}"
        yield Finding(Grade.MIND, ON_APPS, words)
    elif not unsure:
        yield Finding(Grade.GOOD, ON_APPS, "no app hangs on it: TWO_FACTOR_SECRET_FALLBACKS may go")
