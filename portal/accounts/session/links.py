"""With what the links in emails are signed."""

import hashlib

from flask_security import Security
from itsdangerous import URLSafeTimedSerializer

from portal.web.opened import DIGEST

BEFORE = hashlib.sha1
"""The library's own default: links that were sent before are taken as long as they live."""


def sign_links(security: Security) -> None:
    """Sign every link and token of Flask-Security, which has no setting for it, as cookies and
    forms are signed."""
    for one in vars(security).values():
        if isinstance(one, URLSafeTimedSerializer):
            one.signer_kwargs = {**one.signer_kwargs, "digest_method": DIGEST}
            one.fallback_signers = [{"digest_method": BEFORE}]
