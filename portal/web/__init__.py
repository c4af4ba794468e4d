"""The page kit: layout, forms, lists, downloads and safety. It knows Flask and no room."""

from flask import Flask

from portal.web import (
    access,
    assets,
    context,
    csrf,
    defaults,
    errors,
    headers,
    hosts,
    limits,
    measured,
    sending,
    templating,
    unavailable,
)
from portal.web import (
    format as formats,
)
from portal.web.addresses import Plain, RowId


def init_app(app: Flask) -> None:
    """Give ``app`` the whole page kit; call once, before any blueprint is registered.

    Raises:
        TypeError: ``app`` is not a ``PortalFlask``, so ``.jinja`` would not be escaped.
        RuntimeError: ``app.jinja_env`` was touched before, so its options would be ignored.
    """
    defaults.init_app(app)
    measured.init_app(app)
    hosts.init_app(app)
    templating.init_app(app)
    app.url_map.converters |= {"int": RowId, "default": Plain, "string": Plain}
    access.init_app(app)
    csrf.init_app(app)
    limits.init_app(app)
    assets.init_app(app)
    context.init_app(app)
    sending.init_app(app)
    formats.init_app(app)
    errors.init_app(app)
    unavailable.init_app(app)
    headers.init_app(app)
