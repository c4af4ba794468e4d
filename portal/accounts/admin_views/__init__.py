"""Administrators' pages: people, organisations, approvals, events of security."""

from portal.accounts.admin_views import approvals, people, security
from portal.accounts.admin_views.start import blueprint

__all__ = ["approvals", "blueprint", "people", "security"]
