"""Settings, read from the environment once, each with the default of a single machine.

Every name here may be set as an environment variable of the same name; `docs/operating.md` says
which ones a production service must set.
"""

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).parent
HOME = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
"""Below which the instance folder lies unless it is set: the checkout, or where an installed
portal is started."""
TRUE = {"1", "true", "yes", "on"}


class WrongSettings(ValueError):
    """All that is wrong with the settings, in words for who starts the service."""


NEEDED = {
    "SECRET_KEY": "signs sessions and links, and is not made up",
    "SECURITY_PASSWORD_SALT": "lost, no password is right any more",
    "TWO_FACTOR_SECRET": "lost, no authenticator app's code is right any more",
    "AUDIT_KEY": "signs the seals of the audit trail; lost, none of them can be checked",
    "SERVER_NAME": "links in emails need the service's own address",
}
"""What production must be told, and why."""
SECRETS = tuple(name for name in NEEDED if name != "SERVER_NAME")
MIN_SECRET = 32
MIN_KINDS = 8
"""So long, and of so many different characters, a secret must be: a made one has 43 of 64."""


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the application's configuration.

    Raises WrongSettings, with every fault at once, also where the service runs in production
    without what production needs.
    """
    instance = Path(environ.get("INSTANCE", HOME / "instance")).resolve()
    production = environ.get("PRODUCTION", "").lower() in TRUE
    demo = environ.get("DEMO", "").lower() in TRUE
    read = _Reader()
    if production and demo:
        read.wrong.append("DEMO and PRODUCTION exclude each other: the demo's sign-ins are public")
    if production:
        read.wrong += wrong_secrets(environ)
    read.wrong += unread_fallbacks(environ)
    make = partial(_kept_secret, instance) if not production else str
    service = environ.get("SERVICE_NAME", "Innovation Exchange and pipeline")
    database = environ.get("DATABASE_URL", f"sqlite:///{instance / 'portal.db'}")
    found = {
        "INSTANCE": str(instance),
        "PRODUCTION": production,
        "DEMO": demo,
        "SECRET_KEY": environ.get("SECRET_KEY") or make("secret_key"),
        "SECURITY_PASSWORD_SALT": environ.get("SECURITY_PASSWORD_SALT") or make("password_salt"),
        # Encrypts the secrets of two-factor sign-in: change it and everybody must set up again.
        "TWO_FACTOR_SECRET": environ.get("TWO_FACTOR_SECRET") or make("two_factor_secret"),
        # Signs the seals of the audit trail: whoever has it and the database could forge them.
        "AUDIT_KEY": environ.get("AUDIT_KEY") or make("audit_key"),
        "SERVER_NAME": read(server_name, environ),
        # Requests for other hosts are refused: links are made of nothing that a stranger says.
        "TRUSTED_HOSTS": read(trusted_hosts, environ, production=production),
        # Whom to tell of a vulnerability, and until when that holds: /.well-known/security.txt
        "DISCLOSURE_CONTACT": environ.get("DISCLOSURE_CONTACT", ""),
        "DISCLOSURE_EXPIRES": read(disclosure_expires, environ),
        # How many proxies of ours stand in front: so many forwarded addresses are believed.
        "TRUSTED_PROXIES": read(whole_number, environ, "TRUSTED_PROXIES", 0),
        "PREFERRED_URL_SCHEME": "https" if production else "http",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A browser takes a cookie of this name over HTTPS alone, from this host for this host.
        "SESSION_COOKIE_NAME": "__Host-session" if production else "session",
        # A browser must sign in again when it was not used for so long, and after so long in use.
        "SESSION_IDLE": read(
            durations, environ.get("SESSION_IDLE", ""), "administrator=30m staff=1d innovator=14d"
        ),
        "SESSION_LONGEST": read(
            durations,
            environ.get("SESSION_LONGEST", ""),
            "administrator=12h staff=7d innovator=90d",
        ),
        # Where events of security go as lines of JSON, beside their table.
        "SECURITY_LOG": read(
            security_log, environ.get("SECURITY_LOG", "stdout" if production else "none")
        ),
        # Where a line of JSON about each request goes: "stdout" or "none".
        "REQUEST_LOG": read(
            one_of, environ, "REQUEST_LOG", ("stdout", "none"), "stdout" if production else "none"
        ),
        # What a program must show to read /metrics; without one, only this machine reads them.
        "METRICS_TOKEN": environ.get("METRICS_TOKEN", ""),
        # Who must prove themselves with more than a password, and how long they have to set it up.
        "SECOND_FACTOR_ROLES": read(
            second_factor_roles, environ.get("SECOND_FACTOR_ROLES"), production=production
        ),
        "SECOND_FACTOR_GRACE": timedelta(
            days=read(whole_number, environ, "SECOND_FACTOR_GRACE_DAYS", 7) or 0
        ),
        "SQLALCHEMY_ENGINES": {"default": read(database_url, database, is_kept=production)},
        "JOBS_URL": environ.get("JOBS_URL", f"sqlite:///{instance / 'jobs.db'}"),
        "TEMPLATE_CACHE": environ.get("TEMPLATE_CACHE", str(instance / "template-cache")),
        "SEARCH_INDEX": environ.get("SEARCH_INDEX", str(instance / "search")),
        # The words of all records, counted, against which a challenge is held while it is typed.
        "POSTCODES": environ.get("POSTCODES", str(instance / "postcodes.bin")),
        "MATCHING_WORDS": environ.get("MATCHING_WORDS", str(instance / "matching" / "words.npz")),
        # Who may say who somebody is, beside their password: OpenID Connect.
        "SIGN_ON_PROVIDERS": read(sign_on_providers, environ, production=production),
        # Where files lie that people send: a folder of the instance, "database" (one backup holds
        # all) or "s3://bucket/prefix".
        "FILES_STORE": read(files_store, environ.get("FILES_STORE", "folder")),
        # To whose key backups are encrypted: "age1…" or "gpg:" and a fingerprint or an address.
        "BACKUP_KEY": read(backup_key, environ.get("BACKUP_KEY", "")),
        # The file with age's private key, where backups are read; never on the server itself.
        "BACKUP_IDENTITY": environ.get("BACKUP_IDENTITY", ""),
        # The socket of clamd: set, every file that people send is scanned and refused unless clean.
        "CLAMAV_SOCKET": environ.get("CLAMAV_SOCKET", ""),
        # Without a scanner: "refuse" files, or "mark" them as not scanned.
        "FILES_UNSCANNED": read(
            one_of,
            environ,
            "FILES_UNSCANNED",
            ("refuse", "mark"),
            "refuse" if production else "mark",
        ),
        # Whether webhooks may go to private networks, and without TLS: for trying them out.
        "WEBHOOKS_PRIVATE": not production and environ.get("WEBHOOKS_PRIVATE", "").lower() in TRUE,
        # Whether the web addresses of what is published are called, to find broken ones.
        # Off unless it is wanted where nothing is to leave the machine: in the demonstration.
        "LINK_CHECKS": environ.get("LINK_CHECKS", "yes" if production else "").lower() in TRUE,
        # Megabytes that the files of one person, and of one organisation, may have; 0 for no end.
        "FILES_QUOTA_PERSON": read(whole_number, environ, "FILES_QUOTA_PERSON", 200),
        "FILES_QUOTA_ORGANISATION": read(whole_number, environ, "FILES_QUOTA_ORGANISATION", 2000),
        # Where attempts are counted: "database://", "redis://…" or, for one worker, "memory://".
        "RATELIMIT_STORAGE_URI": read(limits_url, environ, production=production),
        "MAIL_BACKEND": read(mail_backend, environ, "smtp" if production else "file"),
        # GOV.UK Notify, where MAIL_BACKEND is "notify": the service's key and its template.
        "NOTIFY_API_KEY": environ.get("NOTIFY_API_KEY", ""),
        "NOTIFY_TEMPLATE": environ.get("NOTIFY_TEMPLATE", ""),
        "NOTIFY_ADDRESS": environ.get("NOTIFY_ADDRESS", "https://api.notifications.service.gov.uk"),
        "MAIL_FILE_PATH": str(instance / "mail"),
        "MAIL_SERVER": read(mail_server, environ.get("MAIL_SERVER") or "localhost"),
        "MAIL_PORT": read(whole_number, environ, "MAIL_PORT", 25),
        # Seconds that the mail server may say nothing before an email is tried again later.
        "MAIL_TIMEOUT": read(whole_number, environ, "MAIL_TIMEOUT", 20),
        "MAIL_USERNAME": environ.get("MAIL_USERNAME"),
        "MAIL_PASSWORD": environ.get("MAIL_PASSWORD"),
        "MAIL_USE_TLS": environ.get("MAIL_USE_TLS", "").lower() in TRUE,
        "MAIL_DEFAULT_SENDER": read(
            sender, environ.get("MAIL_SENDER") or "innovation-portal@localhost", service
        ),
        # Keys from before, the newest first: what was made with them holds, nothing new is made.
        "SECRET_KEY_FALLBACKS": read(older_secrets, environ, "SECRET_KEY", is_signing=production),
        "TWO_FACTOR_SECRET_FALLBACKS": read(older_secrets, environ, "TWO_FACTOR_SECRET"),
        "SERVICE_NAME": service,
        "SERVICE_PHASE": environ.get("SERVICE_PHASE", "beta"),
        # Whose service this is. Logos and owners' names need their owners' leave: off by default.
        "BRAND_LOGO": environ.get("BRAND_LOGO", ""),
        "BRAND_OWNER": environ.get("BRAND_OWNER", ""),
    }
    if read.wrong:
        raise WrongSettings("the settings are wrong:\n- " + "\n- ".join(read.wrong))
    # Flask takes no cookie that was written longer ago: unless told, 31 days, whatever is set here.
    found["PERMANENT_SESSION_LIFETIME"] = max(found["SESSION_LONGEST"].values())
    return found


class _Reader:
    """Reads one setting after another, and notes what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def __call__(self, rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Return what ``rule`` makes of its arguments; None where it raises ValueError."""
        try:
            return rule(*args, **kwargs)
        except ValueError as error:
            self.wrong.append(str(error))
            return None


SET = "`flask init FILE` makes such settings; those of a file are set by: set -a; . FILE; set +a"


def wrong_secrets(environ: Mapping[str, str]) -> list[str]:
    """Return what production needs and is not told, or what anybody could guess."""
    missing = [name for name in NEEDED if not environ.get(name)]
    given = {name: environ[name] for name in SECRETS if environ.get(name)}
    weak = [name for name, said in given.items() if is_guessable(said)]
    found = []
    if missing:
        reasons = "".join(f"\n    {name}: {NEEDED[name]}" for name in missing)
        found.append(f"production does not start without {', '.join(missing)}:{reasons}\n  {SET}")
    if weak:
        found.append(f"{', '.join(weak)} can be guessed: `flask init` makes secrets that cannot")
    return found


def whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    """Return a setting that is a whole number, 0 or more; raises ValueError for anything else."""
    said = environ.get(name, str(default)).strip()
    if not (said.isascii() and said.isdecimal()):
        raise ValueError(f"set {name} to a whole number, not {said!r}")
    return int(said)


def older_secrets(
    environ: Mapping[str, str], name: str, *, is_signing: bool = False
) -> tuple[str, ...]:
    """Return the secrets of `<name>_FALLBACKS`, with spaces or commas between, the newest first;
    those that hold such themselves are a list in JSON.

    Raises ValueError for what is no such list, for one that is the secret itself or there twice
    and, where they sign (`is_signing`), for one that somebody could guess: they could make what is
    taken for ours. One that only decrypts may be weak, or nobody could replace it.
    """
    setting = f"{name}_FALLBACKS"
    found = _listed(setting, environ.get(setting, ""))
    if len({environ.get(name, ""), *found}) <= len(found):
        raise ValueError(f"{setting} names {name} itself, or one twice: list each older one once")
    if is_signing and any(is_guessable(secret) for secret in found):
        raise ValueError(
            f"{setting} has one that can be guessed: leave it out or, where it is a part of one"
            ' with a space or comma in it, write ["the whole", "…"]'
        )
    return found


def _listed(setting: str, said: str) -> tuple[str, ...]:
    if not said.strip().startswith("["):
        return tuple(said.replace(",", " ").split())
    try:
        found = json.loads(said)
    except ValueError:
        found = [None]
    if not all(isinstance(one, str) and one for one in found):
        raise ValueError(f'set {setting} to keys with spaces between, or to ["one", "another"]')
    return tuple(found)


def unread_fallbacks(environ: Mapping[str, str]) -> list[str]:
    """Return what is wrong with names that look like those of older secrets: nothing reads them,
    and who set one believes that what an older key made still holds."""
    read = {"SECRET_KEY_FALLBACKS", "TWO_FACTOR_SECRET_FALLBACKS"}
    alike = re.compile(rf"({'|'.join(SECRETS)})_FALLBACKS?")
    unread = sorted(name for name in environ if alike.fullmatch(name) and name not in read)
    return [f"nothing reads {name}: there are {' and '.join(sorted(read))}" for name in unread]


def is_guessable(secret: str) -> bool:
    """Say whether a secret is too short, or of too few characters, to be made by chance."""
    return len(secret) < MIN_SECRET or len(set(secret)) < MIN_KINDS


UNITS = {"m": "minutes", "h": "hours", "d": "days"}
KINDS = ("administrator", "staff", "innovator")
STAFF = ("administrator", "national", "hin", "ics")


def durations(setting: str, default: str) -> dict[str, timedelta]:
    """Return how long something lasts for each kind of person: "administrator=30m staff=1d".

    What `setting` leaves out is as in `default`. Raises ValueError for what is not such a text.
    """
    found = {}
    for part in f"{default} {setting}".split():
        match = re.fullmatch(r"(\w+)=([1-9]\d{0,4})([mhd])", part)
        if match is None or match[1] not in KINDS:
            raise ValueError(f"write {part} as one of {', '.join(KINDS)} with a time: staff=12h")
        found[match[1]] = timedelta(**{UNITS[match[3]]: int(match[2])})
    return found


def second_factor_roles(setting: str | None, *, production: bool) -> tuple[str, ...]:
    """Return the roles that must have a second factor: by default all staff in production, nobody
    elsewhere. Raises ValueError for a role that there is not."""
    if setting is None:
        return STAFF if production else ()
    roles = tuple(role for role in setting.replace(",", " ").split() if role != "none")
    if wrong := set(roles) - {*STAFF, "innovator"}:
        raise ValueError(f"SECOND_FACTOR_ROLES knows no {', '.join(sorted(wrong))}")
    return roles


def security_log(setting: str) -> str:
    """Return where lines about security go; raises ValueError for a word that names no place."""
    if setting in {"none", "stdout"} or re.fullmatch(r"syslog:(/\S+|[^\s:/]+:\d+)", setting):
        return setting
    raise ValueError("set SECURITY_LOG to stdout, none, syslog:/dev/log or syslog:host:port")


SIGN_ON_KINDS = ("entra", "cis2", "generic")
SIGN_ON_NEEDED = ("LABEL", "CLIENT_ID", "CLIENT_SECRET", "DISCOVERY_URL")
SIGN_ON_LISTS = ("TENANTS", "ISSUERS", "SECOND_FACTOR")
SIGN_ON_TEXTS = ("SCOPE", "ACR_VALUES")


def sign_on_providers(
    environ: Mapping[str, str], *, production: bool = False
) -> tuple[dict[str, Any], ...]:
    """Return the providers that `SIGN_ON` names, each with its own `SIGN_ON_<NAME>_…`.

    Raises ValueError for one that is incomplete: a sign-in that half works is worse than none.
    """
    names = environ.get("SIGN_ON", "").split()
    return tuple(_sign_on_provider(environ, name, production) for name in names)


def _sign_on_provider(environ: Mapping[str, str], name: str, production: bool) -> dict[str, Any]:
    if not (name.isascii() and name.isidentifier() and name.islower()):
        raise ValueError(f"SIGN_ON: {name!r} is no name; take small letters, digits and _")
    mark = f"SIGN_ON_{name.upper()}_"
    given = {key: environ.get(mark + key, "").strip() for key in (*SIGN_ON_NEEDED, *SIGN_ON_TEXTS)}
    lists = {key: tuple(environ.get(mark + key, "").split()) for key in SIGN_ON_LISTS}
    kind = environ.get(mark + "KIND", "generic")
    missing = [mark + key for key in SIGN_ON_NEEDED if not given[key]]
    if kind == "entra" and not lists["TENANTS"]:
        missing.append(mark + "TENANTS")
    if missing:
        raise ValueError(f"SIGN_ON names {name}, but {', '.join(missing)} is not set")
    if kind not in SIGN_ON_KINDS:
        raise ValueError(f"set {mark}KIND to one of {', '.join(SIGN_ON_KINDS)}")
    if production and not given["DISCOVERY_URL"].startswith("https://"):
        raise ValueError(f"{mark}DISCOVERY_URL must begin with https:// in production")
    found = {**given, **lists}
    return {"name": name, "kind": kind} | {key.lower(): found[key] for key in found if found[key]}


def one_of(environ: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return a setting that must be one of a few words; raises ValueError for any other."""
    found = environ.get(name, default)
    if found not in allowed:
        raise ValueError(f"set {name} to one of {', '.join(allowed)}")
    return found


def mail_backend(environ: Mapping[str, str], default: str) -> str:
    """Return by what emails leave; raises ValueError for a word that names no way, and for GOV.UK
    Notify without key or template."""
    found = one_of(environ, "MAIL_BACKEND", MAIL_BACKENDS, default)
    if found != "notify":
        return found
    missing = [one for one in ("NOTIFY_API_KEY", "NOTIFY_TEMPLATE") if not environ.get(one)]
    if missing:
        raise ValueError(f"set {' and '.join(missing)}: emails leave by GOV.UK Notify")
    if len(environ["NOTIFY_API_KEY"]) < NOTIFY_KEY_LENGTH:
        raise ValueError("set NOTIFY_API_KEY to a key as GOV.UK Notify gives it")
    return NOTIFY


NOTIFY = "portal.notify.EmailBackend"
MAIL_BACKENDS = ("smtp", "notify", "file", "console", "locmem", "dummy")
NOTIFY_KEY_LENGTH = 73
"""Two UUIDs and a hyphen, behind the key's name."""


def server_name(environ: Mapping[str, str]) -> str | None:
    """Return the service's own host in small letters, as browsers ask for it, with its port if it
    has one; raises ValueError for anything else, as a whole address: no link in an email would lead
    anywhere."""
    said = environ.get("SERVER_NAME", "").lower()
    if said and not re.fullmatch(rf"{HOST}(:\d+)?", said):
        raise ValueError(f"set SERVER_NAME to a host such as portal.example.org, not {said!r}")
    return said or None


HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
"""Names with dots between, in small letters."""


def mail_server(said: str) -> str:
    """Return the host that takes emails; raises ValueError for an address or a host with a port:
    nothing would ever leave. Names that containers have among themselves may hold underscores."""
    if not re.fullmatch(rf"{HOST}|[0-9a-f:]+", said.lower().replace("_", "-")) or re.fullmatch(
        r"[^:]*:\d+", said
    ):
        words = f"set MAIL_SERVER to a host such as smtp.example.org, not {said!r}"
        raise ValueError(f"{words}: its port is MAIL_PORT")
    return said


def trusted_hosts(environ: Mapping[str, str], *, production: bool = False) -> list[str] | None:
    """Return the hosts that requests may name; None (any) outside production.

    They are SERVER_NAME and those of TRUSTED_HOSTS, which health checks by an address may need.
    """
    more = environ.get("TRUSTED_HOSTS", "").lower().split()
    own = environ.get("SERVER_NAME", "").lower().partition(":")[0]
    return [own, *more] if production else more or None


def disclosure_expires(environ: Mapping[str, str]) -> str:
    """Return until when the contact holds, as RFC 9116 wants it.

    Raises ValueError when it is not set beside a contact, or is no moment with its zone.
    """
    said = environ.get("DISCLOSURE_EXPIRES", "")
    if not environ.get("DISCLOSURE_CONTACT"):
        return said
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("set DISCLOSURE_EXPIRES to a moment such as 2027-06-30T00:00:00Z")
    return said


def limits_url(environ: Mapping[str, str], *, production: bool = False) -> str:
    """Return where attempts are counted.

    Raises ValueError when each of several workers in production would count for itself: guesses
    would have as many times the allowance. gunicorn reads its number of workers from
    WEB_CONCURRENCY, too.
    """
    url = environ.get("LIMITS_URL", "database://" if production else "memory://")
    if production and url.startswith("memory:") and environ.get("WEB_CONCURRENCY") != "1":
        raise ValueError(
            "LIMITS_URL=memory:// counts for one worker alone: set WEB_CONCURRENCY=1, "
            "or LIMITS_URL to database:// or redis://…"
        )
    return url


def files_store(setting: str) -> str:
    """Return where files lie; raises ValueError for a word that names no store."""
    if setting in {"folder", "database"} or setting.removeprefix("s3://") not in {"", setting}:
        return setting
    raise ValueError("set FILES_STORE to folder, database or s3://bucket/prefix")


def backup_key(setting: str) -> str:
    """Return to whose key backups are encrypted; raises ValueError for what is no public key."""
    if setting and not re.fullmatch(r"age1[a-z0-9]+|gpg:[\w.+@-]+", setting):
        raise ValueError("set BACKUP_KEY to age1… (of age) or gpg: and a fingerprint (of GnuPG)")
    return setting


def sender(address: str, service: str) -> str:
    """Return whom emails come from: the service by name, unless `address` has a name already.

    Raises ValueError for what is no address: mail servers refuse every email of such a one.
    """
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(address)[1]):
        raise ValueError(
            f"set MAIL_SENDER to an address such as portal@example.org, not {address!r}"
        )
    return address if "<" in address else formataddr((service, address))


