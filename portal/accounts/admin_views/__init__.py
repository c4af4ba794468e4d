"""Administrators' pages: people, organisations, approvals, events of security, tokens."""

from portal.accounts.admin_views import approvals, people, security, tokens
from portal.accounts.admin_views.start import blueprint

__all__ = ["approvals", "blueprint", "people", "security", "tokens"]
