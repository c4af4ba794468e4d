"""Who is asking: the signed-in browser's row, and the organisation it is acting for."""

from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from flask_login import current_user
from flask_security import FSQLALiteUserDatastore, RoleMixin, Security
from flask_security.utils import login_user, logout_user
from werkzeug.local import LocalProxy

from portal.accounts.models import ANONYMOUS, Actor, Membership, User, UserSession
from portal.accounts.models.security import SecurityKind
from portal.accounts.policy import can_sign_in
from portal.accounts.queries import signed_in
from portal.accounts.queries.acting import memberships_acting
from portal.accounts.rules import PROVED_FOR, SEEN_EVERY, SessionLimits, new_token
from portal.accounts.rules.factor_keys import wallet_of
from portal.accounts.services import (
    CountingTotp,
    begin_grace,
    end_session,
    is_password_unlocked,
    note_seen,
    open_session,
    renew_session,
    security,
    trail,
)
from portal.accounts.session.actors import actor_of
from portal.accounts.session.bearer import user_of_token
from portal.accounts.session.links import sign_links
from portal.audit.queries import last_of
from portal.clock import now
from portal.db import db, set_reading
from portal.web import conflicts, navigation, opened
from portal.web.access import is_asking_nobody
from portal.web.navigation import NavItem
from portal.web.opened import NOBODY, Acting

SESSION_KEY = "portal_session"
CHALLENGE = "challenge"
"""Where the cookie holds what a passkey is to sign; each page that asks for one writes it anew."""
SECURITY = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "SECURITY_DATETIME_FACTORY": now,
    # A list of somebody's passkeys tells strangers that there is an account.
    "SECURITY_WAN_ALLOW_USER_HINTS": False,
    # The pages and commands are our own, over Flask-Security's passwords, links and codes.
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "LOGIN_VIEW": "accounts.sign_in",
    "LOGOUT_VIEW": "accounts.sign_out",
    "REGISTER_VIEW": "accounts.sign_up",
    "SWITCH_VIEW": "accounts.act_as",
    "TERMS_VIEW": "pages.accept_terms",
}


class NoRole(RoleMixin):
    """Flask-Security asks for a table of roles; ours belong to memberships."""


def init_app(app: Flask) -> None:
    """Give the application its accounts: passwords, links, codes and live sessions."""
    app.config.update(SECURITY)
    older = app.config.get("TWO_FACTOR_SECRET_FALLBACKS") or ()
    app.config["SECURITY_TOTP_SECRETS"] = wallet_of(str(app.config["TWO_FACTOR_SECRET"]), older)
    app.config["SECURITY_TOTP_ISSUER"] = app.config["SERVICE_NAME"]
    security = Security(
        app,
        FSQLALiteUserDatastore(db, User, NoRole),
        register_blueprint=False,
        totp_cls=CountingTotp,
    )
    sign_links(app, security)
    security.login_manager.user_loader(load_user)
    security.login_manager.request_loader(user_of_token)
    app.before_request(note_browser)
    app.teardown_request(forget_browser)
    app.before_request(forget_ended_session)
    navigation.register_account(app, account_items)
    navigation.register_line(app, "accounts/acting_as.html")
    opened.come_from(app, acting)
    conflicts.come_from(app, is_own_change)
    # Looked up when a template asks, so that pages which do not ask run no SQL for it.
    app.jinja_env.globals.update(
        actor=LocalProxy(current_actor), acting_as=LocalProxy(_choices), unread=LocalProxy(_unread)
    )


def load_user(uniquifier: str) -> User | None:
    """Return the person of this request's cookie, if their session is live and may go on."""
    found = signed_in(session.get(SESSION_KEY, ""), uniquifier, session_limits())
    if found is None:
        return None
    user, row = found.user, found.session
    if not can_sign_in(user, production=current_app.config["PRODUCTION"]):
        return None
    g.user_session, g.unread, g.unaccepted = row, found.unread, found.unaccepted
    if row.seen_at < now() - SEEN_EVERY:
        _keep_seen(row)
    else:
        g.memberships = user.id, found.memberships
    return user


def _keep_seen(row: UserSession) -> None:
    """Note when the browser was last used, in a transaction of its own before the page's."""
    db.session.commit()
    set_reading(False)
    note_seen(row=row)
    db.session.commit()
    set_reading(request.method in {"GET", "HEAD", "OPTIONS"})


def session_limits() -> SessionLimits:
    """Return how long browsers stay signed in, by the settings."""
    return SessionLimits(current_app.config["SESSION_IDLE"], current_app.config["SESSION_LONGEST"])


def note_browser() -> None:
    """Say from where the request comes, for the events of security."""
    security.comes_from(request.remote_addr or "", request.headers.get("User-Agent", ""))


def forget_browser(_error: BaseException | None) -> None:
    """Let what this thread does after the request not count as done from that browser."""
    security.comes_from_command()


