"""What happens to every form that a signed-in person sends, before its view and after it.

Before: the form must have been opened by this person, acting as the same membership, and must not
have been sent already. After: where the answer led is written down for whoever sends it again.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, flash, g, redirect, request
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.clock import now
from portal.db import db, insert_into, reading, set_reading
from portal.web import kept
from portal.web.access import sign_in_first
from portal.web.models import SentForm
from portal.web.opened import (
    FIELD,
    NOBODY,
    Acting,
    Opened,
    acting_is_known,
    acting_now,
    hidden_field,
    open_form,
    opened_as_sent,
)

View = TypeVar("View", bound=Callable[..., object])

SAME_AGAIN = timedelta(hours=1)
"""How long the person is asked before the same words are sent to the same address again."""
SENT_KEPT = timedelta(days=30)
"""How long a used key is remembered: nobody goes back further."""
WAIT_STEPS, WAIT_SECONDS = 60, 0.05
"""How long a second send waits for the first one's answer."""
COMMITTED = "sent_form_committed"


class OtherMembership(Exception):
    """The form was opened acting for another organisation, or by another person."""


class SentAlready(Exception):
    """The same form was sent before; `first` is what came of it."""

    def __init__(self, first: SentForm, opened: Opened, *, is_same: bool) -> None:
        super().__init__("sent already")
        self.first_at: datetime = first.at
        self.location = first.location
        self.opened = opened
        self.is_same = is_same


def changes_first(view: View) -> View:
    """Let a form that is sent again with other words reach its view, which changes what it made.

    The view asks `made_before()` for what the first send led to.
    """
    view.changes_first = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def made_before() -> dict[str, Any]:
    """Return the ids in the address to which the first send of this form led, {} the first time."""
    location: str | None = g.get("first_location")
    urls = current_app.create_url_adapter(request)
    if not location or urls is None:
        return {}
    try:
        _endpoint, found = urls.match(location.split("?")[0], method="GET")
    except HTTPException:
        return {}
    return dict(found)


def refuse_other_membership() -> None:
    """Refuse a form that was opened acting for another organisation or in another role.

    Before every check of a blueprint: that this role may not do it either is no answer to somebody
    who could when they opened it, and would lose what they typed.

    Raises OtherMembership.
    """
    opened = opened_as_sent() if request.method == "POST" and acting_is_known() else None
    acting = acting_now() if opened is not None else NOBODY
    if opened is None or not opened.person or acting == NOBODY:
        return
    g.opened = opened
    if (opened.person, opened.membership) != (acting.person, acting.membership):
        raise OtherMembership


def before_view() -> Response | None:
    """Look at how the form of this request was opened; returns where to go when it was sent before.

    Raises SentAlready.
    """
    acting = acting_now()
    if request.method == "GET" and kept.MARK in request.args:
        g.kept = kept.read(acting)
    opened = opened_as_sent() if request.method == "POST" and acting_is_known() else None
    if opened is None:
        return None  # the check of the token refuses what was not ours
    g.opened = opened
    if opened.person and acting == NOBODY:
        return sign_in_first()
    if not acting.person and any("password" in name for name in request.form):
        return None  # passwords are hashed before anything is written, or strangers stall savers
    return _use_up(opened)


def _use_up(opened: Opened) -> Response | None:
    """Use up the form's key within the view's own transaction: refused there, it is free again."""
    key, sender, content = _hash(opened.key, opened), _hash("", opened), _content()
    if opened.person and opened.form and not opened.is_repeat:
        _ask_before_repeating(sender, content, key, opened)
    row = {"key_hash": key, "sender_hash": sender, "content_hash": content, "at": now()}
    # One statement: of two that arrive at once, the second waits here for the first to commit.
    used = insert_into(SentForm).values(row).on_conflict_do_nothing()
    if db.session.scalar(used.returning(SentForm.key_hash)) is not None:
        g.sent_key = key
        db.session.info[COMMITTED] = False
        return None
    return _sent_again(key, content, opened)


