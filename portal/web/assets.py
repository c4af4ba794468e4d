"""Static files carry a fingerprint in their address, so that browsers may keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app


@lru_cache(maxsize=256)
def _fingerprint(path: str, modified_ns: int) -> str:
    """Return a short digest of the file; ``modified_ns`` makes a changed file a new question."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def _add_version(endpoint: str, values: dict[str, object]) -> None:
    """Add ``v=<digest>`` to every address that ``url_for('static', …)`` makes."""
    folder = current_app.static_folder
    if endpoint != "static" or folder is None or "filename" not in values:
        return
    path = Path(folder) / str(values["filename"])
    if path.is_file():
        values["v"] = _fingerprint(str(path), path.stat().st_mtime_ns)


def init_app(app: Flask) -> None:
    """Version the addresses of static files."""
    app.url_defaults(_add_version)
