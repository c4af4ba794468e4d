"""With which keys and how the links in emails are signed."""

import hashlib

from flask import Flask
from flask_security import Security
from itsdangerous import URLSafeTimedSerializer

from portal.web.keys import DIGEST, signing_keys

BEFORE = hashlib.sha1
"""The library's own default: links that were sent before are taken as long as they live."""


def sign_links(app: Flask, security: Security) -> None:
    """Sign every link and token of Flask-Security, which has no setting for it, as cookies and
    forms are signed.

    The keys are set, too: the library puts older ones behind the newest, and itsdangerous signs
    with the last.
    """
    for one in vars(security).values():
        if isinstance(one, URLSafeTimedSerializer):
            one.secret_keys = [key.encode() for key in signing_keys(app)]
            one.signer_kwargs = {**one.signer_kwargs, "digest_method": DIGEST}
            one.fallback_signers = [{"digest_method": BEFORE}]
