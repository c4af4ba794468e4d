"""How much each token, and each address without one, may ask: counted in memory or Redis, so that
reading writes nothing to the database."""

import time

from flask import Flask, current_app, g, request
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

EXTENSION = "portal_api_allowance"
A_TOKEN, AN_ADDRESS = RateLimitItemPerMinute(600), RateLimitItemPerMinute(120)


def init_app(app: Flask) -> None:
    """Count in Redis where the attempts to sign in are counted there, else in each worker's memory:
    with several workers a program may ask as many times more."""
    shared: str = app.config["RATELIMIT_STORAGE_URI"]
    storage = storage_from_string(shared if shared.startswith("redis") else "memory://")
    app.extensions[EXTENSION] = FixedWindowRateLimiter(storage)


def count() -> None:
    """Count this request; raises TooManyRequests, with when to come back."""
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return
    allowance, whose = _allowance()
    limiter: FixedWindowRateLimiter = current_app.extensions[EXTENSION]
    is_within = limiter.hit(allowance, "api", whose)
    stats = limiter.get_window_stats(allowance, "api", whose)
    seconds = max(1, round(stats.reset_time - time.time()))
    g.api_allowance = (allowance.amount, stats.remaining, seconds)
    if not is_within:
        raise TooManyRequests("Too many requests in this minute.", retry_after=seconds)


def _allowance() -> tuple[RateLimitItemPerMinute, str]:
    if "api_token" in g:
        return A_TOKEN, f"token:{g.api_token.id}"
    return AN_ADDRESS, f"address:{request.remote_addr}"


def say(response: Response) -> None:
    """Say in the answer how much may still be asked, and in how many seconds all may again."""
    if "api_allowance" in g:
        amount, remaining, seconds = g.api_allowance
        response.headers["RateLimit-Limit"] = str(amount)
        response.headers["RateLimit-Remaining"] = str(remaining)
        response.headers["RateLimit-Reset"] = str(seconds)
