"""What the pages of accounts share: their blueprint, and what they say of dead links."""

from flask import Blueprint, render_template

from portal.accounts.views.guessing import BY_ADDRESS, BY_EMAIL

__all__ = ["BY_ADDRESS", "BY_EMAIL", "blueprint", "dead_link"]

blueprint = Blueprint(
    "accounts", "portal.accounts", template_folder="templates", url_prefix="/account"
)


def dead_link(*, is_used: bool = False) -> tuple[str, int]:
    """Say that a link from an email leads nowhere, why as far as we know, and how to go on."""
    return render_template("accounts/dead_link.html", is_used=is_used), 404
