"""Security headers on every answer, made with the ``secure`` package."""

import base64
import hashlib
import re

from flask import Flask, request, session
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from werkzeug.wrappers import Response

YEAR = 365 * 24 * 60 * 60
_VERSIONED_NAME = re.compile(r"-\d+\.\d+\.\d+\.min\.(css|js)$")
_INLINE_SCRIPT = re.compile(r"<script[^>]*>(?P<code>[^<]+)</script>")


def inline_script_hash(app: Flask) -> str:
    """Return the CSP source for the one inline script of the NHS.UK page template.

    It is read from the installed template, so that an upgrade cannot leave a stale hash.

    Raises:
        RuntimeError: the template no longer has exactly one inline script.
    """
    loader = app.jinja_env.loader
    assert loader is not None  # noqa: S101 - Flask always sets one
    source, _, _ = loader.get_source(app.jinja_env, "nhsuk/template.jinja")
    found = _INLINE_SCRIPT.findall(source)
    if len(found) != 1:
        raise RuntimeError(f"the NHS.UK template has {len(found)} inline scripts, expected one")
    digest = hashlib.sha256(found[0].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def content_security_policy(script_hash: str) -> ContentSecurityPolicy:
    """Return a policy that allows nothing but our own files and the one known script."""
    return (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'", script_hash)
        .style_src("'self'")
        .img_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .frame_ancestors("'none'")
        .base_uri("'none'")
        .manifest_src("'self'")
    )


def _headers(app: Flask, hsts: StrictTransportSecurity | None) -> Secure:
    """Return the set of headers, with or without the one that only HTTPS may carry."""
    return Secure(
        csp=content_security_policy(inline_script_hash(app)),
        hsts=hsts,
        # Not no-referrer: Flask-WTF compares the referrer of every HTTPS POST.
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
        permissions=PermissionsPolicy().camera().geolocation().microphone().payment().usb(),
    )


def _set_caching(response: Response) -> None:
    """Let versioned files be kept for a year and nothing else be kept by a shared computer."""
    if request.endpoint == "static":
        versioned = "v" in request.args or _VERSIONED_NAME.search(request.path)
        if versioned and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        return
    if "Cache-Control" not in response.headers:
        signed_in = "_user_id" in session
        response.headers["Cache-Control"] = "no-store" if signed_in else "no-cache, private"


def init_app(app: Flask) -> None:
    """Set the headers after every request; HSTS only on answers that went over HTTPS."""
    # Written out once: the package puts its texts together anew whenever it is asked.
    plain = _headers(app, None).header_items()
    lasting = StrictTransportSecurity().max_age(YEAR).include_subdomains()
    over_https = _headers(app, lasting).header_items()

    @app.after_request
    def secure_headers(response: Response) -> Response:
        response.headers.update(over_https if request.is_secure else plain)
        _set_caching(response)
        return response