def database_url(url: str, *, is_kept: bool = False) -> str:
    """Return `url` with our PostgreSQL driver named, as most hosting gives it without.

    Raises ValueError for any other database than the two that the portal runs on, for an address
    that would be read otherwise than it was meant and, where it `is_kept`, for SQLite's in memory.
    No word of it is repeated: it may hold a password.
    """
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    if url.startswith("postgresql+psycopg://"):
        if not _is_address(url):
            raise ValueError(
                "set DATABASE_URL to postgresql://user:password@host:port/database; in the password"
                " write @ as %40, / as %2F and % as %25"
            )
    elif not url.startswith("sqlite:///") and url != "sqlite://":
        raise ValueError("set DATABASE_URL to sqlite:///… or postgresql://…")
    elif is_kept and url.partition("?")[0] in {"sqlite://", "sqlite:///", "sqlite:///:memory:"}:
        raise ValueError("set DATABASE_URL to a file: what SQLite holds in memory ends with it")
    return url


def _is_address(url: str) -> bool:
    """Whether it is read as it was meant: behind an @ of a password would stand the host."""
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        return False
    return "@" not in f"{found.host}{found.database}"


def _kept_secret(instance: Path, name: str) -> str:
    """Make a secret once and keep it, so that a restart signs nobody out."""
    path = instance / name
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(32))
        path.chmod(0o600)
    return path.read_text().strip()
