"""The feed of changes, and as whom a token acts."""

from typing import Any

from flask import g

from portal.accounts.session import current_actor
from portal.api.forms.arguments import FeedArguments
from portal.api.models import ChangedNoun
from portal.api.queries.changes import ChangeRow, feed
from portal.api.rules import cursor_of, number_at
from portal.api.serialise.rows import page
from portal.api.serialise.schemas import Changes, Who
from portal.api.views.lists import Args, list_asked, with_cursor
from portal.api.views.start import operation


@operation("/changes", Changes, asks=FeedArguments, is_open=True, tag="Changes")
def changes(args: Args) -> dict[str, Any]:
    """Read what changed

    Innovations and challenges, the oldest change first: what to read again, and what to forget
    because it was deleted, archived or is not shared with you any more. Keep next, and ask there
    another day.
    """
    after = number_at(args["cursor"], list_asked())
    found = feed(current_actor(), after, args["limit"], args.get("since"))
    return {
        "items": [_change(one) for one in found.rows],
        "next": with_cursor(cursor_of(list_asked(), found.last)),
        "is_at_end": found.is_at_end,
    }


def _change(row: ChangeRow) -> dict[str, Any]:
    noun, number = row.change.noun, row.change.noun_id
    name = "innovation_id" if noun is ChangedNoun.INNOVATION else "challenge_id"
    url = None if row.is_removed else page(f"api.{noun.value}", **{name: number})
    what = "removed" if row.is_removed else "changed"
    return {
        "noun": noun.value,
        "id": number,
        "what": what,
        "at": row.change.at,
        "url": url,
        "merged_into": row.merged_into,
    }


@operation("/me", Who, tag="Tokens")
def me() -> dict[str, Any]:
    """Say as whom this token acts"""
    actor, token = current_actor(), g.api_token
    return {
        "name": actor.name,
        "organisation": actor.organisation_name,
        "role": actor.role.value if actor.role else "",
        "scopes": token.scopes,
        "token": token.id,
        "expires_at": token.expires_at,
    }
