"""Where people stand in what is announced."""

from portal.personal import Place

PLACES = (Place("announcement", "announcements", typed="title words", plain="link"),)
