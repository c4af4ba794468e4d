"""What the pages of accounts share: their blueprint, and what they say of dead links."""

from flask import Blueprint, render_template

from portal.accounts.views.guessing import BY_ADDRESS, BY_EMAIL

__all__ = ["BY_ADDRESS", "BY_EMAIL", "blueprint", "dead_link"]

blueprint = Blueprint(
    "accounts", "portal.accounts", template_folder="templates", url_prefix="/account"
)


def dead_link() -> tuple[str, int]:
    """Say that a link from an email leads nowhere, and how to get another."""
    return render_template("accounts/dead_link.html"), 404
