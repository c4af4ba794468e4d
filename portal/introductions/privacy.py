"""Where people stand in introductions."""

from portal.personal import Place

PLACES = (
    Place("introduction", "introductions", typed="purpose takes_part context"),
    Place("introduction_change", "steps of introductions", typed="message elsewhere"),
    Place("introduction_message", "messages of introductions", typed="body"),
    Place(
        "introduction_attachment",
        "files of introductions",
        typed="name",
        plain="stored media_type",
        files="introductions",
    ),
    Place("introduction_thread_mark", "read marks of introductions", theirs="user_id"),
)
