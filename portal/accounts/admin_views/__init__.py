"""Administrators' pages: people, organisations, approvals, events of security, tokens."""

from portal.accounts.admin_views import approvals, merging, people, security, tokens
from portal.accounts.admin_views.start import blueprint

__all__ = ["approvals", "blueprint", "merging", "people", "security", "tokens"]
