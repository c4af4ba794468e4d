"""What the pages of accounts share: their blueprint, and how often strangers may try."""

import hashlib

from flask import Blueprint, render_template, request, session
from flask_limiter.util import get_remote_address

from portal.accounts.rules import normal_email

blueprint = Blueprint(
    "accounts", "portal.accounts", template_folder="templates", url_prefix="/account"
)

BY_ADDRESS = "60 per minute; 600 per hour"
"""A hospital's people come from one network address."""
BY_EMAIL = "10 per 10 minutes"
"""Guesses at one account, from wherever; the same for addresses that have none."""


def dead_link() -> tuple[str, int]:
    """Say that a link from an email leads nowhere, and how to get another."""
    return render_template("accounts/dead_link.html"), 404


def email_tried() -> str:
    """Return what stands for the account that a form names, in the counts of tries."""
    typed = normal_email(request.form.get("email", ""))[:500]
    return "email:" + hashlib.sha256(typed.encode()).hexdigest()


def half_signed_in() -> str:
    """Return what stands for the account whose second factor is asked for."""
    pending = session.get("sign_in")
    return f"code:{pending['user']}" if pending else get_remote_address()
