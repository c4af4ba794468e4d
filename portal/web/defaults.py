"""Settings that the page kit needs when the portal's configuration does not give them."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

MEGABYTE = 1024 * 1024

DEFAULTS: dict[str, object] = {
    "SERVICE_NAME": "Innovation Exchange",
    "DEMO": False,
    "TRUSTED_PROXIES": 0,
    "BRAND_LOGO": None,  # file name in portal/static; the NHS lozenge needs written permission
    "BRAND_OWNER": None,  # who holds the copyright, shown in the footer
    "SERVICE_PHASE": "beta",
    "LOGIN_VIEW": "security.login",
    "LOGOUT_VIEW": "security.logout",
    "REGISTER_VIEW": "security.register",
    "SWITCH_VIEW": None,  # changes whom a person acts for: takes `membership` and `next`
    "FOOTER_LINKS": (
        ("pages.accessibility", "Accessibility statement"),
        ("pages.cookies", "Cookies"),
        ("pages.privacy", "Privacy"),
        ("api_pages.reference", "API"),
        ("exports.open_data", "Open data"),
        ("pages.terms", "Terms of use"),
    ),
    "RATELIMIT_STORAGE_URI": "memory://",
    "RATELIMIT_HEADERS_ENABLED": True,
    # A form page may stay open for a working day: the token lives as long as the session.
    "WTF_CSRF_TIME_LIMIT": None,
}

# A pasted text of 10 MB must come back with "must be N characters or fewer" beside it, so the
# form limits lie above it. Flask sets these two keys itself, to values that are not ours.
MAX_BODY_BYTES = 24 * MEGABYTE
MAX_FORM_BYTES = 12 * MEGABYTE
FLASK_MAX_FORM_BYTES = 500_000


def init_app(app: Flask) -> None:
    """Fill in every setting that the configuration left open, and believe our own proxies.

    Without them, all the world would share one address in the limits of tries. Of which host is
    asked for, only the request itself is believed: proxies pass `Host` on, and whoever sets
    `X-Forwarded-Host` changes nothing.
    """
    app.config.setdefault("PUBLIC_ENDPOINTS", set())
    for key, value in DEFAULTS.items():
        app.config.setdefault(key, value)
    if app.config["MAX_CONTENT_LENGTH"] is None:
        app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    if app.config["MAX_FORM_MEMORY_SIZE"] == FLASK_MAX_FORM_BYTES:
        app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    if proxies := app.config["TRUSTED_PROXIES"]:
        forwarded = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = forwarded  # type: ignore[method-assign]  # as werkzeug documents it