def _ask_before_repeating(sender: str, content: str, key: str, opened: Opened) -> None:
    """Raise SentAlready when the last thing sent from here was the same, from a newer page.

    A browser that goes back loads the page anew, so that the second send has a key of its own.
    """
    last = db.session.scalar(
        select(SentForm)
        .where(SentForm.sender_hash == sender, SentForm.location.is_not(None))
        .order_by(SentForm.at.desc(), SentForm.key_hash)
        .limit(1)
    )
    is_same = last is not None and last.content_hash == content and last.key_hash != key
    if last is not None and is_same and last.at > now() - SAME_AGAIN:
        raise SentAlready(last, opened, is_same=True)


def _sent_again(key: str, content: str, opened: Opened) -> Response | None:
    first = _first_answer(key)
    if first is None:
        return _use_up(opened)  # the first came to nothing after all
    if first.content_hash == content:
        flash("You have sent this already. It was saved once.")
        return redirect(first.location or kept.page_of_form(), 303)
    if request.form.get("version", "0") not in {"", "0"}:
        return None  # a change of what exists: its version tells whether it may be saved
    if _changes_first():
        g.first_location = first.location
        return None
    raise SentAlready(first, opened, is_same=False)


def _first_answer(key: str) -> SentForm | None:
    """Return the first send with its answer, waiting while the answer is on its way."""
    row = None
    for _step in range(WAIT_STEPS):
        db.session.rollback()
        with reading():
            row = db.session.scalar(select(SentForm).where(SentForm.key_hash == key))
        if row is None or row.location is not None:
            break
        db.session.rollback()
        time.sleep(WAIT_SECONDS)
    set_reading(False)
    if row is not None:
        db.session.expunge(row)
    db.session.rollback()
    return row


def _changes_first() -> bool:
    view = current_app.view_functions[request.endpoint or ""]
    return bool(getattr(view, "changes_first", False))


@event.listens_for(Session, "before_commit")
def _note_commit(session: Session) -> None:
    if COMMITTED in session.info and not session.in_nested_transaction():
        session.info[COMMITTED] = True


def after_view(response: Response) -> Response:
    """Write down where the answer led; a form that is shown again may be sent again."""
    key = g.pop("sent_key", None)
    if key is not None and db.session.info.pop(COMMITTED, False):
        mine = SentForm.key_hash == key
        if response.status_code in range(300, 400):
            location = response.headers.get("Location")
            db.session.execute(update(SentForm).where(mine).values(location=location))
        else:
            db.session.execute(delete(SentForm).where(mine))
        db.session.commit()
    return kept.add_cookie(response)


def again_field(opened: Opened) -> str:
    """Return the hidden field's value of the button that sends the same once more."""
    return open_form(opened.form, is_repeat=True)


def as_kept(opened: Opened, acting: Acting) -> str | None:
    """Keep the fields of a form opened under another membership; None for another person's."""
    return kept.keep(opened, "membership") if opened.person == acting.person else None


def _hash(key: str, opened: Opened) -> str:
    whole = [opened.person, opened.membership, request.path, opened.form, key]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()


def _content() -> str:
    """Return the SHA-256 of what was typed, chosen and attached."""
    found = hashlib.sha256()
    for name, value in sorted(request.form.items(multi=True)):
        if name not in {FIELD, "csrf_token"}:
            found.update(f"{name}={value}\n".encode(errors="surrogatepass"))
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
        found.update(f"{name}={file.filename}\n".encode(errors="surrogatepass"))
        found.update(file.stream.read())
        file.stream.seek(0)
    return found.hexdigest()


def init_app(app: Flask) -> None:
    """Let every form carry how it was opened, and look at it when it is sent."""
    app.jinja_env.globals.update(opened_field=hidden_field)
    app.before_request(refuse_other_membership)
    app.extensions["portal_sending"] = before_view
    app.after_request(after_view)
