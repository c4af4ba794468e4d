"""Slow down who guesses, without shutting out whose account it is.

Tries are counted by account and network address together, so that a stranger uses up their own
allowance and nobody else's. A browser in which somebody has signed in to the account before carries
a signed cookie that says so, and has an allowance of its own. For all other browsers together there
is a ceiling for each account, against guesses from many addresses at once.

Source: OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import after_this_request, current_app, request, session
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal.accounts.models import User
from portal.accounts.rules import normal_email
from portal.db import db
from portal.web.keys import signing_keys, timed_signer
from portal.web.limits import limiter

View = TypeVar("View", bound=Callable[..., Any])

BY_ADDRESS = "60 per minute; 600 per hour"
"""A hospital's people come from one network address."""
BY_EMAIL = "10 per 10 minutes"
"""Tries at one account from one network address or in one known browser."""
FROM_ANYWHERE = "100 per hour; 300 per day"
"""Tries at one account from all browsers together that have never signed in to it."""
PURPOSE = "known browser"
KNOWN_FOR = timedelta(days=180)
MAX_ACCOUNTS = 5
"""Of one browser: people share computers on wards."""


def slow_down(account: Callable[[], str]) -> Callable[[View], View]:
    """Limit how often a view is posted to for what `account()` returns, "" for none."""

    def decorate(view: View) -> View:
        limited: Any = limiter.limit(BY_ADDRESS, methods=["POST"], exempt_when=_known(account))(
            limiter.limit(BY_EMAIL, methods=["POST"], key_func=lambda: _here(account()))(
                limiter.limit(
                    FROM_ANYWHERE,
                    methods=["POST"],
                    key_func=account,
                    exempt_when=_known(account),
                )(view)
            )
        )
        decorated: View = limited
        return decorated

    return decorate


def slow_down_here(account: Callable[[], str]) -> Callable[[View], View]:
    """Limit a view that only sends an email to its address: nobody can use up another's tries."""

    def decorate(view: View) -> View:
        limited: Any = limiter.limit(BY_ADDRESS, methods=["POST"])(
            limiter.limit(BY_EMAIL, methods=["POST"], key_func=lambda: _here(account()))(view)
        )
        decorated: View = limited
        return decorated

    return decorate


def email_tried() -> str:
    """Return what stands for the account that a form names, in the counts of tries."""
    return account_of(request.form.get("email", "")[:500])


def half_signed_in() -> str:
    """Return what stands for the account whose second factor is asked for."""
    pending = session.get("sign_in")
    user = db.session.get(User, pending["user"]) if pending else None
    return account_of(user.email) if user is not None else get_remote_address()


def account_of(email: str) -> str:
    """Return what stands for an account, known or not."""
    return "email:" + hashlib.sha256(normal_email(email).encode()).hexdigest()


def remember_browser(user: User) -> None:
    """Let this browser's answer carry that somebody has signed in to the account in it."""
    kept = _kept()
    marks = _marks(account_of(user.email))
    others = [one for one in kept["accounts"] if one not in marks]
    said = _serializer().dumps({"id": kept["id"], "accounts": [marks[0], *others][:MAX_ACCOUNTS]})

    @after_this_request
    def keep(response: Response) -> Response:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            _name(), said, max_age=KNOWN_FOR, secure=secure, httponly=True, samesite="Lax"
        )
        return response


def _known(account: Callable[[], str]) -> Callable[[], bool]:
    return lambda: is_known(account())


def is_known(account: str) -> bool:
    """Whether somebody has signed in to the account in this browser before."""
    return _is_marked(account, _kept())


def _here(account: str) -> str:
    """Return the account together with where it is tried: the known browser, else the address."""
    kept = _kept()
    if _is_marked(account, kept):
        return f"{account}|browser:{kept['id']}"
    return f"{account}|{get_remote_address()}"


def _kept() -> dict[str, Any]:
    """Return the number of this browser and the accounts it is known for; a new one for none."""
    try:
        found: dict[str, Any] = _serializer().loads(
            request.cookies.get(_name(), ""), max_age=int(KNOWN_FOR.total_seconds())
        )
    except BadSignature:
        return {"id": secrets.token_urlsafe(12), "accounts": []}
    return found


def _name() -> str:
    """Return the cookie's name; over HTTPS no other host can set one of this name."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def _serializer() -> URLSafeTimedSerializer:
    return timed_signer(PURPOSE)


def _is_marked(account: str, kept: dict[str, Any]) -> bool:
    return any(mark in kept["accounts"] for mark in _marks(account))


def _marks(account: str) -> list[str]:
    """Return what the cookie may say of an account, with the newest key first: nobody can tell
    from it which account that is."""
    signers = [timed_signer(PURPOSE, key=key).make_signer("mark") for key in signing_keys()]
    signed = [signer.get_signature(account) for signer in reversed(signers)]
    return [hashlib.sha256(one).hexdigest()[:32] for one in signed]
