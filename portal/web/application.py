"""The Flask application class: how the portal finds and escapes its templates."""

from collections import ChainMap
from collections.abc import KeysView, MutableMapping
from functools import cached_property
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask.typing import ResponseReturnValue
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, PackageLoader

from portal.web.programs import PeopleSessions
from portal.web.requests import PortalRequest


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
