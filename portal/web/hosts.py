"""Requests that name a host which is not ours get no page: before anything else looks at them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

SAID = "This service is not called that.\n"


class TrustedHosts:
    """Answer 400 to requests for other hosts: no page could be made whose links are true."""

    def __init__(self, wsgi_app: "WSGIApplication", app: Flask) -> None:
        self.wsgi_app, self.app = wsgi_app, app

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Let a request through whose host is in TRUSTED_HOSTS, or any where that is None."""
        trusted = self.app.config["TRUSTED_HOSTS"]
        try:
            if trusted is not None:
                get_host(environ, trusted)
        except SecurityError:
            return Response(SAID, 400, mimetype="text/plain")(environ, start_response)
        return self.wsgi_app(environ, start_response)


def init_app(app: Flask) -> None:
    """Put the check in front of the application."""
    guarded = TrustedHosts(app.wsgi_app, app)
    app.wsgi_app = guarded  # type: ignore[method-assign]  # as werkzeug documents it