def forget_ended_session() -> None:
    """Empty the cookie of a browser whose session was ended or never was.

    Not for what a script of an older page fetches: the browser may have got a new token meanwhile
    (`step_up`), which the answer would take away.
    """
    if request.headers.get("Sec-Fetch-Dest") == "empty" or is_asking_nobody():
        return
    if SESSION_KEY in session and not current_user.is_authenticated:
        _empty_cookie()


def _empty_cookie() -> None:
    """Forget everything that the cookie carries but the messages for the next page."""
    flashes = session.get("_flashes")
    session.clear()
    if flashes:
        session["_flashes"] = flashes


def start_session(user: User, how: str = "", *, factor_elsewhere: bool = False) -> None:
    """Sign the person in, in this browser: a new row and an empty cookie, whatever was there.

    `how` says by what, for the events: "with a passkey"; `factor_elsewhere` that the service which
    signed the person in had asked for a second factor.
    """
    _empty_cookie()
    token = new_token()
    g.user_session = open_session(
        user=user,
        token=token,
        user_agent=request.headers.get("User-Agent", ""),
        factor_elsewhere=factor_elsewhere,
    )
    session[SESSION_KEY] = token
    login_user(user, remember=False, authn_via=["password"])
    g.unread = 0
    if needs_factor(active_memberships(user)):
        begin_grace(user=user)
    summary = f"signed in {how}".strip()
    trail.of_user("signed_in", user, summary, by=trail.as_themselves(user))


def step_up() -> None:
    """Give this browser a new token, after a proof or a change of rights: copies of the old cookie
    are worth nothing. The form tokens of other tabs stay good."""
    token = new_token()
    renew_session(row=g.user_session, token=token)
    session[SESSION_KEY] = token


def is_own_password(typed: str | None) -> bool:
    """Whether it is the password of the person of this request; a wrong one is an event of
    security, written in a transaction of its own."""
    if is_password_unlocked(current_user, typed or ""):
        return True
    security.note_apart(SecurityKind.CONFIRM_FAILED, "wrong password", user_id=current_user.id)
    return False


def is_proved() -> bool:
    """Whether the person proved in this browser a moment ago who they are."""
    proved_at: datetime | None = g.user_session.proved_at
    return proved_at is not None and proved_at > now() - PROVED_FOR


def needs_factor(memberships: list[Membership]) -> bool:
    """Whether one of the memberships asks for a second factor, by the setting."""
    required = current_app.config["SECOND_FACTOR_ROLES"]
    return any(row.role.value in required for row in memberships)


def keep_session(user: User) -> None:
    """Let this browser's session go on after the person's password was changed."""
    session["_user_id"] = user.fs_uniquifier


def finish_session() -> None:
    """Sign this browser out: its row ends, so a copy of the cookie is worth nothing."""
    if current_user.is_authenticated:
        trail.of_user("signed_out", current_user, "signed out", by=current_actor())
        end_session(row=g.user_session)
        logout_user()
    session.clear()


def current_actor() -> Actor:
    """Return the person of this request, acting for the organisation that they chose."""
    if "actor" not in g:
        g.actor = _actor() if current_user.is_authenticated else ANONYMOUS
    actor: Actor = g.actor
    return actor


def acting() -> Acting:
    """Return who is signed in and for whom they act, as every form carries it."""
    actor = current_actor()
    if actor.user_id is None:
        return NOBODY
    return Acting(str(actor.user_id), str(actor.membership_id or ""), actor.organisation_name)


def is_own_change(row: Any) -> bool | None:
    """Return whether the person of this request changed a row last; None when no trail says so."""
    number = getattr(row, "id", None)  # what has a code for its key has no trail of its own
    last = None if number is None else last_of(row.__tablename__, number)
    return None if last is None else last.actor_id == current_actor().user_id


def _actor() -> Actor:
    memberships = active_memberships(current_user)
    chosen = g.user_session.membership_id if "user_session" in g else None
    acting = next((m for m in memberships if m.id == chosen), None) or next(iter(memberships), None)
    return actor_of(current_user, acting)


def active_memberships(user: User) -> list[Membership]:
    """Return the memberships the user can act as, with their organisations loaded: those that were
    read with the browser's session, or for another person and after a commit anew."""
    person, memberships = g.get("memberships", (None, []))
    if person != user.id:
        memberships = list(memberships_acting(user.id))
        g.memberships = user.id, memberships
    found: list[Membership] = memberships
    return found


def _choices() -> list[Membership]:
    return active_memberships(current_user) if current_user.is_authenticated else []


def _unread() -> int:
    count: int = g.get("unread", 0) if current_user.is_authenticated else 0
    return count


def account_items() -> list[NavItem]:
    """Return what stands in the header of somebody signed in: messages, and their account."""
    unread = _unread()
    messages = f"Messages ({unread})" if unread else "Messages"
    name = current_user.name or "Your account"
    return [
        NavItem(messages, url_for("accounts.notifications")),
        NavItem(name, url_for("accounts.home"), current=request.path == url_for("accounts.home")),
    ]
