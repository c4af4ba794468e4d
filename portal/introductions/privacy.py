"""Where people stand in introductions."""

from portal.introductions.models import Attachment
from portal.personal import AddressReaders, Place

ADDRESS_READERS = (
    # `policy.can_see_ics_contact`
    AddressReaders(
        "whoever at an ICS asks for an introduction",
        (
            "the people of that ICS and the Health Innovation Networks that broker it",
            "the innovator’s side, once they agreed to the introduction",
        ),
    ),
    # `policy.can_see_innovators_contact`
    AddressReaders(
        "whoever agrees to an introduction for an innovator",
        (
            "the innovator’s side",
            "from then on the ICS that asked and the Health Innovation Networks that broker it",
        ),
    ),
)

PLACES = (
    Place("introduction", "introductions", typed="purpose takes_part context"),
    Place("introduction_change", "steps of introductions", typed="message elsewhere"),
    Place("introduction_message", "messages of introductions", typed="body"),
    Attachment.place("files of introductions"),
    Place("introduction_thread_mark", "read marks of introductions", theirs="user_id"),
)
