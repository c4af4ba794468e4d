"""Keep what was typed when it cannot be saved: for this browser and person, an hour, encrypted.

Files and passwords are never kept. The key of the encryption is made from a token that only the
browser's cookie has, so a reader of the database reads nothing.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask import current_app, g, request
from sqlalchemy import delete
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.clock import now
from portal.db import db, set_reading
from portal.web import typed
from portal.web.addresses import safe_next
from portal.web.keys import signing_keys
from portal.web.models import KeptForm
from portal.web.opened import FIELD, Acting, Opened

COOKIE = "kept"
MARK = "kept"
"""In the address of a page whose form is to be filled in again."""
KEPT_FOR = timedelta(hours=1)
MAX_KEPT = 1_000_000
"""Characters; the longest form of the portal takes a tenth."""
NEVER_KEPT = {FIELD, "csrf_token", "next", "code", "token", "current", "again"}
"""Fields that the page makes anew, and codes that are as secret as passwords."""


@dataclass(frozen=True)
class RestoredForm:
    """What was typed into a form, and how that form was opened."""

    person: str
    membership: str
    organisation: str
    form: str
    path: str
    reason: str
    fields: list[tuple[str, str]]
    is_same_membership: bool = True
    """Whether the person acts as the same membership now."""

    @property
    def formdata(self) -> MultiDict[str, str]:
        """Return the fields as if they had just been sent."""
        return MultiDict(self.fields)

    @property
    def address(self) -> str:
        """Return the address of the page that shows the form with these fields."""
        return with_mark(request.full_path.rstrip("?"))

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Return label and words of each answer, for a page that cannot show the form."""
        return typed.answers_of(self.fields, self.form)


def texts_sent() -> list[tuple[str, str]]:
    """Return label and words of what was typed and chosen in the form of this request, without
    passwords; a lone button has nothing that anybody typed."""
    opened: Opened | None = g.get("opened")
    if opened is not None and not opened.form:
        return []
    return typed.answers_of(sent_fields(), opened.form if opened else "")


def is_secret(name: str) -> bool:
    """Say whether a field is one whose text is never kept."""
    return name in NEVER_KEPT or "password" in name


def sent_fields() -> list[tuple[str, str]]:
    """Return the fields of this request that may be kept, in their order."""
    return [(name, value) for name, value in request.form.items(multi=True) if not is_secret(name)]


def keep(opened: Opened, reason: str) -> str | None:
    """Keep the fields of this request in a transaction of its own.

    Returns the address of the page that shows the form with them, None when there is too much.
    `add_cookie` must see the answer.
    """
    page = page_of_form()
    plain = json.dumps(
        {
            "person": opened.person,
            "membership": opened.membership,
            "organisation": opened.organisation,
            "form": opened.form,
            "path": urlsplit(page).path,
            "reason": reason,
            "fields": sent_fields(),
        }
    )
    if len(plain) > MAX_KEPT:
        return None
    token = secrets.token_urlsafe(32)
    db.session.rollback()
    set_reading(False)
    db.session.execute(delete(KeptForm).where(KeptForm.kept_until < now()))
    sealed = _box(token).encrypt(plain.encode())
    db.session.add(KeptForm(token_hash=_hash(token), sealed=sealed, kept_until=now() + KEPT_FOR))
    db.session.commit()
    g.kept_token = token
    return with_mark(page)


def cookie_name() -> str:
    """Return what the cookie is called: over HTTPS so that it is taken from this host alone."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def add_cookie(response: Response) -> Response:
    """Give the browser the token of what was kept during this request."""
    if token := g.pop("kept_token", None):
        response.set_cookie(
            cookie_name(),
            token,
            max_age=KEPT_FOR,
            httponly=True,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            samesite="Lax",
        )
    return response


def read(acting: Acting) -> RestoredForm | None:
    """Return what this browser has kept for this page and person, None when there is nothing."""
    token = request.cookies.get(cookie_name(), "")
    row = db.session.get(KeptForm, _hash(token)) if token else None
    if row is None or row.kept_until < now():
        return None
    try:
        stored = json.loads(_box(token).decrypt(row.sealed))
    except InvalidToken:
        return None
    kept = RestoredForm(**{**stored, "fields": [(name, value) for name, value in stored["fields"]]})
    if (kept.person, kept.path) != (acting.person, request.path):
        return None
    return replace(kept, is_same_membership=kept.membership == acting.membership)


def page_of_form() -> str:
    """Return the page that shows the form of this request: its own address, or where it stood."""
    came_from = urlsplit(request.referrer or "")
    stood = safe_next(came_from._replace(scheme="", netloc="").geturl()) or "/"
    here = request.full_path.rstrip("?")
    if came_from.netloc != request.host:
        stood = "/"
    # The page where it stood may have a query that the form's address has not.
    pages = (stood, here) if urlsplit(stood).path == request.path else (here, stood)
    return next(page for page in (*pages, "/") if _can_be_opened(page))


def _can_be_opened(page: str) -> bool:
    urls = current_app.create_url_adapter(request)
    try:
        return urls is not None and bool(urls.match(urlsplit(page).path, method="GET"))
    except HTTPException:
        return False


def with_mark(page: str) -> str:
    """Return the address of `page` that asks for what was kept."""
    parts = urlsplit(page)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] != MARK]
    return parts._replace(query=urlencode([*asked, (MARK, "1")])).geturl()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _box(token: str) -> MultiFernet:
    """Return what closes with the newest key, and opens with every one that still holds."""
    return MultiFernet([_fernet(key, token) for key in reversed(signing_keys())])


def _fernet(secret: str, token: str) -> Fernet:
    key = hashlib.sha256(f"kept form {secret!r} {token}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
