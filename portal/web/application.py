"""The Flask application class: how the portal finds and escapes its templates."""

from collections import ChainMap
from collections.abc import KeysView, Mapping, MutableMapping
from functools import cached_property
from typing import Any

from flask import Flask, has_request_context, request
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, PackageLoader

from portal.web.programs import PeopleSessions
from portal.web.requests import PortalRequest

MAX_ADDRESSES = 5_000
"""So many addresses are kept: all without a number, and some thousands of rows."""
MAX_WORD = 60
"""Longer ones are typed, or lead back to where one was: they come once."""


class _Globals(ChainMap[str, Any]):
    """The names that every template knows; Jinja compares them at each import of macros."""

    def keys(self) -> KeysView[str]:
        """Return the names as those of a plain dictionary, which are compared ten times as fast."""
        own, everywhere = self.maps
        return {**everywhere, **own}.keys()


class _Environment(Environment):
    """Flask's, with names that are quickly compared: a page imports macros a dozen times."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template knows, those of `d` before those of all templates."""
        return _Globals({} if d is None else d, self.globals)


class PortalFlask(Flask):
    """Flask that knows the NHS.UK macros and escapes everything it renders.

    The NHS.UK templates read options that are not given, so undefined values must chain.
    ``jinja_options`` is read when ``jinja_env`` is first touched: set nothing on that before
    ``portal.web.init_app`` has run.
    """

    request_class = PortalRequest
    jinja_environment = _Environment
    jinja_options = {"undefined": ChainableUndefined}
    session_interface = PeopleSessions()

    @cached_property
    def jinja_loader(self) -> BaseLoader | None:
        """Our templates first, then the NHS.UK package; blueprints' own folders stay in use.

        A ``loader`` in ``jinja_options`` would replace Flask's dispatching loader and hide the
        blueprints' templates.
        """
        ours = super().jinja_loader
        nhs = PackageLoader("nhsuk_frontend_jinja")
        return ChoiceLoader([ours, nhs]) if ours is not None else nhs

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return an address as Flask does. One with plain values is put together once for this
        process: a page has a hundred, most of them on every page."""
        key = _key_of(endpoint, values)
        if key is None:
            return super().url_for(endpoint, **values)
        if key not in self._addresses:
            found = super().url_for(endpoint, **values)
            if len(self._addresses) >= MAX_ADDRESSES:
                self._addresses.clear()
            self._addresses[key] = found
        return self._addresses[key]

    @cached_property
    def _addresses(self) -> dict[tuple[Any, ...], str]:
        return {}

    def dispatch_request(self) -> ResponseReturnValue:
        """Open the view, unless the person is no longer signed in or has sent the form already."""
        for name in ("portal_access", "portal_sending"):
            check = self.extensions.get(name)
            refused: ResponseReturnValue | None = check() if check else None
            if refused is not None:
                return refused
        return super().dispatch_request()

    def select_jinja_autoescape(self, filename: str | None) -> bool:
        """Escape ``.jinja`` as well as what Flask escapes: every NHS.UK macro ends so."""
        if filename is not None and filename.endswith(".jinja"):
            return True
        return super().select_jinja_autoescape(filename)


def _key_of(endpoint: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return under what an address is kept: everything that it hangs on. None for one that is made
    each time: outside a request, of a file, relative, or with what is no plain value."""
    if not has_request_context() or endpoint[0] == "." or endpoint.endswith("static"):
        return None
    if values.get("_scheme") or not all(map(_is_plain, values.values())):
        return None
    return endpoint, request.root_path, request.method, *values.items()


def _is_plain(value: Any) -> bool:
    kind = type(value)
    return kind is int or value is None or (kind is str and len(value) <= MAX_WORD)
