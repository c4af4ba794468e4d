"""The words that the reports room sends."""

from collections.abc import Sequence

from portal.accounts.models import User
from portal.notifications.outbox import tell
from portal.saved.models import SavedView
from portal.saved.rules import Change


def tell_figures(person: User, view: SavedView, title: str, lines: Sequence[Change]) -> None:
    """Send one person the figures of a saved view."""
    url = f"/pipeline/saved/{view.id}"
    tell([person], "pipeline/emails/saved_view.txt", url=url, view=view, title=title, lines=lines)
