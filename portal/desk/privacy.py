"""Where people stand in the work of the triage desk."""

from portal.personal import Place

PLACES = (
    Place("capacity", "full loads that were set"),
    Place("message_template", "message templates", typed="name subject body"),
    Place("desk_message", "messages from the desk", typed="subject body"),
)
