"""Whether the secrets are those that the database was written with."""

import json
from collections.abc import Iterator
from pathlib import Path

from portal.admin.queries.findings import Finding, Grade, Settings
from portal.audit import rules as audit
from portal.audit.queries.seals import last_seal
from portal.backups.rules import SECRETS, fingerprints, new_salt
from portal.db import keep_private

FINGERPRINTS = "fingerprints.json"
"""In the instance folder: what each secret was when the doctor first looked."""


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
    others = [f"{name} ({what})" for name, what in SECRETS.items() if now[name] != were.get(name)]
    if others:
        words = f"not what they were: {', '.join(others)}. If that is meant, remove {path}"
        yield Finding(Grade.WRONG, "secrets", words)
    else:
        yield Finding(Grade.GOOD, "secrets", "the same as when the doctor first looked")


def _noted(path: Path, settings: Settings) -> Finding:
    salt = new_salt()
    made = {"salt": salt, "fingerprints": fingerprints(settings, salt)}
    try:
        path.write_text(json.dumps(made), encoding="utf-8")
    except OSError as problem:
        return Finding(Grade.MIND, "secrets", f"their fingerprints cannot be noted: {problem}")
    keep_private(str(path))
    return Finding(Grade.GOOD, "secrets", f"their fingerprints are noted in {path}")
