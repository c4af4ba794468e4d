"""The Jinja environment: white space, and compiled templates kept between starts."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal.web.application import PortalFlask


def init_app(app: Flask) -> None:
    """Set the Jinja options; must run before anything touches ``app.jinja_env``."""
    if not isinstance(app, PortalFlask):
        raise TypeError("the page kit needs a PortalFlask: plain Flask does not escape .jinja")
    if "jinja_env" in app.__dict__:
        raise RuntimeError("portal.web.init_app must run before anything touches app.jinja_env")
    app.jinja_options = {
        **app.jinja_options,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": FileSystemBytecodeCache(str(_cache_folder(app))),
    }


def _cache_folder(app: Flask) -> Path:
    """Return the folder for compiled templates, readable by this service only.

    Jinja runs what it finds there, and bakes escaping in: nobody else may write to it and no
    other kind of application may share it.
    """
    folder = Path(app.config.get("TEMPLATE_CACHE") or Path(app.instance_path) / "template-cache")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
