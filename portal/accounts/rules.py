"""What accounts know by themselves: tokens and how they are kept."""

import hashlib
import secrets


def new_token() -> str:
    """Return a token for a session or an invitation: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is stored of a token; a reader of the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
