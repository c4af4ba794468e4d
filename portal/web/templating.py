"""The Jinja environment: white space, and compiled templates kept between starts."""

from contextlib import suppress
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

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
        "bytecode_cache": QuietCache(str(_cache_folder(app))),
        # All of them stay: there are more than Jinja's own 400, and the least used is looked for
        # at every use.
        "cache_size": -1,
    }


class QuietCache(FileSystemBytecodeCache):
    """Compiled templates on disk, which break no page: on a full or failing disk it is compiled."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what is there, as far as it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _cache_folder(app: Flask) -> Path:
    """Return the folder for compiled templates, readable by this service only.

    Jinja runs what it finds there, and bakes escaping in: nobody else may write to it and no
    other kind of application may share it.
    """
    folder = Path(app.config.get("TEMPLATE_CACHE") or Path(app.instance_path) / "template-cache")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
