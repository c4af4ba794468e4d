"""What a backup says of itself: its parts, their checksums, and the settings it was made under."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.errors import Invalid

FORMAT = 1
"""Of backups: raised when what is written could not be restored by what was written before."""
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
DATABASE = "database"
FILES = "files.tar"
CHUNK = 1024 * 1024

SECRETS: Mapping[str, str] = {
    "SECRET_KEY": "everybody is signed out, and links in emails do not work",
    "SECURITY_PASSWORD_SALT": "no password is right",
    "TWO_FACTOR_SECRET": "no code of an authenticator app is right",
    "AUDIT_KEY": "no seal of the audit trail can be checked",
}
"""The settings of which a backup has a fingerprint, and what it means that one is another."""
TOLD = (
    *("SERVICE_NAME", "SERVER_NAME", "PRODUCTION", "DEMO", "FILES_STORE", "FILES_UNSCANNED"),
    *("TRUSTED_PROXIES", "SECURITY_LOG", "MAIL_BACKEND", "MAIL_SERVER", "MAIL_DEFAULT_SENDER"),
    *("SECOND_FACTOR_ROLES", "BACKUP_KEY"),
)
"""The settings that a backup names as they are: no secrets, and of use on a new machine."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup, and of which portal."""

    made_at: str
    migration: str
    database: str
    """"sqlite" or "postgresql"."""
    sealed_by: str
    """The tool that encrypted the parts: "age", "gpg", "" where they lie open."""
    salt: str
    fingerprints: Mapping[str, str]
    settings: Mapping[str, Any]
    rows: Mapping[str, int]
    """How many rows each table has."""
    files: int
    format: int = FORMAT

    @property
    def parts(self) -> tuple[str, str]:
        """The names of the files in which the database and the uploaded files lie."""
        ending = {"sqlite": "sqlite3", "postgresql": "dump"}[self.database]
        sealed = f".{self.sealed_by}" if self.sealed_by else ""
        return f"{DATABASE}.{ending}{sealed}", f"{FILES}{sealed}"

    def written(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def manifest_in(folder: Path) -> Manifest:
    """Read what a backup says of itself; raises Invalid for what is none, or of a later format."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] > FORMAT:
            raise Invalid("The backup was made by a newer version. Restore it with that one.")
        return Manifest(**said)
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Invalid(f"{folder} is not a whole backup: {MANIFEST} cannot be read") from wrong


def new_salt() -> str:
    """Return what is mixed into the fingerprints of one backup."""
    return secrets.token_hex(16)


def fingerprints(settings: Mapping[str, Any], salt: str) -> dict[str, str]:
    """Return a fingerprint of each secret, from which nobody can guess it: scrypt (RFC 7914)."""
    return {name: _fingerprint(str(settings[name]), salt) for name in SECRETS}


def _fingerprint(secret: str, salt: str) -> str:
    made = hashlib.scrypt(secret.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=8)
    return made.hex()


def told_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that a backup names, as JSON has them."""
    found: dict[str, Any] = json.loads(
        json.dumps({name: settings.get(name) for name in TOLD}, default=str)
    )
    return found


def other_secrets(manifest: Manifest, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets that neither are those of the backup nor have it among their older ones,
    each with what that means."""
    return {
        name: what
        for name, what in SECRETS.items()
        if not is_kept(name, manifest.fingerprints[name], settings, manifest.salt)
    }


def is_kept(name: str, said: str, settings: Mapping[str, Any], salt: str) -> bool:
    """Whether a fingerprint is of the secret that is set, or of an older one that still holds."""
    every = (settings[name], *(settings.get(f"{name}_FALLBACKS") or ()))
    return any(_fingerprint(str(secret), salt) == said for secret in every)


def sum_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def write_sums(folder: Path) -> None:
    """Write the checksums of every part, so that `sha256sum -c` reads them, too."""
    every = sorted(path for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{sum_of(path)}  {path.name}\n" for path in every]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def damaged_parts(folder: Path, wanted: set[str]) -> list[str]:
    """Return which parts are missing, or not as they were written, in words."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return [f"{SUMS} is missing"]
    said = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = [f"{name} has no checksum" for name in sorted(wanted - said.keys())]
    for name, digest in said.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif sum_of(path) != digest:
            found.append(f"{name} is not as it was written")
    return found
