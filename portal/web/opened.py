"""What every form carries: who opened it, for which organisation, and a key that works once."""

import secrets
from collections.abc import Callable
from dataclasses import astuple, dataclass

from flask import Flask, current_app, g, has_request_context, request
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from portal.web.keys import signer

FIELD = "opened"
SOURCE = "portal-acting"


@dataclass(frozen=True)
class Acting:
    """A signed-in person and the membership that they act as; "" for none."""

    person: str
    membership: str
    organisation: str = ""


NOBODY = Acting("", "")
"""Somebody who is not signed in."""


@dataclass(frozen=True)
class Opened:
    """How a form was opened: by whom, acting as which membership, which form, its one-time key.

    `organisation` is the name of whom they acted for, so that a refusal can say it.

    `is_repeat` says that the person was told that the same was sent already, and sends it again.
    """

    person: str
    membership: str
    organisation: str
    form: str
    key: str
    is_repeat: bool = False


def come_from(app: Flask, acting: Callable[[], Acting]) -> None:
    """Take the function that says who is signed in; without one everybody is nobody."""
    app.extensions[SOURCE] = acting


def acting_is_known() -> bool:
    """Say whether the application knows people, and so keeps account of their forms."""
    return SOURCE in current_app.extensions


def acting_now() -> Acting:
    """Return who asks: `NOBODY` for somebody who is not signed in."""
    source: Callable[[], Acting] | None = current_app.extensions.get(SOURCE)
    return source() if source else NOBODY


def open_form(name: str, *, is_repeat: bool = False) -> str:
    """Return the signed value of the hidden field of a form that this page shows.

    A form that is shown again because something in it is wrong keeps its key.
    """
    acting = acting_now()
    sent: Opened | None = g.get("opened")
    mine = (acting.person, acting.membership, acting.organisation, name)
    if sent and name and not is_repeat and astuple(sent)[:4] == mine:
        return _signer().dumps(astuple(sent))
    return _signer().dumps([*mine, secrets.token_urlsafe(12), is_repeat])


def opened_as_sent() -> Opened | None:
    """Return how the form of this request was opened; None when it does not say, or was forged."""
    try:
        return Opened(*_signer().loads(request.form.get(FIELD, "")))
    except (BadSignature, TypeError, ValueError):
        return None


def name_of(form: object) -> str:
    """Return the name by which a form is known again: "" for a lone button."""
    return type(form).__name__ if form is not None and hasattr(form, "problems") else ""


def hidden_field(form: object = None) -> Markup:
    """Return the hidden input that `form_tag` and `action` put into every form."""
    if not has_request_context() or not acting_is_known():
        return Markup()
    value = open_form(name_of(form))
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, value)


def _signer() -> URLSafeSerializer:
    return signer("portal form")
