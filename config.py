"""Settings, read from the environment once, each with the default of a single machine.

Every name here may be set as an environment variable of the same name; `docs/operating.md` says
which ones a production service must set.
"""

import os
import secrets
from collections.abc import Mapping
from email.utils import formataddr
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
TRUE = {"1", "true", "yes", "on"}


NEEDED = {
    "SECRET_KEY": "signs sessions and links, and is not made up",
    "SECURITY_PASSWORD_SALT": "lost, no password is right any more",
    "TWO_FACTOR_SECRET": "lost, no authenticator app's code is right any more",
    "AUDIT_KEY": "signs the seals of the audit trail; lost, none of them can be checked",
    "SERVER_NAME": "links in emails need the service's own address",
}
"""What production must be told, and why."""


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the application's configuration.

    Raises ValueError when the service runs in production without what production needs.
    """
    instance = Path(environ.get("INSTANCE", ROOT / "instance")).resolve()
    production = environ.get("PRODUCTION", "").lower() in TRUE
    demo = environ.get("DEMO", "").lower() in TRUE
    if production and demo:
        raise ValueError("DEMO and PRODUCTION exclude each other: the demo's sign-ins are public")
    missing = [name for name in NEEDED if not environ.get(name)] if production else []
    if missing:
        reasons = "; ".join(f"{name}: {NEEDED[name]}" for name in missing)
        raise ValueError(f"production does not start without {', '.join(missing)} ({reasons})")
    service = environ.get("SERVICE_NAME", "Innovation Exchange and pipeline")
    database = environ.get("DATABASE_URL", f"sqlite:///{instance / 'portal.db'}")
    return {
        "INSTANCE": str(instance),
        "PRODUCTION": production,
        "DEMO": demo,
        "SECRET_KEY": environ.get("SECRET_KEY") or _kept_secret(instance, "secret_key"),
        "SECURITY_PASSWORD_SALT": environ.get("SECURITY_PASSWORD_SALT")
        or _kept_secret(instance, "password_salt"),
        # Encrypts the secrets of two-factor sign-in: change it and everybody must set up again.
        "TWO_FACTOR_SECRET": environ.get("TWO_FACTOR_SECRET")
        or _kept_secret(instance, "two_factor_secret"),
        # Signs the seals of the audit trail: whoever has it and the database could forge them.
        "AUDIT_KEY": environ.get("AUDIT_KEY") or _kept_secret(instance, "audit_key"),
        "SERVER_NAME": environ.get("SERVER_NAME"),
        # How many proxies of ours stand in front: so many forwarded addresses are believed.
        "TRUSTED_PROXIES": int(environ.get("TRUSTED_PROXIES", "0")),
        "PREFERRED_URL_SCHEME": "https" if production else "http",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SQLALCHEMY_ENGINES": {"default": database_url(database)},
        "JOBS_URL": environ.get("JOBS_URL", f"sqlite:///{instance / 'jobs.db'}"),
        "SEARCH_INDEX": environ.get("SEARCH_INDEX", str(instance / "search")),
        # The words of all records, counted, against which a challenge is held while it is typed.
        "MATCHING_WORDS": environ.get("MATCHING_WORDS", str(instance / "matching" / "words.npz")),
        # Where files lie that people send: a folder of the instance, "database" (one backup holds
        # all) or "s3://bucket/prefix".
        "FILES_STORE": files_store(environ.get("FILES_STORE", "folder")),
        # The socket of clamd: set, every file that people send is scanned and refused unless clean.
        "CLAMAV_SOCKET": environ.get("CLAMAV_SOCKET", ""),
        "RATELIMIT_STORAGE_URI": environ.get("LIMITS_URL", "memory://"),
        "MAIL_BACKEND": environ.get("MAIL_BACKEND", "smtp" if production else "file"),
        "MAIL_FILE_PATH": str(instance / "mail"),
        "MAIL_SERVER": environ.get("MAIL_SERVER", "localhost"),
        "MAIL_PORT": int(environ.get("MAIL_PORT", "25")),
        "MAIL_USERNAME": environ.get("MAIL_USERNAME"),
        "MAIL_PASSWORD": environ.get("MAIL_PASSWORD"),
        "MAIL_USE_TLS": environ.get("MAIL_USE_TLS", "").lower() in TRUE,
        "MAIL_DEFAULT_SENDER": sender(
            environ.get("MAIL_SENDER", "innovation-portal@localhost"), service
        ),
        "SERVICE_NAME": service,
        "SERVICE_PHASE": environ.get("SERVICE_PHASE", "beta"),
        # Whose service this is. Logos and owners' names need their owners' leave: off by default.
        "BRAND_LOGO": environ.get("BRAND_LOGO", ""),
        "BRAND_OWNER": environ.get("BRAND_OWNER", ""),
    }


def files_store(setting: str) -> str:
    """Return where files lie; raises ValueError for a word that names no store."""
    if setting in {"folder", "database"} or setting.removeprefix("s3://") not in {"", setting}:
        return setting
    raise ValueError("set FILES_STORE to folder, database or s3://bucket/prefix")


def sender(address: str, service: str) -> str:
    """Return whom emails come from: the service by name, unless `address` has a name already."""
    return address if "<" in address else formataddr((service, address))


def database_url(url: str) -> str:
    """Return `url` with our PostgreSQL driver named, as most hosting gives it without."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(instance: Path, name: str) -> str:
    """Make a secret once and keep it, so that a restart signs nobody out."""
    path = instance / name
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(32))
        path.chmod(0o600)
    return path.read_text().strip()
