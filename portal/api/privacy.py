"""Where people stand in the tables of the API, and how long that is kept."""

from portal.api.models import ApiChange
from portal.personal import Place, Retention, deleting

PLACES = (Place("api_change", "the feed of changes", plain="readers"),)

RETENTION = (
    Retention(
        code="api_changes",
        what="That a record or a challenge changed: its number, when, who might see it before",
        why="So that programs which keep a copy learn what they must change and forget",
        done="Deleted",
        days=400,
        floor=90,
        ceiling=730,
        **deleting(ApiChange, lambda before: ApiChange.at < before),
    ),
)
