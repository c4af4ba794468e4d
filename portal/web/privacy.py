"""Where people stand in what the page kit keeps of forms, and how long that is kept."""

from portal.personal import Place, Retention, deleting
from portal.web.models import KeptForm, SentForm

OF_BROWSERS = "It belongs to browsers that have a page of this portal open"

PLACES = (
    # What is sealed only the browser's cookie can open, and for an hour.
    Place("merge", "merges", typed="why refused_why before", plain="chosen newest"),
    Place("moved_row", plain="table_name column_name"),
    Place(
        "kept_form",
        "texts that could not be saved",
        hidden="token_hash sealed",
        stays=OF_BROWSERS,
    ),
    Place("file_use", "the room that files take", plain="room stored"),
    Place("attempt_count", "counts of attempts", hidden="key", stays=OF_BROWSERS),
    Place(
        "sent_form",
        "keys of forms",
        plain="location",
        hidden="key_hash sender_hash content_hash",
        stays=OF_BROWSERS,
    ),
)

RETENTION = (
    Retention(
        code="kept_forms",
        what="What was typed into a form that could not be saved, encrypted",
        why="So that nobody types it twice: it can be opened for an hour",
        done="Deleted",
        days=1,
        floor=1,
        ceiling=1,
        **deleting(KeptForm, lambda before: KeptForm.kept_until < before),
    ),
    Retention(
        code="sent_forms",
        what="Keys of forms that were sent, as hashes",
        why="So that a form that is sent twice counts once",
        done="Deleted",
        days=30,
        floor=30,
        ceiling=30,
        **deleting(SentForm, lambda before: SentForm.at < before),
    ),
)
