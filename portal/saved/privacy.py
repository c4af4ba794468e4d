"""Where people stand in what they saved."""

from portal.personal import Place

PLACES = (
    Place("saved_view", "saved views", typed="name", plain="asked", theirs="user_id"),
    Place("view_email", "weekly emails of views", plain="figures", theirs="user_id"),
)
