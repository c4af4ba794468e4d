"""With which of the portal's secrets the secret of an authenticator app is encrypted: its tag."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache

FIRST_TAG = "1"
"""What every secret was stored with before there were several."""
ROUNDS = 2**14
"""As many as the encryption itself takes: the tag makes guessing no cheaper."""
BYTES = 4
SALT = b"tag of TWO_FACTOR_SECRET"


@cache
def tag_of(secret: str) -> str:
    """Return by which tag rows name a secret of the portal, the same on every machine."""
    made = hashlib.pbkdf2_hmac("sha256", secret.encode(), SALT, ROUNDS, dklen=BYTES)
    return f"k{made.hex()}"


def wallet_of(newest: str, older: Sequence[str]) -> dict[str, str]:
    """Return every secret that opens something by its tag; the first encrypts what is new.

    `older` has the one used last first. What has the tag of before is taken to be of the oldest.
    """
    every = [newest, *older]
    return {**{tag_of(secret): secret for secret in every}, FIRST_TAG: every[-1]}


def tag_in(stored: str) -> str:
    """Return the tag that the stored secret of an app carries, "" for one that has none."""
    try:
        return str(json.loads(stored)["enckey"]["t"])
    except (ValueError, KeyError, TypeError):
        return ""
