"""How often one person or one address may do something: ``@limiter.limit("5 per minute")``."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from portal.web import limit_storage

__all__ = ["init_app", "limit_storage", "limiter"]


def _who() -> str:
    """Count by person when signed in, else by address (a hospital shares one)."""
    if current_user and current_user.is_authenticated:
        return f"user:{current_user.get_id()}"
    return get_remote_address()


limiter = Limiter(key_func=_who)


def init_app(app: Flask) -> None:
    """Keep counts in RATELIMIT_STORAGE_URI: memory for one worker, else database or Redis."""
    limiter.init_app(app)
